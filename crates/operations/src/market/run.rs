//! The work that the marketplace leaves for later: a submission's steps, leads, the end of an
//! offer's distribution.
//!
//! [`work`] takes up jobs as they come. A step's effect and the note of it are one unit under the
//! job's lease, so that a process that is killed anywhere leaves nothing half done and another
//! goes on.

use std::{sync::Arc, time::Duration};

use ids::guid::TenantId;
use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    Operations,
    leads::{self, LeadSender},
    submissions,
};
use crate::{
    deployments::progress::{Hold, LEASE},
    error::Error,
    plane::Plane,
    shares::{Share, Shares},
};

mod case;
mod certify;
mod publish;
mod steps;
pub(super) mod stop;

/// The kinds of jobs that are done here.
const KINDS: [&str; 3] = [submissions::JOB, leads::JOB, stop::JOB];
/// So many at a time; most of their time they wait for others' machines.
const RUNNING_MAX: usize = 16;
/// When a job is looked at again that has no place among its account's.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// Where each job says whose account it is about.
pub(super) const TENANT: &str = "tenant";
/// How long a worker sleeps at most where it knows of nothing to do: for the jobs of one that died,
/// whose leases end without a word.
const REST_MAX: Duration = Duration::from_secs(30);
/// After a failure of the store: time for it to get well.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Who certifies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certification {
    /// The rules alone.
    #[default]
    Automatic,
    /// The rules, and then an operator.
    Manual,
}

/// What the work takes beside the plane.
#[derive(Clone)]
pub struct Means {
    pub sender: Arc<dyn LeadSender>,
    pub certification: Certification,
    pub operations: Operations,
}

/// Does the work until told to stop.
pub async fn work(plane: Arc<Plane>, means: Means, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(Semaphore::new(RUNNING_MAX));
    let shares = Arc::new(Shares::default());
    let mut running = JoinSet::new();
    let mut bell = plane.store.jobs().bell();
    loop {
        let slot = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            slot = Arc::clone(&slots).acquire_owned() => slot,
        };
        while running.try_join_next().is_some() {}
        match take(&plane).await {
            Ok(Some(hold)) => {
                let Some((hold, share)) = place(&plane, &shares, hold).await else { continue };
                let (plane, means) = (Arc::clone(&plane), means.clone());
                running.spawn(async move {
                    let _place = (slot, share);
                    one(&plane, &means, hold).await;
                });
            }
            Ok(None) => {
                drop(slot);
                let rest = rest(&plane).await;
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => break,
                    _ = timeout(rest, bell.rung()) => {}
                }
            }
            Err(error) => {
                tracing::error!(?error, "no work of the marketplace could be taken up");
                let over = stop.wait_for(|stop| *stop);
                if timeout(REST_AFTER_FAILURE, over).await.is_ok() {
                    break;
                }
            }
        }
    }
    while running.join_next().await.is_some() {}
}

/// Does the work that is due, piece by piece, until there is none.
pub async fn drain(plane: &Plane, means: &Means) -> Result<(), Error> {
    while let Some(hold) = take(plane).await? {
        one(plane, means, hold).await;
    }
    Ok(())
}

async fn take(plane: &Plane) -> Result<Option<Hold>, Error> {
    let leased = plane.store.jobs().lease(&KINDS, LEASE).await?;
    Ok(leased.map(|(job, lease)| Hold { job, lease }))
}

/// The job with a place among those of the account that it is about; none where it waits for one.
async fn place(plane: &Plane, shares: &Arc<Shares>, hold: Hold) -> Option<(Hold, Share)> {
    let told = hold.job.state.get(TENANT).cloned();
    let told = told.and_then(|it| serde_json::from_value(it).ok());
    if let Some(share) = shares.take(told.unwrap_or_else(|| TenantId::new(Uuid::nil()))) {
        return Some((hold, share));
    }
    if let Err(error) = hold.put_off(plane, AGAIN_AFTER).await {
        tracing::warn!(?error, "a piece of work waits for its lease to end");
    }
    None
}

/// Until the next job may be taken up.
async fn rest(plane: &Plane) -> Duration {
    let now: Timestamp = plane.store.now();
    let due = plane.store.jobs().next_due_of(&KINDS).await.ok().flatten();
    let left = due.map(|due| due.duration_since(now).max(SignedDuration::ZERO));
    let left = left.and_then(|left| Duration::try_from(left).ok());
    left.map_or(REST_MAX, |left| left.min(REST_MAX))
}

/// One job. What goes wrong beneath leaves it to its lease: it is taken up again later.
async fn one(plane: &Plane, means: &Means, hold: Hold) {
    let (job, kind) = (hold.job.id, hold.job.kind.clone());
    let span = tracing::error_span!("market", %job, kind, correlation = %hold.job.correlation);
    let done = async {
        match kind.as_str() {
            leads::JOB => leads::deliver::deliver(plane, &*means.sender, hold).await,
            stop::JOB => stop::stop(plane, hold).await,
            _ => steps::advance(plane, means, hold).await,
        }
    };
    if let Err(error) = done.instrument(span).await {
        tracing::warn!(%job, ?error, "a piece of work was interrupted");
    }
}
