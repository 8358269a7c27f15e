//! What a group of units writes, as it grows.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use access::index::Index;
use jiff::Timestamp;
use model::activity::Activity;

use super::{Failure, work::Reply};
use crate::{
    engine::{Batch, Engine, Head, Row, RowWrite},
    error::StoreError,
    key::{Entry, Key},
    record::{Record, decode, encode},
};

type Answer = Box<dyn FnOnce(Option<&Failure>) + Send + Sync>;

/// Units that will share one sync, and the world as the last of them leaves it.
pub(super) struct Group {
    /// Never before the last revision's time.
    pub(super) now: Timestamp,
    pub(super) head: Head,
    pub(super) index: Arc<Index>,
    pub(super) batches: Vec<Batch>,
    pub(super) answers: Vec<Answer>,
    /// Whether a job may now be waiting for a worker.
    pub(super) jobs: bool,
    /// Rows without a version of their own that the group wrote: jobs, ephemerals, activity.
    rows: HashMap<Key, Option<Row>>,
}

impl Group {
    pub(super) fn new(clock: Timestamp, head: Head, index: Arc<Index>) -> Self {
        Self {
            now: clock.max(head.last_time),
            head,
            index,
            batches: Vec::new(),
            answers: Vec::new(),
            jobs: false,
            rows: HashMap::new(),
        }
    }

    /// Answers at once where there is nothing to wait for, else once the group is durable.
    pub(super) fn answer<T: Send + Sync + 'static>(
        &mut self,
        reply: Reply<T>,
        outcome: Result<T, StoreError>,
    ) {
        match outcome {
            Err(error) => drop(reply.send(Err(error))),
            Ok(value) => self.answers.push(Box::new(move |failure| {
                let outcome = failure.map_or(Ok(value), |failure| Err(failure.error()));
                drop(reply.send(outcome));
            })),
        }
    }

    /// The row of a key as the group leaves it so far.
    pub(super) async fn row(
        &self,
        engine: &dyn Engine,
        key: &Key,
    ) -> Result<Option<Row>, StoreError> {
        match self.rows.get(key) {
            Some(row) => Ok(row.clone()),
            None => engine.get(key).await,
        }
    }

    /// Writes a row that is no noun's, in a batch of its own.
    pub(super) fn replace<R: Record>(
        &mut self,
        key: Key,
        old: Option<&Row>,
        new: Option<&R>,
    ) -> Result<(), StoreError> {
        let write = self.write(key, old, new)?;
        self.wrote(&write);
        self.batches.push(Batch { rows: vec![write], ..Batch::default() });
        Ok(())
    }

    /// Adds a record to the activity log.
    pub(super) fn record(&mut self, activity: &Activity) -> Result<(), StoreError> {
        self.replace(Activity::key(&activity.id), None, Some(activity))
    }

    /// How a row that is no noun's changes. The group has not written it yet.
    pub(super) fn write<R: Record>(
        &self,
        key: Key,
        old: Option<&Row>,
        new: Option<&R>,
    ) -> Result<RowWrite, StoreError> {
        let before: Option<R> = old.map(decode).transpose()?;
        let before = before.map(|it| it.entries()).unwrap_or_default();
        let after = new.map(Record::entries).unwrap_or_default();
        let row = |bytes: Vec<u8>| Row { version: self.head.revision, bytes: bytes.into() };
        let row = new.map(encode).transpose()?.map(row);
        let (removed, added) = difference(&before, &after);
        Ok(RowWrite { key, row, removed, added })
    }

    /// Remembers a row that is no noun's.
    pub(super) fn wrote(&mut self, write: &RowWrite) {
        self.rows.insert(write.key.clone(), write.row.clone());
    }
}

/// The entries only before, and those only after.
pub(super) fn difference(before: &[Entry], after: &[Entry]) -> (Vec<Entry>, Vec<Entry>) {
    let (was, is): (HashSet<_>, HashSet<_>) = (before.iter().collect(), after.iter().collect());
    let removed = before.iter().filter(|entry| !is.contains(entry)).cloned().collect();
    let added = after.iter().filter(|entry| !was.contains(entry)).cloned().collect();
    (removed, added)
}
