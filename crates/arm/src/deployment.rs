//! Runs deployments. A deployment is a client of the front door: each resource of it passes the
//! same checks as a direct call by the same caller.
//!
//! [`work`] takes up jobs as they come; `run` walks through the steps of one deployment and of
//! those inside it, and `cleanup` deletes what complete mode does not leave; `what_if` does the
//! same where it has no effect; `client` sends a step in by the front door; `lookup` answers what
//! a template asks of other resources.

use std::{sync::Arc, time::Duration};

use ids::guid::TenantId;
use jiff::{SignedDuration, Timestamp};
use model::event::Actor;
use operations::{
    deployments::{
        JOB,
        progress::{Hold, LEASE},
    },
    error::Error,
    plane::Plane,
    shares::{Share, Shares},
};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tracing::Instrument;
use uuid::Uuid;

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
/// When a deployment is looked at again that has no place among its tenant's.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// How long a worker sleeps at most where it knows of nothing to do. Whoever enqueues a job wakes
/// it; this is for the jobs of a worker that died, whose leases end without a word.
const REST_MAX: Duration = Duration::from_secs(30);
/// After a failure of the store: time for it to get well.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Runs deployments until told to stop; then gives back what it has in hand, each at its next
/// step.
pub async fn work(plane: Arc<Plane>, mut stop: watch::Receiver<bool>) {
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
                let (plane, stop) = (Arc::clone(&plane), stop.clone());
                running.spawn(async move {
                    let _place = (slot, share);
                    one(&plane, hold, &stop).await;
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

/// The job with a place among its tenant's; none where the job waits for one.
async fn place(plane: &Plane, shares: &Arc<Shares>, hold: Hold) -> Option<(Hold, Share)> {
    let tenant = match &hold.job.actor {
        Actor::Caller(caller) => caller.principal.tenant,
        Actor::System(_) => TenantId::new(Uuid::nil()),
    };
    if let Some(share) = shares.take(tenant) {
        return Some((hold, share));
    }
    if let Err(error) = hold.put_off(plane, AGAIN_AFTER).await {
        tracing::warn!(?error, "a deployment waits for its lease to end");
    }
    None
}

/// Until the next job may be taken up.
async fn rest(plane: &Plane) -> Duration {
    let now: Timestamp = plane.store.now();
    let due = plane.store.jobs().next_due_of(&[JOB]).await.ok().flatten();
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

#[cfg(test)]
mod tests {
    use ids::clock::TestClock;
    use model::samples::{self, ADA, OLOF};
    use serde_json::Value;
    use store::{
        jobs::{Job, JobId},
        unit::Cause,
    };

    use super::*;

    async fn enqueue(plane: &Plane, number: u128, who: ids::guid::Principal) {
        let mut unit = plane.store.begin(Cause { correlation: samples::correlation() });
        let due = unit.now() + SignedDuration::from_micros(i64::try_from(number).unwrap() - 100);
        unit.enqueue(Job {
            id: JobId(Uuid::from_u128(number)),
            kind: JOB.to_owned(),
            actor: Actor::Caller(samples::caller(who)),
            correlation: samples::correlation(),
            due,
            state: Value::Null,
        });
        unit.commit().await.unwrap();
    }

    #[tokio::test]
    async fn one_tenants_deployments_leave_room_for_others_and_wait_in_the_store() {
        let clock = Arc::new(TestClock::default());
        let plane = testkit::empty_by(Arc::clone(&clock) as _).await;
        for number in 1..=6 {
            enqueue(&plane, number, OLOF).await;
        }
        enqueue(&plane, 7, ADA).await;
        let shares = Arc::new(Shares::default());
        let mut running = Vec::new();
        while let Some(hold) = take(&plane).await.unwrap() {
            running.extend(place(&plane, &shares, hold).await);
        }
        let numbers: Vec<u128> = running.iter().map(|(hold, _)| hold.job.id.0.as_u128()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 7]);

        running.remove(0);
        assert!(take(&plane).await.unwrap().is_none());
        clock.advance(AGAIN_AFTER);
        let next = take(&plane).await.unwrap().unwrap();
        assert_eq!(next.job.id.0.as_u128(), 5);
        assert!(place(&plane, &shares, next).await.is_some());
    }

    #[tokio::test]
    async fn whoever_waits_long_in_a_run_holds_on_to_it_meanwhile() {
        let clock = Arc::new(TestClock::default());
        let plane = testkit::empty_by(Arc::clone(&clock) as _).await;
        enqueue(&plane, 1, OLOF).await;
        let mut hold = take(&plane).await.unwrap().unwrap();
        let slow = async {
            for _ in 0..2 {
                let until = plane.store.jobs().next_due().await?;
                clock.advance(LEASE - LEASE / 4);
                while plane.store.jobs().next_due().await? == until {
                    tokio::task::yield_now().await;
                }
            }
            Ok(())
        };
        let done = timeout(Duration::from_secs(30), hold.keeping(&plane, slow)).await;
        done.unwrap().unwrap();
        assert!(take(&plane).await.unwrap().is_none());
        hold.finish(&plane).await.unwrap();
    }
}
