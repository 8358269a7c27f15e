//! The engine of tests: everything in memory, gone with the process.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use ids::clock::Revision;

use self::journal::Journal;
use crate::{
    engine::{Batch, Engine, Found, Head, JournalRow, Row, RowWrite, UnitId, View},
    error::StoreError,
    key::{Cursor, Key, Range, Tuple},
};

pub(crate) mod journal;

/// Keeps its data in maps. A snapshot shares them until the next commit copies them.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Arc<State>>);

#[derive(Clone, Debug, Default)]
struct State {
    head: Head,
    rows: BTreeMap<Key, Row>,
    entries: BTreeMap<&'static str, BTreeSet<(Tuple, Key)>>,
    journal: Journal,
}

impl Memory {
    fn state(&self) -> MutexGuard<'_, Arc<State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same data, which from then on goes its own way.
impl Clone for Memory {
    fn clone(&self) -> Self {
        Self(Mutex::new(Arc::clone(&self.state())))
    }
}

impl State {
    fn write(&mut self, write: RowWrite) {
        let RowWrite { key, row, removed, added } = write;
        for entry in removed {
            self.entries.entry(entry.index).or_default().remove(&(entry.tuple, key.clone()));
        }
        for entry in added {
            self.entries.entry(entry.index).or_default().insert((entry.tuple, key.clone()));
        }
        match row {
            Some(row) => self.rows.insert(key, row),
            None => self.rows.remove(&key),
        };
    }

    fn apply(&mut self, batch: Batch) {
        for write in batch.rows {
            self.write(write);
        }
        self.journal.add(batch.unit, batch.events);
    }
}

#[async_trait]
impl View for Arc<State> {
    fn head(&self) -> Head {
        self.head
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        Ok(self.rows.get(key).cloned())
    }

    async fn scan(
        &self,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        let Some(entries) = self.entries.get(range.index) else { return Ok(Vec::new()) };
        let found = |(tuple, key): &(Tuple, Key)| {
            let row = self.rows.get(key)?.clone();
            Some(Found { tuple: tuple.clone(), key: key.clone(), row })
        };
        let inside = entries.range((range.start(after), Bound::Unbounded));
        Ok(inside
            .take_while(|(tuple, _)| range.holds(tuple))
            .filter_map(found)
            .take(limit)
            .collect())
    }

    async fn count(&self, range: &Range, enough: usize) -> Result<usize, StoreError> {
        let Some(entries) = self.entries.get(range.index) else { return Ok(0) };
        let inside = entries.range((range.start(None), Bound::Unbounded));
        Ok(inside.take_while(|(tuple, _)| range.holds(tuple)).take(enough).count())
    }
}

#[async_trait]
impl Engine for Memory {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        Ok(Box::new(Arc::clone(&self.state())))
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        Ok(self.state().rows.get(key).cloned())
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        let mut guard = self.state();
        let state = Arc::make_mut(&mut guard);
        for batch in batches {
            state.apply(batch);
        }
        state.head = head;
        Ok(())
    }

    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.state().journal.after(after, limit))
    }

    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        Ok(self.state().journal.committed(unit))
    }

    async fn backup(&self, _to: &Path) -> Result<(), StoreError> {
        Err(StoreError::unavailable("what is only in memory has no backup"))
    }
}

#[cfg(test)]
mod tests {
    crate::store_conformance!(std::sync::Arc::new(crate::memory::Memory::default()));
}
