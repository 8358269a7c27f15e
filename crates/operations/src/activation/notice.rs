//! What both sides read of an activation in their activity logs: the customer in its
//! subscription's, the managing tenant in its own (B76).

use ids::{
    guid::{EventId, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    activation::{Activation, State},
    activity::{Activity, Log, Outcome},
    event::Caller,
};
use store::unit::Unit;

use crate::{context::Context, plane::Plane};

/// Adds the records that the request itself does not leave: that of the other side, and of both
/// where it was made at neither's place.
pub(crate) fn record(plane: &Plane, context: &Context, unit: &mut Unit, after: &Activation) {
    let customer = after.id.scope().subscription().map(Log::Subscription);
    let is_provider = after.who.tenant != after.customer;
    let provider = is_provider.then_some(Log::Tenant(after.who.tenant));
    let own = own_log(context);
    for log in customer.into_iter().chain(provider).filter(|log| Some(*log) != own) {
        let activity = activity(plane, context, unit, (log, after));
        unit.record(activity);
    }
}

/// Where the request leaves a record of itself.
fn own_log(context: &Context) -> Option<Log> {
    let scope = &context.question.scope;
    let tenant = || scope.tenant().map(Log::Tenant);
    scope.subscription().map(Log::Subscription).or_else(tenant)
}

fn activity(
    plane: &Plane,
    context: &Context,
    unit: &Unit,
    (log, after): (Log, &Activation),
) -> Activity {
    let at = unit.now();
    let id = || EventId::new(plane.random.uuid_at(at));
    let (record, operation) = (id(), id());
    Activity {
        id: record,
        at,
        began: None,
        log,
        caller: told(context, log),
        action: step(after),
        scope: match log {
            Log::Subscription(_) => Scope::Resource(after.id.as_resource().clone()),
            Log::Tenant(tenant) => Scope::Tenant(tenant),
        },
        outcome: Outcome::Succeeded,
        status_code: 200,
        correlation: context.correlation,
        operation,
        method: "POST".to_owned(),
        client_request: None,
        client_address: None,
        description: description(after),
        message: None,
        defects: Vec::new(),
    }
}

/// The customer reads who of the provider's acts; who acts for the customer is the customer's to
/// know.
fn told(context: &Context, log: Log) -> Option<Caller> {
    let is_told = |tenant: TenantId| context.caller.principal.tenant == tenant;
    match log {
        Log::Subscription(_) => Some(context.caller.clone()),
        Log::Tenant(tenant) => is_told(tenant).then(|| context.caller.clone()),
    }
}

fn step(after: &Activation) -> Action {
    let decided = !after.approvals().all().is_empty();
    match &after.state {
        State::Cancelled { .. } => Action::ACTIVATIONS_CANCEL,
        State::Denied { .. } => Action::APPROVALS_WRITE,
        State::Waiting(_) | State::Granted { .. } if decided => Action::APPROVALS_WRITE,
        State::Waiting(_) | State::Granted { .. } | State::Deactivated { .. } => {
            Action::ACTIVATIONS_WRITE
        }
    }
}

/// Which activation of what it is, and what has become of it, as a line of JSON.
fn description(after: &Activation) -> String {
    let state = match &after.state {
        State::Waiting(_) => "PendingApproval",
        State::Granted { .. } => "Granted",
        State::Denied { .. } => "Denied",
        State::Cancelled { .. } => "Canceled",
        State::Deactivated { .. } => "Revoked",
    };
    let (id, role, who) = (&after.id, after.eligibility.role, after.who.object);
    serde_json::json!({
        "roleAssignmentScheduleRequestId": id.to_string(),
        "roleDefinitionId": role,
        "principalId": who,
        "state": state,
    })
    .to_string()
}
