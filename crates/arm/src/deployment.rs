//! Runs deployments. A deployment is a client of the front door: each resource of it passes the
//! same checks as a direct call by the same caller.
//!
//! [`work`] takes up jobs as they come; `run` walks through the steps of one deployment and of
//! those inside it, and `cleanup` deletes what complete mode does not leave; `what_if` does the
//! same where it has no effect; `client` sends a step in by the front door; `lookup` answers what
//! a template asks of other resources.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use operations::{
    deployments::{
        JOB,
        progress::{Hold, LEASE},
    },
    error::Error,
    plane::Plane,
};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tracing::Instrument;

mod cleanup;
mod client;
pub(crate) mod facts;
mod lookup;
pub(crate) mod refusals;
mod run;
mod what_if;

pub(crate) use client::newest;
pub use what_if::what_if;

/// So many deployments run at a time; the others wait in the store.
const RUNNING_MAX: usize = 16;
/// How long a worker sleeps at most where it knows of nothing to do. Whoever enqueues a job wakes
/// it; this is for the jobs of a worker that died, whose leases end without a word.
const REST_MAX: Duration = Duration::from_secs(30);
/// After a failure of the store: time for it to get well.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Runs deployments until told to stop; then gives back what it has in hand, each at its next
/// step. One task of a process does this, for it is woken alone.
pub async fn work(plane: Arc<Plane>, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(Semaphore::new(RUNNING_MAX));
    let mut running = JoinSet::new();
    loop {
        let slot = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            slot = Arc::clone(&slots).acquire_owned() => slot,
        };
        while running.try_join_next().is_some() {}
        match take(&plane).await {
            Ok(Some(hold)) => {
                let (plane, stop) = (Arc::clone(&plane), stop.clone());
                running.spawn(async move {
                    let _place = slot;
                    one(&plane, hold, &stop).await;
                });
            }
            Ok(None) => {
                drop(slot);
                let rest = rest(&plane).await;
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => break,
                    _ = timeout(rest, wake(&plane)) => {}
                }
            }
            Err(error) => {
                tracing::error!(?error, "no deployment could be taken up");
                let over = stop.wait_for(|stop| *stop);
                if timeout(REST_AFTER_FAILURE, over).await.is_ok() {
                    break;
                }
            }
        }
    }
    while running.join_next().await.is_some() {}
}

/// Runs the deployments that are due, one after the other, until there are none.
pub async fn drain(plane: &Plane) -> Result<(), Error> {
    let (_go_on, stop) = watch::channel(false);
    while let Some(hold) = take(plane).await? {
        one(plane, hold, &stop).await;
    }
    Ok(())
}

async fn take(plane: &Plane) -> Result<Option<Hold>, Error> {
    let leased = plane.store.jobs().lease(&[JOB], LEASE).await?;
    Ok(leased.map(|(job, lease)| Hold { job, lease }))
}

async fn wake(plane: &Plane) {
    plane.store.jobs().enqueued().await;
}

/// Until the next job may be taken up.
async fn rest(plane: &Plane) -> Duration {
    let now: Timestamp = plane.store.now();
    let due = plane.store.jobs().next_due().await.ok().flatten();
    let left = due.map(|due| due.duration_since(now).max(jiff::SignedDuration::ZERO));
    let left = left.and_then(|left| Duration::try_from(left).ok());
    left.map_or(REST_MAX, |left| left.min(REST_MAX))
}

/// One job. What goes wrong beneath leaves it to its lease: it is taken up again later.
async fn one(plane: &Plane, hold: Hold, stop: &watch::Receiver<bool>) {
    let (job, correlation) = (hold.job.id, hold.job.correlation);
    // Whatever a step leaves in the log is found by what the deployment is found by.
    let span = tracing::error_span!("deployment", %job, %correlation);
    if let Err(error) = run::job(plane, hold, stop).instrument(span).await {
        tracing::warn!(%job, ?error, "a deployment was interrupted");
    }
}
