//! A deployment's caller, where no request of theirs is at hand: what a worker does for them is
//! judged and told as theirs.

use ids::scope::Scope;
use model::{
    action::Action,
    deployment::Deployment,
    event::{Actor, Caller},
    question::Question,
};

use crate::{context::Context, plane::Plane};

/// Who asked for the deployment; nobody, where no caller did.
pub(super) fn caller(record: &Deployment) -> Option<&Caller> {
    match &record.actor {
        Actor::Caller(caller) => Some(caller),
        Actor::System(_) => None,
    }
}

/// What the worker does for `caller`, as a request that started now.
pub(super) fn context(plane: &Plane, record: &Deployment, caller: &Caller) -> Context {
    let scope = Scope::Resource(record.id.as_resource().clone());
    Context {
        caller: caller.clone(),
        auxiliary: Vec::new(),
        question: Question::any(Action::known("Microsoft.Resources/deployments/write"), scope),
        correlation: record.correlation,
        method: "PUT",
        client_request: None,
        client_address: None,
        started: plane.store.now(),
    }
}
