//! A deployment's caller, where no request of theirs is at hand: what a worker does for them is
//! judged and told as theirs.

use ids::{guid::TenantId, scope::Scope};
use model::{
    action::Action,
    deployment::Deployment,
    event::{Actor, Caller},
    question::Question,
};
use uuid::Uuid;

use crate::{context::Context, plane::Plane};

/// Who asked for the deployment; nobody, where no caller did.
pub(super) fn caller(record: &Deployment) -> Option<&Caller> {
    match &record.actor {
        Actor::Caller(caller) => Some(caller),
        Actor::System(_) => None,
    }
}

/// Whose work it is; nobody's, where no caller asked for it.
pub(super) fn tenant(record: &Deployment) -> TenantId {
    caller(record).map_or(TenantId::new(Uuid::nil()), |it| it.principal.tenant)
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
