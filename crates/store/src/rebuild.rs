//! The access index, from what the engine keeps.

use std::sync::Arc;

use access::{catalogue::Catalogue, index::Index};
use ids::clock::Revision;
use model::change::Change;

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

/// What the journal makes of an index that knows its beginning.
async fn replay(engine: &dyn Engine, mut index: Index, head: Head) -> Result<Index, StoreError> {
    let mut place = (index.revision(), u32::MAX);
    let mut facts: Vec<Change> = Vec::new();
    let mut access = index.access_revision();
    loop {
        let page = engine.journal(place, JOURNAL_PAGE).await?;
        for row in &page {
            let Entry { revision, event, .. } = entry(row)?;
            follows(place.0, revision)?;
            place = (revision, row.n);
            if Index::concerns(&event.change) {
                facts.push(event.change);
                access = revision;
            }
        }
        if page.len() < JOURNAL_PAGE {
            break;
        }
    }
    if place.0 != head.revision {
        let end = format!("the journal ends at {} and the head is {}", place.0, head.revision);
        return Err(StoreError::corrupt(end));
    }
    // Two steps, so that the index knows which revision changed access last.
    if !facts.is_empty() {
        index = index.after(&facts, access);
    }
    if head.revision > access {
        index = index.after(&[], head.revision);
    }
    Ok(index)
}

/// The journal has no gap.
fn follows(last: Revision, revision: Revision) -> Result<(), StoreError> {
    let next = last.next();
    if revision == last || revision == next {
        return Ok(());
    }
    Err(StoreError::corrupt(format!("the journal has revision {revision} where {next} should be")))
}
