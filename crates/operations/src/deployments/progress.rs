//! How far a run has come. A step takes effect in a unit of its own, behind the front door; a
//! crash between that unit and the one here repeats the step, which is a `PUT` and harmless.

use std::{pin::pin, time::Duration};

use access::permit::Permit;
use jiff::{SignedDuration, Timestamp};
use model::{
    change::{Change, Noun},
    deployment::{Deployment, ProvisioningState, StepState},
    event::SystemReason,
};
use serde_json::Value;
use store::{
    error::StoreError,
    jobs::{Job, Lease},
    unit::{Cause, Unit},
};
use tokio::time::timeout;

use super::{kept, on_behalf};
use crate::{
    error::Error,
    plane::{Plane, retry},
    status::{self, Outcome, Status},
};

/// How long a worker may be silent before another takes its job up.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How often whoever works or waits looks whether their lease needs to be renewed.
const BEAT: Duration = Duration::from_millis(500);

/// The leave to work on one deployment and on those inside it. Every note of progress is made
/// under it, so that a worker who lost it can note nothing.
#[derive(Debug)]
pub struct Hold {
    pub job: Job,
    pub lease: Lease,
}

impl Hold {
    /// Holds on for longer, where half the time has passed.
    pub async fn renew(&mut self, plane: &Plane) -> Result<(), Error> {
        let left = self.lease.until.duration_since(plane.store.now());
        if left < LEASE / 2 {
            self.lease = plane.store.jobs().renew(&self.lease, LEASE).await?;
        }
        Ok(())
    }

    /// Does work that may take long, or wait for its turn, and holds on until it is done.
    pub async fn keeping<T>(
        &mut self,
        plane: &Plane,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let mut work = pin!(work);
        loop {
            self.renew(plane).await?;
            if let Ok(done) = timeout(BEAT, work.as_mut()).await {
                return done;
            }
        }
    }

    /// Gives the job back, for another to go on at once.
    pub async fn give_back(self, plane: &Plane) -> Result<(), Error> {
        self.put_off(plane, SignedDuration::ZERO).await
    }

    /// Gives the job back, for another to go on after that time.
    pub async fn put_off(self, plane: &Plane, by: SignedDuration) -> Result<(), Error> {
        let mut unit = self.begin(plane);
        let due = unit.now().saturating_add(by).unwrap_or(unit.now());
        unit.postpone(&self.job.id, &self.lease, self.job.state.clone(), due);
        unit.commit().await?;
        Ok(())
    }

    /// Ends a job that has nothing left to do.
    pub async fn finish(self, plane: &Plane) -> Result<(), Error> {
        let mut unit = self.begin(plane);
        unit.finish(&self.job.id, &self.lease);
        unit.commit().await?;
        Ok(())
    }

    fn begin(&self, plane: &Plane) -> Unit {
        plane.store.begin(Cause { correlation: self.job.correlation })
    }

    /// A unit for the next note about `record`, and the record as it stands there: none where
    /// the run is over or another's.
    async fn take(
        &self,
        plane: &Plane,
        record: &Deployment,
    ) -> Result<Option<(Unit, Deployment)>, Error> {
        let mut unit = self.begin(plane);
        let found = unit.find::<Deployment>(&record.id).await?;
        let own = |it: &Deployment| it.operation == record.operation && !it.state.is_final();
        Ok(found.filter(own).map(|found| (unit, found)))
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// With these outputs.
    Succeeded(Value),
    /// With this error of ARM's.
    Failed(Value),
}

/// Notes how far the steps and deletions of `record` have come. False where the run is over: it was cancelled,
/// or removed.
pub async fn note(plane: &Plane, hold: &Hold, record: &Deployment) -> Result<bool, Error> {
    retry(|| note_once(plane, hold, record)).await
}

async fn note_once(plane: &Plane, hold: &Hold, record: &Deployment) -> Result<bool, Error> {
    let Some((mut unit, found)) = hold.take(plane, record).await? else { return Ok(false) };
    let (steps, cleanup) = (record.steps.clone(), record.cleanup.clone());
    put(&mut unit, Deployment { state: ProvisioningState::Running, steps, cleanup, ..found })?;
    unit.checkpoint(&hold.job.id, &hold.lease, hold.job.state.clone());
    unit.commit().await?;
    Ok(true)
}

/// Whether somebody else has ended the run, by what clients poll of it: a record may be large.
pub async fn is_over(plane: &Plane, record: &Deployment) -> Result<bool, Error> {
    status::has_ended(plane, record.operation).await
}

/// Notes what was done of a run before its worker heard that it was cancelled. Answers the record
/// as it stands then; none where it was removed.
pub async fn cut_short(
    plane: &Plane,
    hold: &Hold,
    record: &Deployment,
) -> Result<Option<Deployment>, Error> {
    retry(|| cut_short_once(plane, hold, record)).await
}

async fn cut_short_once(
    plane: &Plane,
    hold: &Hold,
    record: &Deployment,
) -> Result<Option<Deployment>, Error> {
    let mut unit = hold.begin(plane);
    let Some(mut found) = unit.find::<Deployment>(&record.id).await? else { return Ok(None) };
    if found.operation == record.operation && found.state == ProvisioningState::Canceled {
        let deletions = record.cleanup.iter().flatten();
        let own = found.steps.iter_mut().chain(found.cleanup.iter_mut().flatten());
        let mut news = false;
        for (noted, done) in own.zip(record.steps.iter().chain(deletions)) {
            let ended = matches!(done.state, StepState::Succeeded | StepState::Failed);
            if ended && noted != done {
                noted.clone_from(done);
                news = true;
            }
        }
        if news {
            put(&mut unit, found.clone())?;
            unit.checkpoint(&hold.job.id, &hold.lease, hold.job.state.clone());
            unit.commit().await?;
        }
    }
    Ok(Some(found))
}

/// Notes the end of a run, and erases what only the run needed. The job ends with the outermost
/// deployment. Answers the record as it stands then; none where it was removed.
pub async fn end(
    plane: &Plane,
    hold: &Hold,
    record: &Deployment,
    end: &End,
) -> Result<Option<Deployment>, Error> {
    retry(|| end_once(plane, hold, record, end)).await
}

async fn end_once(
    plane: &Plane,
    hold: &Hold,
    record: &Deployment,
    end: &End,
) -> Result<Option<Deployment>, Error> {
    let Some((mut unit, found)) = hold.take(plane, record).await? else {
        return super::run::record(plane, &record.id).await;
    };
    let ended = ended(found, record, end, unit.now());
    put(&mut unit, ended.clone())?;
    unit.drop_ephemeral(&kept(ended.operation));
    tell(plane, &mut unit, &ended, end);
    if ended.parent.is_none() {
        unit.finish(&hold.job.id, &hold.lease);
    } else {
        unit.checkpoint(&hold.job.id, &hold.lease, hold.job.state.clone());
    }
    unit.commit().await?;
    Ok(Some(ended))
}

fn ended(found: Deployment, record: &Deployment, end: &End, now: Timestamp) -> Deployment {
    let (state, outputs, error) = match end {
        End::Succeeded(outputs) => (ProvisioningState::Succeeded, Some(outputs.clone()), None),
        End::Failed(error) => (ProvisioningState::Failed, None, Some(error.clone())),
    };
    let (steps, cleanup) = (record.steps.clone(), record.cleanup.clone());
    Deployment { state, outputs, error, steps, cleanup, finished: Some(now), ..found }
}

/// The end as those see it who poll for it, and who read the activity log.
fn tell(plane: &Plane, unit: &mut Unit, ended: &Deployment, end: &End) {
    let Some(caller) = on_behalf::caller(ended) else { return };
    let outcome = match end {
        End::Succeeded(_) => Outcome::Succeeded(None),
        End::Failed(error) => Outcome::Failed(error.clone()),
    };
    status::keep(
        unit,
        ended.operation,
        &Status { started_by: caller.principal, outcome, settled: None },
    );
    let End::Failed(error) = end else { return };
    let context = on_behalf::context(plane, ended, caller);
    // Azure's log tells of a failed deployment as of a conflict.
    if let Some(activity) = context.failed(plane, 409, error.to_string()) {
        unit.record(activity);
    }
}

fn put(unit: &mut Unit, record: Deployment) -> Result<(), StoreError> {
    let change = Change::Put(Noun::Deployment(record));
    let permit = Permit::system(SystemReason::JobProgress, &change);
    let uncovered = || StoreError::corrupt("progress of a job covers no deployment");
    unit.apply(permit.ok_or_else(uncovered)?, change)
}
