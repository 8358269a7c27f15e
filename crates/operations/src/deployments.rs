//! Deployments: runs of templates, at the scope of their ids.
//!
//! Starting one is a unit of its own: the record, what clients poll, and the job that a worker
//! takes up. The worker asks the front door for each step, as the caller who started it; here it
//! finds what to do next and notes how far it has come. Secure parameters stand in no record:
//! they are kept sealed beside it, and erased when it ends.

use ids::{guid::OperationId, resource::DeploymentId};
use store::ephemeral::EphemeralKey;

pub mod answers;
pub mod cancel;
pub mod cleanup;
pub mod delete;
pub mod family;
mod history;
pub mod link;
mod on_behalf;
mod plan;
pub mod progress;
pub mod read;
mod refused;
pub mod run;
pub mod start;
pub mod steps;
pub mod what_if;

pub use refused::Refused;

/// The kind of the jobs that run deployments.
pub const JOB: &str = "deployment";

/// What tells one template from another.
pub fn template_hash(template: &serde_json::Value) -> String {
    plan::hash(template)
}

/// Where the values live that a run needs and its record must not show.
fn kept(operation: OperationId) -> EphemeralKey {
    EphemeralKey::new("deployment-run", operation.to_string())
}

/// What those values are sealed for.
fn bound(operation: OperationId) -> String {
    format!("deployment|{operation}")
}

/// The deployment that a job is about.
fn state(id: &DeploymentId, operation: OperationId) -> serde_json::Value {
    serde_json::json!({ "deployment": id, "operation": operation })
}
