//! Runs of templates, and the long-running operations that clients poll.

use ids::{
    guid::{CorrelationId, OperationId},
    resource::{DeploymentId, ResourceId},
    scope::Scope,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{event::Actor, tree::Tags};

/// How far something long-running has come. The last three are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProvisioningState {
    Accepted,
    Running,
    Succeeded,
    Failed,
    Canceled,
}

impl ProvisioningState {
    /// As ARM writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
        }
    }

    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        match self {
            Self::Accepted | Self::Running => false,
            Self::Succeeded | Self::Failed | Self::Canceled => true,
        }
    }
}

/// What becomes of resources that a template does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// They stay as they are.
    #[default]
    Incremental,
    /// Those of the resource group that is deployed to are deleted when the rest is done.
    Complete,
}

impl Mode {
    /// As ARM writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incremental => "Incremental",
            Self::Complete => "Complete",
        }
    }
}

/// The template spec that a template is part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The version of the spec.
    pub spec: ResourceId,
    /// Which of its linked templates; none for the main one.
    pub path: Option<String>,
}

/// One run of a template, at the scope of its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    pub id: DeploymentId,
    /// Where its record lives; a resource group's deployment has none.
    pub location: Option<String>,
    pub tags: Tags,
    #[serde(default)]
    pub mode: Mode,
    pub state: ProvisioningState,
    /// What clients poll for this run; another run of the same name has another.
    pub operation: OperationId,
    /// The deployment that this one is a step of.
    pub parent: Option<DeploymentId>,
    /// Who asked, on whose behalf every step is judged when it runs.
    pub actor: Actor,
    pub correlation: CorrelationId,
    pub started: Timestamp,
    pub finished: Option<Timestamp>,
    pub template: Value,
    /// Where the template was found, if it was not sent along.
    #[serde(default)]
    pub link: Option<Link>,
    /// `{type, value}` by name, as ARM shows them; a secure one has no value.
    pub parameters: Map<String, Value>,
    pub template_hash: String,
    /// What the caller wants noted of each request (`detailLevel`): shown again, and no more.
    #[serde(default)]
    pub debug: Option<String>,
    pub steps: Vec<Step>,
    /// In complete mode, once the steps are done: what the template does not name and what
    /// becomes of its deletion.
    #[serde(default)]
    pub cleanup: Option<Vec<Step>>,
    pub outputs: Option<Value>,
    /// ARM's error, where it failed.
    pub error: Option<Value>,
}

/// One resource of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub operation: OperationId,
    /// What is written, or deleted: a resource, or a resource group.
    pub target: Scope,
    pub api_version: String,
    /// It is only looked at.
    pub existing: bool,
    /// The steps before it, by place.
    pub after: Vec<usize>,
    pub state: StepState,
    pub timestamp: Timestamp,
    pub finished: Option<Timestamp>,
    /// HTTP status of the answer, once there is one.
    pub status: Option<u16>,
    /// ARM's error, where it failed.
    pub error: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepState {
    Waiting,
    Running,
    Succeeded,
    Failed,
    /// Its condition was false, or what it depends on failed: never called Succeeded.
    Skipped,
}
