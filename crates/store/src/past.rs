//! The access index as it once was, for questions about the past.
//!
//! It is made of the nearest older state that is kept, a checkpoint or one that was asked for
//! lately, and of what the journal has after that. The index of this moment is not touched. What a
//! store simulates of Azure's delays is left out: the past is told by what was granted then.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use access::index::Index;
use ids::clock::Revision;
use jiff::Timestamp;

use crate::{
    checkpoint,
    engine::{Engine, Head, JournalRow},
    error::StoreError,
    rebuild::follows,
    store::{Entry, Shared, Store, entry},
};

/// A point in the order of commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// After that commit, and judged by its time.
    Revision(Revision),
    /// After the last commit that was made by then, and judged by that time.
    Moment(Timestamp),
}

/// The facts of a point.
#[derive(Clone, Debug)]
pub struct Past {
    pub index: Arc<Index>,
    /// The time by which questions about it are judged.
    pub now: Timestamp,
}

/// Why the past was not told.
#[derive(Debug, thiserror::Error)]
pub enum PastError {
    #[error("it has not come yet: the last revision is {revision}, of {time}")]
    Ahead { revision: Revision, time: Timestamp },
    #[error(
        "it lies more than {EVENTS_MAX} changes behind what is kept; asked again, it is gone on with from revision {reached}"
    )]
    Far { reached: Revision },
    #[error("what would be has no past")]
    Imagined,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// So many states of the past are kept, the last ones that were asked for: each may be as large as
/// the index itself.
const KEPT_MAX: usize = 2;
/// So many events are read from the journal at a time.
const JOURNAL_PAGE: usize = 4_096;
/// So many events are applied for one question, which takes some seconds.
const EVENTS_MAX: usize = 250_000;

/// The states that were asked for lately, the last one first.
#[derive(Default)]
pub(crate) struct Kept(Mutex<VecDeque<Arc<Index>>>);

impl Kept {
    /// The newest that is not after that revision.
    fn before(&self, revision: Revision) -> Option<Arc<Index>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let older = kept.iter().filter(|it| it.revision() <= revision);
        older.max_by_key(|it| it.revision()).map(Arc::clone)
    }

    fn keep(&self, index: &Arc<Index>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| it.revision() != index.revision());
        kept.push_front(Arc::clone(index));
        kept.truncate(KEPT_MAX);
    }
}

impl Store {
    /// The facts of that point. It may read and apply much of the journal: who calls it sees to it
    /// that few do at a time.
    pub async fn past(&self, point: Point) -> Result<Past, PastError> {
        if self.origin().is_some() {
            return Err(PastError::Imagined);
        }
        self.answering()?;
        let (head, time) = (self.head(), self.now());
        let is_ahead = match point {
            Point::Revision(it) => it > head.revision,
            Point::Moment(it) => it > time,
        };
        if is_ahead {
            return Err(PastError::Ahead { revision: head.revision, time });
        }
        let engine = &*self.shared().engine;
        let (revision, now) = match point {
            Point::Revision(it) => (it, time_of(engine, it).await?),
            Point::Moment(it) => (last_by(engine, head, it).await?, it),
        };
        let index = self.index_of(revision).await?;
        Ok(Past { index, now })
    }

    async fn index_of(&self, revision: Revision) -> Result<Arc<Index>, PastError> {
        let (shared, live) = (self.shared(), self.index());
        let is_as_now = live.access_revision() <= revision && revision <= live.revision();
        if is_as_now && shared.lag.is_zero() {
            return Ok(Arc::new(live.after(&[], revision)));
        }
        let base = base(shared, revision).await?;
        let limits = Limits { page: JOURNAL_PAGE, events: EVENTS_MAX };
        let reached = replay(&*shared.engine, base, revision, limits).await?;
        shared.kept.keep(&reached);
        if reached.revision() < revision {
            return Err(PastError::Far { reached: reached.revision() });
        }
        Ok(reached)
    }
}

/// The nearest older state that is kept; the empty one before everything, where there is none.
async fn base(shared: &Shared, revision: Revision) -> Result<Arc<Index>, StoreError> {
    let kept = shared.kept.before(revision);
    let after = kept.as_ref().map_or(Revision::default(), |it| it.revision());
    let found = checkpoint::newest(&*shared.engine, &shared.catalogue, (after, revision)).await;
    let found = match found {
        Err(StoreError::Corrupt(reason)) => {
            tracing::warn!(reason, "a checkpoint cannot be read; the journal is");
            None
        }
        found => found?,
    };
    let nothing = || Arc::new(Index::new(Arc::clone(&shared.catalogue)));
    let found = found.map(|(_, index)| Arc::new(index));
    Ok(found.or(kept).unwrap_or_else(nothing))
}

/// When that revision was committed; the first has none before it.
async fn time_of(engine: &dyn Engine, revision: Revision) -> Result<Timestamp, StoreError> {
    let Some(before) = revision.0.checked_sub(1) else { return Ok(Head::default().last_time) };
    let found = engine.journal((Revision(before), u32::MAX), 1).await?;
    let missing = || StoreError::corrupt(format!("the journal has no revision {revision}"));
    let found = found.first().map(entry).transpose()?.filter(|it| it.revision == revision);
    found.map(|it| it.event.at).ok_or_else(missing)
}

/// The last revision that was committed by then.
async fn last_by(
    engine: &dyn Engine,
    head: Head,
    moment: Timestamp,
) -> Result<Revision, StoreError> {
    if head.last_time <= moment {
        return Ok(head.revision);
    }
    let (mut by_then, mut later) = (0, head.revision.0);
    while later.saturating_sub(by_then) > 1 {
        let middle = by_then.midpoint(later);
        if time_of(engine, Revision(middle)).await? <= moment {
            by_then = middle;
        } else {
            later = middle;
        }
    }
    Ok(Revision(by_then))
}

/// How much of the journal is read.
#[derive(Clone, Copy)]
struct Limits {
    page: usize,
    events: usize,
}

/// That state, and what the journal has after it up to that revision; or as far as the limit goes,
/// at the end of some revision.
async fn replay(
    engine: &dyn Engine,
    mut index: Arc<Index>,
    to: Revision,
    limits: Limits,
) -> Result<Arc<Index>, StoreError> {
    let (mut place, mut count) = ((index.revision(), u32::MAX), 0_usize);
    loop {
        let mut rows = engine.journal(place, limits.page).await?;
        rows.retain(|row| row.revision <= to);
        let is_last = rows.len() < limits.page;
        let is_whole = is_last || end_with_a_revision(&mut rows);
        if let Some(last) = rows.last() {
            place = (last.revision, if is_whole { u32::MAX } else { last.n });
        }
        count = count.saturating_add(rows.len());
        let applied = tokio::task::spawn_blocking(move || apply(&index, &rows)).await;
        index = Arc::new(applied.map_err(StoreError::unavailable)??);
        if is_last && index.revision() < to {
            let end = format!("the journal ends at {} before {to}", index.revision());
            return Err(StoreError::corrupt(end));
        }
        if is_last || (is_whole && count >= limits.events) {
            return Ok(index);
        }
    }
}

/// Leaves the last revision, of which more may follow, for the next page; unless it is the only
/// one.
fn end_with_a_revision(rows: &mut Vec<JournalRow>) -> bool {
    let (first, last) = (rows.first().map(|it| it.revision), rows.last().map(|it| it.revision));
    if first == last {
        return false;
    }
    rows.retain(|row| Some(row.revision) < last);
    true
}

fn apply(index: &Index, rows: &[JournalRow]) -> Result<Index, StoreError> {
    let (mut changes, mut access, mut last) = (Vec::new(), None, index.revision());
    for row in rows {
        let Entry { revision, event, .. } = entry(row)?;
        follows(last, revision)?;
        last = revision;
        if Index::concerns(&event.change) {
            access = Some(revision);
            changes.push(event.change);
        }
    }
    let index = access.map_or_else(|| index.clone(), |access| index.after(&changes, access));
    Ok(index.after(&[], last))
}

#[cfg(test)]
mod tests;
