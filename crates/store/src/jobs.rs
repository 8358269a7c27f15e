//! Follow-up work: a row in the unit that wants it done. Whoever works on a job holds a lease
//! with a fencing token, and the effect of a step and its checkpoint are one unit.

use std::fmt;

use ids::guid::CorrelationId;
use jiff::{SignedDuration, Timestamp};
use model::event::Actor;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use crate::{
    committer::Work,
    engine::ROWS_MAX,
    error::StoreError,
    key::{Entry, Key, Range, Tuple},
    record::{Record, decode},
    store::Store,
};

/// One piece of follow-up work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub Uuid);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is to be done, and how far it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    /// Which worker knows what to do.
    pub kind: String,
    /// Who asked: never a token or a permit, since each step is judged when it runs.
    pub actor: Actor,
    pub correlation: CorrelationId,
    /// Not before this.
    pub due: Timestamp,
    /// What the worker remembers from one step to the next.
    pub state: Value,
}

/// The leave to work on a job for a while. A later lease of the same job ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub job: JobId,
    pub(crate) token: u64,
    /// When somebody else may take the job up.
    pub until: Timestamp,
}

/// How a job is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct JobRow {
    pub(crate) job: Job,
    /// Counts the leases; only the last is good.
    pub(crate) token: u64,
    /// Until when the last lease lasts, if it was not given back.
    pub(crate) until: Option<Timestamp>,
}

pub(crate) const DUE: &str = "job.due";

impl JobRow {
    /// When it may be leased (again).
    pub(crate) fn ready(&self) -> Timestamp {
        self.until.map_or(self.job.due, |until| until.max(self.job.due))
    }
}

impl Record for JobRow {
    const KIND: &'static str = "job";
    type Id = JobId;

    fn id(&self) -> JobId {
        self.job.id
    }

    fn key(id: &JobId) -> Key {
        Key::exact("job", &id.to_string())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![Entry::new(DUE, Tuple::new().time(self.ready()))]
    }
}

/// The jobs that may be leased by then, the longest due first.
pub(crate) fn ready(now: Timestamp) -> Range {
    Range::between(DUE, Tuple::new(), Tuple::new().time(now + SignedDuration::from_micros(1)))
}

/// All jobs, leased or not.
pub(crate) fn all() -> Range {
    Range::under(DUE, Tuple::new())
}

/// What a unit does to a job.
#[derive(Clone, Debug)]
pub(crate) enum JobChange {
    Enqueue(Job),
    /// Keeps the lease.
    Checkpoint {
        lease: Lease,
        state: Value,
    },
    /// Gives the lease back.
    Postpone {
        lease: Lease,
        state: Value,
        due: Timestamp,
    },
    Finish {
        lease: Lease,
    },
}

impl JobChange {
    pub(crate) fn id(&self) -> JobId {
        match self {
            Self::Enqueue(job) => job.id,
            Self::Checkpoint { lease, .. }
            | Self::Postpone { lease, .. }
            | Self::Finish { lease } => lease.job,
        }
    }

    /// The job's row after this. A lease that another took over is a conflict.
    pub(crate) fn after(self, before: Option<JobRow>) -> Result<Option<JobRow>, StoreError> {
        let lease = match self {
            Self::Enqueue(_) if before.is_some() => return Err(StoreError::Conflict),
            Self::Enqueue(job) => return Ok(Some(JobRow { job, token: 0, until: None })),
            Self::Checkpoint { ref lease, .. }
            | Self::Postpone { ref lease, .. }
            | Self::Finish { ref lease } => lease,
        };
        let row = before.filter(|row| row.token == lease.token).ok_or(StoreError::Conflict)?;
        Ok(match self {
            Self::Checkpoint { state, .. } => Some(JobRow { job: Job { state, ..row.job }, ..row }),
            Self::Postpone { state, due, .. } => {
                // The token moves on, so that the lease just given back is good for nothing.
                let token = row.token.saturating_add(1);
                Some(JobRow { job: Job { due, state, ..row.job }, token, until: None })
            }
            Self::Enqueue(_) | Self::Finish { .. } => None,
        })
    }
}

/// The jobs of a store, for those who work on them.
pub struct Jobs<'a>(pub(crate) &'a Store);

impl Jobs<'_> {
    /// Takes up the job that has been due the longest, of one of these kinds. Of several who
    /// ask, one gets it.
    pub async fn lease(
        &self,
        kinds: &[&str],
        length: SignedDuration,
    ) -> Result<Option<(Job, Lease)>, StoreError> {
        let kinds = kinds.iter().map(|&kind| kind.to_owned()).collect();
        let (reply, answer) = oneshot::channel();
        self.0.ask(Work::Lease { kinds, length, reply }, answer).await
    }

    /// Holds a lease for longer, from now on; a conflict if another has the job.
    pub async fn renew(&self, lease: &Lease, length: SignedDuration) -> Result<Lease, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.ask(Work::Renew { lease: lease.clone(), length, reply }, answer).await
    }

    /// Gives every job back that somebody has. Only for who knows that nobody works on one: a
    /// process that has just opened a store which no other process has. What a killed one had
    /// begun goes on at once, instead of when its leases run out.
    pub async fn end_leases(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.ask(Work::EndLeases { reply }, answer).await
    }

    /// A job as it stands; none once it is finished.
    pub async fn get(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        let row = self.0.row(&JobRow::key(id)).await?;
        let row: Option<JobRow> = row.as_ref().map(decode).transpose()?;
        Ok(row.map(|row| row.job))
    }

    /// When the next job may be leased; none where there are no jobs.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.first(|_| true).await
    }

    /// The same of jobs of these kinds, for who takes up no others.
    pub async fn next_due_of(&self, kinds: &[&str]) -> Result<Option<Timestamp>, StoreError> {
        self.first(|kind| kinds.contains(&kind)).await
    }

    async fn first(&self, wanted: impl Fn(&str) -> bool) -> Result<Option<Timestamp>, StoreError> {
        let view = self.0.view().await?;
        let (all, mut last) = (all(), None);
        loop {
            let page = view.scan(&all, last.as_ref(), ROWS_MAX).await?;
            let Some(end) = page.last() else { return Ok(None) };
            last = Some(end.cursor());
            for found in &page {
                let row: JobRow = decode(&found.row)?;
                if wanted(&row.job.kind) {
                    return Ok(Some(row.ready()));
                }
            }
        }
    }

    /// For who waits for jobs. What came since this was asked, or since the last wait, counts.
    pub fn bell(&self) -> Bell {
        Bell(self.0.shared().jobs.subscribe())
    }
}

/// Rings whenever a job was enqueued or given back: each of several who wait hears it.
pub struct Bell(watch::Receiver<()>);

impl Bell {
    /// Waits for it to ring. Never ends once the store is gone: there are no more jobs then.
    pub async fn rung(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
