//! `POST …/cancel`: what has been done stays, what waits is passed over.

use ids::resource::DeploymentId;
use model::{
    change::{Change, Noun},
    deployment::{Deployment, ProvisioningState, StepState},
    event::Actor,
};

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
    record.state = ProvisioningState::Canceled;
    record.finished = Some(unit.now());
    for step in record.steps.iter_mut().filter(|it| it.state == StepState::Waiting) {
        step.state = StepState::Skipped;
    }
    if let Actor::Caller(caller) = &record.actor {
        let message = "The deployment was cancelled.";
        let error = serde_json::json!({ "code": "DeploymentCanceled", "message": message });
        let status = Status { started_by: caller.principal, outcome: Outcome::Failed(error) };
        status::keep(&mut unit, record.operation, &status);
    }
    unit.drop_ephemeral(&kept(record.operation));
    let change = Change::Put(Noun::Deployment(record));
    unit.apply(plane.permit(context, &change)?, change)?;
    plane.commit(context, unit, 204).await
}
