//! Whether one unit passes, and what becomes of it.

use std::{collections::HashMap, sync::Arc};

use access::{index::Index, late::Lag};
use ids::clock::Revision;

use super::{
    Committer,
    group::{Group, difference},
};
use crate::{
    engine::{Batch, Head, JournalRow, ROWS_MAX, Row, RowWrite},
    ephemeral::Kept,
    error::StoreError,
    jobs::{JobChange, JobRow},
    key::{Entry, Key, Range},
    record::{Record, decode, encode},
    unit::{Counted, Draft},
};

impl Committer {
    /// Adds a unit to the group, or says why it cannot be.
    pub(super) async fn unit(
        &mut self,
        group: &mut Group,
        draft: Draft,
    ) -> Result<Revision, StoreError> {
        self.still_stands(group, &draft).await?;
        let mut rows = self.jobs(group, &draft.jobs).await?;
        rows.extend(self.ephemerals(group, &draft).await?);
        for activity in &draft.activities {
            let key = model::activity::Activity::key(&activity.id);
            rows.push(group.write(key, None, Some(activity))?);
        }
        let mut draft = draft;
        for permit in std::mem::take(&mut draft.permits) {
            permit.renew(&group.index, group.now)?;
        }
        let index = self.next_index(group, &draft)?;
        self.admit(group, draft, rows, index)
    }

    /// The index after the unit; a unit without changes leaves it as it is.
    fn next_index(&self, group: &Group, draft: &Draft) -> Result<Arc<Index>, StoreError> {
        if draft.events.is_empty() {
            return Ok(Arc::clone(&group.index));
        }
        let (revision, length) = (group.head.revision.next(), self.shared.lag);
        let next = if length.is_zero() {
            group.index.after(&draft.changes, revision)
        } else {
            group.index.after_lagging(&draft.events, revision, Lag { at: group.now, length })
        };
        next.overgrown(&draft.changes).map_or(Ok(()), |who| Err(StoreError::Overgrown(who)))?;
        Ok(Arc::new(next))
    }

    /// Nothing from here on may refuse the unit for what others did.
    fn admit(
        &mut self,
        group: &mut Group,
        draft: Draft,
        mut rows: Vec<RowWrite>,
        index: Arc<Index>,
    ) -> Result<Revision, StoreError> {
        let eventful = !draft.events.is_empty();
        let revision = if eventful { group.head.revision.next() } else { group.head.revision };
        let mut events = Vec::with_capacity(draft.events.len());
        for (event, n) in draft.events.iter().zip(0..) {
            let stamped = model::event::Event { at: group.now, ..event.clone() };
            events.push(JournalRow { revision, n, bytes: encode(&stamped)?.into() });
        }
        for write in &rows {
            group.wrote(write);
        }
        group.jobs |= !draft.jobs.is_empty();
        for (key, write) in draft.writes {
            let (bytes, after) = write.after.unzip();
            let after: Vec<Entry> = after.unwrap_or_default();
            let row = bytes.map(|bytes| Row { version: revision, bytes: bytes.into() });
            let version = row.as_ref().map(|row| row.version);
            self.recent.write(&key, version, write.before.iter().chain(&after), revision);
            let (removed, added) = difference(&write.before, &after);
            rows.push(RowWrite { key, row, removed, added });
        }
        if eventful {
            let access = draft.changes.iter().any(Index::concerns);
            let access_revision = if access { revision } else { group.head.access_revision };
            group.index = index;
            group.head = Head { revision, access_revision, last_time: group.now };
        }
        if !rows.is_empty() {
            let unit = eventful.then_some((draft.id, revision));
            group.batches.push(Batch { unit, rows, events });
        }
        Ok(revision)
    }

    /// Whether everything the unit read is still so.
    async fn still_stands(&self, group: &Group, draft: &Draft) -> Result<(), StoreError> {
        for (key, seen) in &draft.ephemeral_reads {
            let row = group.row(&*self.shared.engine, key).await?;
            if row.map(|row| row.bytes) != *seen {
                return Err(StoreError::Conflict);
            }
        }
        // Where nothing was committed since the unit began, all of it stands.
        if draft.begun == group.head.revision {
            return Ok(());
        }
        for (key, seen) in &draft.reads {
            if self.version(key, *seen, draft.begun).await? != *seen {
                return Err(StoreError::Conflict);
            }
        }
        for (range, seen) in &draft.ranges {
            self.range_stands(range, seen, draft.begun).await?;
        }
        for counted in &draft.counts {
            self.count_stands(counted, draft.begun).await?;
        }
        Ok(())
    }

    /// The version of a row as the group leaves it so far.
    async fn version(
        &self,
        key: &Key,
        seen: Option<Revision>,
        begun: Revision,
    ) -> Result<Option<Revision>, StoreError> {
        if let Some(version) = self.recent.version(key) {
            return Ok(*version);
        }
        if self.recent.covers(begun) {
            return Ok(seen);
        }
        Ok(self.shared.engine.get(key).await?.map(|row| row.version))
    }

    async fn range_stands(
        &self,
        range: &Range,
        seen: &[(Key, Revision)],
        begun: Revision,
    ) -> Result<(), StoreError> {
        if self.is_untouched(range, begun)? {
            return Ok(());
        }
        let view = self.shared.engine.snapshot().await?;
        let found = view.scan(range, None, ROWS_MAX.saturating_add(1)).await?;
        let now = found.into_iter().map(|it| (it.key, it.row.version));
        if now.eq(seen.iter().cloned()) { Ok(()) } else { Err(StoreError::Conflict) }
    }

    async fn count_stands(&self, counted: &Counted, begun: Revision) -> Result<(), StoreError> {
        let Counted { range, enough, seen } = counted;
        if self.is_untouched(range, begun)? {
            return Ok(());
        }
        let now = self.shared.engine.snapshot().await?.count(range, *enough).await?;
        if now == *seen { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Whether nothing wrote into the range since then, as far as is known here; where it is not,
    /// the engine has to be asked.
    fn is_untouched(&self, range: &Range, begun: Revision) -> Result<bool, StoreError> {
        match self.recent.last_touch(range) {
            // Of this very group, which no engine can show yet.
            Some(at) if at > self.head.revision => Err(StoreError::Conflict),
            Some(at) if at > begun => Ok(false),
            Some(_) | None => Ok(self.recent.covers(begun)),
        }
    }

    /// The rows of a unit's jobs. A lease that was lost is a conflict.
    async fn jobs(
        &self,
        group: &Group,
        changes: &[JobChange],
    ) -> Result<Vec<RowWrite>, StoreError> {
        let mut jobs: HashMap<Key, (Option<Row>, Option<JobRow>)> = HashMap::new();
        for change in changes {
            let key = JobRow::key(&change.id());
            if !jobs.contains_key(&key) {
                let row = group.row(&*self.shared.engine, &key).await?;
                let job = row.as_ref().map(decode).transpose()?;
                jobs.insert(key.clone(), (row, job));
            }
            if let Some((_, job)) = jobs.get_mut(&key) {
                *job = change.clone().after(job.take())?;
            }
        }
        let write = |(key, (old, new)): (Key, (Option<Row>, Option<JobRow>))| {
            group.write(key, old.as_ref(), new.as_ref())
        };
        jobs.into_iter().map(write).collect()
    }

    /// The ephemeral rows of a unit.
    async fn ephemerals(&self, group: &Group, draft: &Draft) -> Result<Vec<RowWrite>, StoreError> {
        let mut rows = Vec::with_capacity(draft.ephemerals.len());
        for (key, kept) in &draft.ephemerals {
            let old = group.row(&*self.shared.engine, &key.key()).await?;
            if old.is_some() || kept.is_some() {
                let new = kept.clone().map(Kept);
                rows.push(group.write(key.key(), old.as_ref(), new.as_ref())?);
            }
        }
        Ok(rows)
    }
}
