//! What would become of a store, in memory, over a moment of it that is only read.
//!
//! A row that was written here hides the one beneath, and so does an entry of an index. What the
//! committer takes up by itself (jobs, and what is out of date) is nobody's but the store's
//! beneath: here it begins empty.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use ids::clock::Revision;

use crate::{
    activity,
    engine::{Batch, Engine, Found, Head, JournalRow, Row, RowWrite, UnitId, View},
    ephemeral,
    error::StoreError,
    jobs,
    key::{Cursor, Key, Range, Tuple},
    memory::journal::Journal,
};

/// So many bytes may be written over a view, what was written over again included: all of it is
/// kept in memory, and somebody's question must not take the memory of everybody.
const BYTES_MAX: usize = 512 * 1024 * 1024;

/// Where an index has an entry.
type Place = (Tuple, Key);

/// The engine of a fork.
pub(crate) struct Overlay {
    beneath: Arc<dyn View>,
    above: Mutex<Arc<Above>>,
}

/// What was written since.
#[derive(Clone, Debug, Default)]
struct Above {
    head: Head,
    bytes: usize,
    /// The new forms; none where a row went.
    rows: BTreeMap<Key, Option<Row>>,
    added: BTreeMap<&'static str, BTreeSet<Place>>,
    removed: BTreeMap<&'static str, BTreeSet<Place>>,
    journal: Journal,
}

/// One moment of both.
struct Both {
    beneath: Arc<dyn View>,
    above: Arc<Above>,
}

impl Overlay {
    /// Nothing is written over the view yet.
    pub(crate) fn over(beneath: Box<dyn View>, head: Head) -> Self {
        let above = Above { head, ..Above::default() };
        Self { beneath: Arc::from(beneath), above: Mutex::new(Arc::new(above)) }
    }

    fn above(&self) -> MutexGuard<'_, Arc<Above>> {
        self.above.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn both(&self) -> Both {
        Both { beneath: Arc::clone(&self.beneath), above: Arc::clone(&self.above()) }
    }
}

impl Above {
    fn write(&mut self, write: RowWrite) {
        let RowWrite { key, row, removed, added } = write;
        for entry in removed {
            let place = (entry.tuple, key.clone());
            self.added.entry(entry.index).or_default().remove(&place);
            self.removed.entry(entry.index).or_default().insert(place);
        }
        for entry in added {
            let place = (entry.tuple, key.clone());
            self.removed.entry(entry.index).or_default().remove(&place);
            self.added.entry(entry.index).or_default().insert(place);
        }
        self.rows.insert(key, row);
    }

    fn apply(&mut self, batch: Batch) {
        for write in batch.rows {
            self.write(write);
        }
        self.journal.add(batch.unit, batch.events);
    }

    /// What is found beneath, as it stands now; nothing where it went or moved away.
    fn now(&self, index: &str, found: Found) -> Option<Found> {
        let Some(row) = self.rows.get(&found.key) else { return Some(found) };
        let place = (found.tuple.clone(), found.key.clone());
        let moved = self.removed.get(index).is_some_and(|it| it.contains(&place));
        row.clone().filter(|_| !moved).map(|row| Found { row, ..found })
    }

    /// The first `limit` of what was added to the range.
    fn added(&self, range: &Range, after: Option<&Cursor>, limit: usize) -> Vec<Found> {
        let Some(entries) = self.added.get(range.index) else { return Vec::new() };
        let found = |(tuple, key): &Place| {
            let row = self.rows.get(key)?.clone()?;
            Some(Found { tuple: tuple.clone(), key: key.clone(), row })
        };
        let inside = entries.range((range.start(after), Bound::Unbounded));
        inside.take_while(|(tuple, _)| range.holds(tuple)).filter_map(found).take(limit).collect()
    }
}

fn bytes(batch: &Batch) -> usize {
    let rows = batch.rows.iter().filter_map(|it| it.row.as_ref()).map(|it| it.bytes.len());
    rows.chain(batch.events.iter().map(|it| it.bytes.len())).sum()
}

/// Whether the index is one of those that the committer takes work from.
fn begins_empty(index: &str) -> bool {
    [jobs::DUE, ephemeral::EXPIRES, activity::AGE].contains(&index)
}

#[async_trait]
impl View for Both {
    fn head(&self) -> Head {
        self.above.head
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        match self.above.rows.get(key) {
            Some(row) => Ok(row.clone()),
            None => self.beneath.get(key).await,
        }
    }

    async fn scan(
        &self,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        let mut all = self.above.added(range, after, limit);
        let (mut last, mut left) = (after.cloned(), limit);
        while left > 0 && !begins_empty(range.index) {
            let page = self.beneath.scan(range, last.as_ref(), left).await?;
            let is_all = page.len() < left;
            last = page.last().map(Found::cursor);
            let still: Vec<Found> =
                page.into_iter().filter_map(|it| self.above.now(range.index, it)).collect();
            left -= still.len();
            all.extend(still);
            if is_all {
                break;
            }
        }
        all.sort_by(|one, other| (&one.tuple, &one.key).cmp(&(&other.tuple, &other.key)));
        all.dedup_by(|one, other| (&one.tuple, &one.key) == (&other.tuple, &other.key));
        all.truncate(limit);
        Ok(all)
    }
}

#[async_trait]
impl Engine for Overlay {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        Ok(Box::new(self.both()))
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.both().get(key).await
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        let mut guard = self.above();
        let bytes = guard.bytes.saturating_add(batches.iter().map(bytes).sum());
        if bytes > BYTES_MAX {
            return Err(StoreError::unavailable("more was written than a fork keeps in memory"));
        }
        let above = Arc::make_mut(&mut guard);
        above.bytes = bytes;
        for batch in batches {
            above.apply(batch);
        }
        above.head = head;
        Ok(())
    }

    /// Only what was written here: the journal beneath is that of what happened.
    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.above().journal.after(after, limit))
    }

    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        Ok(self.above().journal.committed(unit))
    }

    async fn backup(&self, _to: &Path) -> Result<(), StoreError> {
        Err(StoreError::unavailable("what would be has no backup"))
    }
}

#[cfg(test)]
mod tests;
