//! The access index, from what the engine keeps.

use std::{collections::BTreeMap, sync::Arc};

use access::{catalogue::Catalogue, index::Index, late::Lag};
use ids::clock::Revision;
use jiff::{SignedDuration, Timestamp};
use model::{change::Change, event::Event};

use crate::{
    checkpoint::{self, Checkpoint},
    engine::{Engine, Head},
    error::StoreError,
    store::{Entry, entry},
};

/// So many events are read from the journal at a time.
const JOURNAL_PAGE: usize = 4_096;

/// The index as of the head: the last checkpoint, and what the journal has after it. A checkpoint
/// that cannot be read is passed over, since the journal says it all.
pub(crate) async fn rebuild(
    engine: &dyn Engine,
    catalogue: Arc<Catalogue>,
    head: Head,
) -> Result<(Index, Option<Checkpoint>), StoreError> {
    let last = match checkpoint::latest(engine, &catalogue).await {
        Err(StoreError::Corrupt(reason)) => {
            tracing::warn!(reason, "a checkpoint cannot be read; the whole journal is");
            None
        }
        last => last?,
    };
    let (last, index) =
        last.map_or_else(|| (None, Index::new(catalogue)), |(it, index)| (Some(it), index));
    Ok((replay(engine, index, head).await?, last))
}

/// The same where what a caller grants counts only so much later than it was committed. What is
/// new must be told from what was there before, so all of the journal is read.
pub(crate) async fn rebuild_lagging(
    engine: &dyn Engine,
    catalogue: Arc<Catalogue>,
    head: Head,
    (now, length): (Timestamp, SignedDuration),
) -> Result<Index, StoreError> {
    let (mut old, mut access) = (Vec::new(), Revision::default());
    let mut recent: BTreeMap<Revision, Vec<Event>> = BTreeMap::new();
    read(engine, access, head, |Entry { revision, event, .. }| {
        let counts = event.at.saturating_add(length).is_ok_and(|from| from <= now);
        if !Index::concerns(&event.change) {
            return;
        }
        if counts {
            old.push(event.change);
            access = revision;
        } else {
            recent.entry(revision).or_default().push(event);
        }
    })
    .await?;
    let mut index = Index::new(catalogue).after(&old, access);
    for (revision, events) in recent {
        let at = events.first().map_or(now, |event| event.at);
        index = index.after_lagging(&events, revision, Lag { at, length });
    }
    Ok(index.after(&[], head.revision))
}

/// What the journal makes of an index that knows its beginning.
async fn replay(engine: &dyn Engine, mut index: Index, head: Head) -> Result<Index, StoreError> {
    let mut facts: Vec<Change> = Vec::new();
    let mut access = index.access_revision();
    read(engine, index.revision(), head, |Entry { revision, event, .. }| {
        if Index::concerns(&event.change) {
            facts.push(event.change);
            access = revision;
        }
    })
    .await?;
    // Two steps, so that the index knows which revision changed access last.
    if !facts.is_empty() {
        index = index.after(&facts, access);
    }
    if head.revision > access {
        index = index.after(&[], head.revision);
    }
    Ok(index)
}

/// Reads the journal from after that revision to the head.
async fn read(
    engine: &dyn Engine,
    after: Revision,
    head: Head,
    mut take: impl FnMut(Entry),
) -> Result<(), StoreError> {
    let mut place = (after, u32::MAX);
    loop {
        let page = engine.journal(place, JOURNAL_PAGE).await?;
        for row in &page {
            let entry = entry(row)?;
            follows(place.0, entry.revision)?;
            place = (entry.revision, row.n);
            take(entry);
        }
        if page.len() < JOURNAL_PAGE {
            break;
        }
    }
    if place.0 == head.revision {
        return Ok(());
    }
    let end = format!("the journal ends at {} and the head is {}", place.0, head.revision);
    Err(StoreError::corrupt(end))
}

/// The journal has no gap.
pub(crate) fn follows(last: Revision, revision: Revision) -> Result<(), StoreError> {
    let next = last.next();
    if revision == last || revision == next {
        return Ok(());
    }
    Err(StoreError::corrupt(format!("the journal has revision {revision} where {next} should be")))
}
