//! The operations of a deployment, as ARM shows them.

use jiff::Timestamp;
use model::deployment::{Deployment, ProvisioningState, Step, StepState};
use serde::Serialize;
use serde_json::Value;

use super::{TargetBody, duration};

/// One operation of a deployment: a resource, or the outputs at its end.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationBody {
    pub id: String,
    pub operation_id: String,
    pub properties: OperationProperties,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationProperties {
    pub provisioning_operation: &'static str,
    pub provisioning_state: &'static str,
    pub timestamp: Timestamp,
    pub duration: String,
    pub tracking_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_resource: Option<TargetBody>,
}

impl OperationBody {
    /// All operations of a deployment that have begun, the evaluation of the outputs last.
    pub fn all(deployment: &Deployment, now: Timestamp) -> Vec<Self> {
        let write = |step: &Step| if step.existing { "Read" } else { "Create" };
        let writes = deployment.steps.iter().map(|step| (write(step), step));
        let deletions = deployment.cleanup.iter().flatten().map(|step| ("Delete", step));
        let all = writes.chain(deletions);
        let begun = all.filter_map(|(does, step)| Self::of(deployment, (does, step), now));
        begun.chain(Self::outputs(deployment)).collect()
    }

    /// A step that is skipped, or not yet begun, is none of the operations.
    fn of(
        deployment: &Deployment,
        (does, step): (&'static str, &Step),
        now: Timestamp,
    ) -> Option<Self> {
        let provisioning_state = match step.state {
            StepState::Waiting | StepState::Skipped => return None,
            StepState::Running => ProvisioningState::Running.as_str(),
            StepState::Succeeded => ProvisioningState::Succeeded.as_str(),
            StepState::Failed => ProvisioningState::Failed.as_str(),
        };
        let until = step.finished.unwrap_or(now);
        let error = step.error.as_ref();
        let properties = OperationProperties {
            provisioning_operation: does,
            provisioning_state,
            timestamp: until,
            duration: duration(step.timestamp, until),
            tracking_id: step.operation.to_string(),
            status_code: step.status.map(reason),
            status_message: error
                .map(|error| serde_json::json!({ "status": "Failed", "error": error })),
            target_resource: Some(TargetBody::of(&step.target)),
        };
        Some(Self::named(deployment, step.operation.to_string(), properties))
    }

    fn outputs(deployment: &Deployment) -> Option<Self> {
        let until = deployment.finished?;
        let succeeded = deployment.state == ProvisioningState::Succeeded;
        let properties = OperationProperties {
            provisioning_operation: "EvaluateDeploymentOutput",
            provisioning_state: deployment.state.as_str(),
            timestamp: until,
            duration: "PT0S".to_owned(),
            tracking_id: deployment.operation.to_string(),
            status_code: Some("OK"),
            status_message: None,
            target_resource: None,
        };
        succeeded.then(|| Self::named(deployment, deployment.operation.to_string(), properties))
    }

    fn named(deployment: &Deployment, id: String, properties: OperationProperties) -> Self {
        let path = format!("{}/operations/{id}", deployment.id);
        Self { id: path, operation_id: id, properties }
    }
}

/// The name of an HTTP status, as .NET writes it.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "NoContent",
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        409 => "Conflict",
        412 => "PreconditionFailed",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        other if other < 400 => "OK",
        other if other < 500 => "BadRequest",
        _ => "InternalServerError",
    }
}
