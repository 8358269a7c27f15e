//! One task that puts units in an order. It takes all that wait, looks for each whether what it
//! read still stands and whether its permits still hold, lets the engine write those that pass
//! with one sync, publishes the index, and answers.
//!
//! A unit is judged by the rows and the index as the unit before it leaves them, so the order
//! of units in a group is as real as if each had been synced alone. Start with
//! [`Committer::group`]; how a single unit passes is in [`judge`].

use std::{ops::ControlFlow, sync::Arc};

use access::index::Index;
use jiff::{SignedDuration, Timestamp};
use model::activity::Activity;
use serde_json::Value;
use tokio::sync::mpsc;

use self::{group::Group, recent::Recent};
use crate::{
    activity,
    checkpoint::{Checkpoint, Keep, Part, Schedule},
    engine::Head,
    ephemeral,
    ephemeral::{EphemeralKey, Kept},
    error::{Source, StoreError},
    jobs::{Job, JobRow, Lease},
    key::Cursor,
    record::Record,
    store::{Published, Shared, unknown},
};

mod group;
mod judge;
mod recent;
mod work;

pub(crate) use work::Work;

/// So many pieces of work share one sync.
const GROUP_MAX: usize = 64;
/// How long what is out of date may lie about.
const SWEEP_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// So many rows that are out of date go with one group, which waits for them.
const SWEEP_MAX: usize = 500;

/// Why a whole group did not happen.
#[derive(Clone)]
enum Failure {
    /// It is certain that nothing was written.
    Nothing(String),
    Unknown(String),
}

impl Failure {
    fn error(&self) -> StoreError {
        match self {
            Self::Nothing(reason) => StoreError::Unavailable(Source::from(reason.clone())),
            Self::Unknown(reason) => unknown(Source::from(reason.clone())),
        }
    }
}

pub(crate) struct Committer {
    shared: Arc<Shared>,
    head: Head,
    index: Arc<Index>,
    recent: Recent,
    swept: Option<Timestamp>,
    checkpoints: Schedule,
}

/// However the committer ends, nobody waits for it in vain.
struct Farewell(Arc<Shared>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.published.send_modify(|it| it.stopped = true);
    }
}

impl Committer {
    pub(crate) fn new(
        shared: Arc<Shared>,
        head: Head,
        index: Arc<Index>,
        checkpoints: Schedule,
    ) -> Self {
        let recent = Recent::since(head.revision);
        Self { shared, head, index, recent, swept: None, checkpoints }
    }

    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Work>) {
        let _farewell = Farewell(Arc::clone(&self.shared));
        let mut waiting = Vec::with_capacity(GROUP_MAX);
        while queue.recv_many(&mut waiting, GROUP_MAX).await > 0 {
            if self.group(waiting.drain(..)).await.is_break() {
                break;
            }
        }
        self.shared.published.send_modify(|it| it.stopped = true);
        queue.close();
        while let Some(work) = queue.recv().await {
            work.refuse();
        }
    }

    /// Commits what passes of a group, with one sync. Breaks where the store must stop.
    async fn group(&mut self, works: impl Iterator<Item = Work>) -> ControlFlow<()> {
        // Now, while the engine shows all that is remembered.
        self.recent.trim(self.head.revision);
        let mut group = Group::new(self.shared.clock.now(), self.head, Arc::clone(&self.index));
        let (mut stop, mut flush) = (false, false);
        for work in works {
            match work {
                _ if stop => work.refuse(),
                Work::Unit { draft, reply } => {
                    let passed = self.unit(&mut group, *draft).await;
                    group.answer(reply, passed);
                }
                Work::Take { key, reply } => {
                    let taken = self.take(&mut group, &key).await;
                    group.answer(reply, taken);
                }
                Work::Lease { kinds, length, reply } => {
                    let leased = self.lease(&mut group, &kinds, length).await;
                    group.answer(reply, leased);
                }
                Work::Renew { lease, length, reply } => {
                    let renewed = self.renew(&mut group, &lease, length).await;
                    group.answer(reply, renewed);
                }
                Work::Keep { what, reply } => {
                    let kept = self.keep(&mut group, &what).await;
                    group.answer(reply, kept);
                }
                Work::EndLeases { reply } => {
                    let ended = self.end_leases(&mut group).await;
                    group.answer(reply, ended);
                }
                Work::Flush { reply } => {
                    flush |= reply.is_some();
                    if let Some(reply) = reply {
                        group.answer(reply, Ok(()));
                    }
                }
                Work::Stop => stop = true,
            }
        }
        self.housekeeping(&mut group, flush).await;
        let done = self.settle(group).await;
        if stop { ControlFlow::Break(()) } else { done }
    }

    /// Writes the group, publishes it and answers.
    async fn settle(&mut self, group: Group) -> ControlFlow<()> {
        let Group { head, index, batches, answers, jobs, .. } = group;
        let outcome = if batches.is_empty() {
            Ok(())
        } else {
            self.shared.engine.commit(batches, head).await
        };
        let failure = match outcome {
            Ok(()) => {
                self.head = head;
                self.index = index;
                self.publish();
                self.checkpoints.consider(&self.index);
                if jobs {
                    self.shared.jobs.send_replace(());
                }
                None
            }
            Err(StoreError::Unavailable(source)) => {
                tracing::error!(source, "a group of units could not be written");
                // What the group noted in memory never happened.
                self.recent = Recent::since(self.head.revision);
                Some(Failure::Nothing(source.to_string()))
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "outcome unknown");
                self.shared.published.send_modify(|it| it.stopped = true);
                Some(Failure::Unknown(error.to_string()))
            }
        };
        for answer in answers {
            answer(failure.as_ref());
        }
        match failure {
            Some(Failure::Unknown(_)) => ControlFlow::Break(()),
            Some(Failure::Nothing(_)) | None => ControlFlow::Continue(()),
        }
    }

    /// The index first: whoever waits for the head finds an index as new as it.
    fn publish(&self) {
        self.shared.index.store(Arc::clone(&self.index));
        let published = Published { head: self.head, stopped: false };
        self.shared.published.send_replace(published);
    }

    async fn take(
        &self,
        group: &mut Group,
        key: &EphemeralKey,
    ) -> Result<Option<Value>, StoreError> {
        let row = group.row(&*self.shared.engine, &key.key()).await?;
        let value = ephemeral::Ephemeral::alive(row.as_ref(), group.now)?;
        if value.is_some() {
            group.replace::<Kept>(key.key(), row.as_ref(), None)?;
        }
        Ok(value)
    }

    async fn lease(
        &self,
        group: &mut Group,
        kinds: &[String],
        length: SignedDuration,
    ) -> Result<Option<(Job, Lease)>, StoreError> {
        let view = self.shared.engine.snapshot().await?;
        let ready = crate::jobs::ready(group.now);
        let candidates = view.scan(&ready, None, crate::engine::ROWS_MAX).await?;
        drop(view);
        for found in candidates {
            let row = group.row(&*self.shared.engine, &found.key).await?;
            let Some(before) = row.as_ref().map(crate::record::decode::<JobRow>).transpose()?
            else {
                continue;
            };
            if before.ready() > group.now || !kinds.contains(&before.job.kind) {
                continue;
            }
            let until = group.now.saturating_add(length).unwrap_or(group.now);
            let token = before.token.saturating_add(1);
            let lease = Lease { job: before.job.id, token, until };
            let job = before.job.clone();
            let after = JobRow { token, until: Some(until), ..before };
            group.replace(found.key, row.as_ref(), Some(&after))?;
            return Ok(Some((job, lease)));
        }
        Ok(None)
    }

    async fn renew(
        &self,
        group: &mut Group,
        lease: &Lease,
        length: SignedDuration,
    ) -> Result<Lease, StoreError> {
        use crate::record::decode;
        let key = JobRow::key(&lease.job);
        let row = group.row(&*self.shared.engine, &key).await?;
        let before: Option<JobRow> = row.as_ref().map(decode).transpose()?;
        let before = before.filter(|it| it.token == lease.token).ok_or(StoreError::Conflict)?;
        let until = group.now.saturating_add(length).unwrap_or(group.now);
        group.replace(key, row.as_ref(), Some(&JobRow { until: Some(until), ..before }))?;
        Ok(Lease { until, ..lease.clone() })
    }

    /// Whoever kept the same before, and was cut short, is written over.
    async fn keep(&mut self, group: &mut Group, what: &Keep) -> Result<(), StoreError> {
        let engine = &*self.shared.engine;
        match what {
            Keep::Part(part) => {
                let key = Part::key(&part.id());
                let old = group.row(engine, &key).await?;
                group.replace(key, old.as_ref(), Some(&**part))
            }
            Keep::Head(head) => {
                let key = Checkpoint::key(&head.id());
                let old = group.row(engine, &key).await?;
                self.checkpoints.kept(head);
                group.replace(key, old.as_ref(), Some(head))
            }
        }
    }

    async fn end_leases(&self, group: &mut Group) -> Result<(), StoreError> {
        let view = self.shared.engine.snapshot().await?;
        let (all, mut last) = (crate::jobs::all(), None);
        loop {
            let page = view.scan(&all, last.as_ref(), crate::engine::ROWS_MAX).await?;
            let Some(end) = page.last() else { return Ok(()) };
            last = Some(Cursor { tuple: end.tuple.clone(), key: end.key.clone() });
            for found in page {
                let row = group.row(&*self.shared.engine, &found.key).await?;
                let before = row.as_ref().map(crate::record::decode::<JobRow>).transpose()?;
                if let Some(before) = before.filter(|it| it.until.is_some()) {
                    let after = JobRow { until: None, ..before };
                    group.replace(found.key, row.as_ref(), Some(&after))?;
                    group.jobs = true;
                }
            }
        }
    }

    /// Writes the refusals that wait, and now and then removes what is out of date. Its own
    /// failures only wait for the next time: nobody asked for it.
    async fn housekeeping(&mut self, group: &mut Group, whole: bool) {
        let refusals = {
            let refusals = &self.shared.refusals;
            refusals.lock().unwrap_or_else(std::sync::PoisonError::into_inner).drain(group.now)
        };
        let due = |swept: Timestamp| group.now.duration_since(swept) >= SWEEP_EVERY;
        let sweep = whole || self.swept.is_none_or(due);
        let done = refusals.iter().try_for_each(|refusal| group.record(refusal));
        let done = match done {
            Ok(()) if sweep => self.sweep(group).await,
            other => other,
        };
        if let Err(error) = done {
            tracing::warn!(error = &error as &dyn std::error::Error, "housekeeping failed");
        }
    }

    async fn sweep(&mut self, group: &mut Group) -> Result<(), StoreError> {
        let view = self.shared.engine.snapshot().await?;
        let expired = view.scan(&ephemeral::expired(group.now), None, SWEEP_MAX).await?;
        let outdated = view.scan(&activity::outdated(group.now), None, SWEEP_MAX).await?;
        drop(view);
        // Where there was more than one sweep takes, the next group goes on at once.
        let all = expired.len() < SWEEP_MAX && outdated.len() < SWEEP_MAX;
        self.swept = all.then_some(group.now);
        for found in expired {
            let row = group.row(&*self.shared.engine, &found.key).await?;
            let kept: Option<Kept> = row.as_ref().map(crate::record::decode).transpose()?;
            // A unit of this very group may have given it more time.
            if kept.is_some_and(|Kept(it)| it.expires <= group.now) {
                group.replace::<Kept>(found.key, row.as_ref(), None)?;
            }
        }
        for found in outdated {
            group.replace::<Activity>(found.key, Some(&found.row), None)?;
        }
        Ok(())
    }
}
