//! `POST …/cancel`: what has been done stays, what waits is passed over.

use access::permit::Permit;
use ids::{resource::DeploymentId, scope::Scope};
use model::{
    change::{Change, Noun},
    deployment::{Deployment, ProvisioningState, StepState},
    event::{Actor, SystemReason},
};
use store::{error::StoreError, unit::Unit};

use super::{Refused, kept};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    status::{self, Outcome, Status},
};

/// Stops a deployment at its next step.
pub async fn cancel(plane: &Plane, context: &Context, id: &DeploymentId) -> Result<(), Error> {
    retry(|| once(plane, context, id)).await
}

async fn once(plane: &Plane, context: &Context, id: &DeploymentId) -> Result<(), Error> {
    let mut unit = plane.begin(context);
    let Some(mut record) = unit.find::<Deployment>(id).await? else {
        return Err(Refused::NotFound(id.name().clone()).into());
    };
    if record.state.is_final() {
        return Err(Refused::Over(id.name().clone()).into());
    }
    for child in running(&mut unit, &record).await? {
        let change = Change::Put(Noun::Deployment(cancelled(&mut unit, child)));
        // Whoever may stop the whole stops its parts, wherever they run.
        let permit = Permit::system(SystemReason::JobProgress, &change);
        let uncovered = || StoreError::corrupt("progress of a job covers no deployment");
        unit.apply(permit.ok_or_else(uncovered)?, change)?;
    }
    record = cancelled(&mut unit, record);
    let change = Change::Put(Noun::Deployment(record));
    unit.apply(plane.permit(context, &change)?, change)?;
    plane.commit(context, unit, 204).await
}

/// The deployments inside this one that have not ended. One at a time runs at each depth.
async fn running(unit: &mut Unit, outermost: &Deployment) -> Result<Vec<Deployment>, Error> {
    let mut found: Vec<Deployment> = Vec::new();
    let mut within = outermost.clone();
    loop {
        let mut next = None;
        for step in within.steps.iter().filter(|it| it.state == StepState::Running) {
            let Scope::Resource(id) = &step.target else { continue };
            let Ok(id) = DeploymentId::try_from(id.clone()) else { continue };
            let inside =
                |it: &Deployment| it.parent.as_ref() == Some(&within.id) && !it.state.is_final();
            next = unit.find::<Deployment>(&id).await?.filter(inside);
        }
        let Some(child) = next else { return Ok(found) };
        if found.iter().any(|it| it.id == child.id) {
            return Ok(found);
        }
        found.push(child.clone());
        within = child;
    }
}

fn cancelled(unit: &mut Unit, mut record: Deployment) -> Deployment {
    record.state = ProvisioningState::Canceled;
    record.finished = Some(unit.now());
    let deletions = record.cleanup.iter_mut().flatten();
    for step in record.steps.iter_mut().chain(deletions).filter(|it| it.state == StepState::Waiting)
    {
        step.state = StepState::Skipped;
    }
    if let Actor::Caller(caller) = &record.actor {
        let message = "The deployment was cancelled.";
        let error = serde_json::json!({ "code": "DeploymentCanceled", "message": message });
        let outcome = Outcome::Failed(error);
        let status = Status { started_by: caller.principal, outcome, settled: None };
        status::keep(unit, record.operation, &status);
    }
    unit.drop_ephemeral(&kept(record.operation));
    record
}
