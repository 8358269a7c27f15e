//! What the activity log keeps of policies: that one denied something, or that something was done
//! that one is to be told of.

use ids::{guid::EventId, scope::Scope};
use jiff::Timestamp;
use model::{
    action::Action,
    activity::{Activity, Log, Outcome},
};
use policy::{disallowed::Disallowed, judge::Violation, subject::Subject};
use serde_json::{Value, json};
use store::unit::Unit;

use crate::{context::Context, plane::Plane};

const AUDIT: Action = Action::known("Microsoft.Authorization/policies/audit/action");
const DENY: Action = Action::known("Microsoft.Authorization/policies/deny/action");

/// Adds to the unit that what it writes does not meet a policy.
pub(super) fn audited(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    subject: &Subject,
    violation: &Violation,
) {
    let scope = Scope::Resource(subject.id().clone());
    let Some(activity) = activity(plane, context, (unit.now(), scope), AUDIT) else { return };
    unit.record(Activity { description: policies([violation]), ..activity });
}

/// Notes that policies denied a write, beside the failed write itself.
pub(super) fn denied(plane: &Plane, context: &Context, refused: &Disallowed) {
    let scope = Scope::Resource(refused.id.clone());
    let at = (plane.store.now(), scope);
    let Some(activity) = activity(plane, context, at, DENY) else { return };
    let description = policies(refused.against.iter().map(|it| &it.violation));
    let outcome = Outcome::Failed;
    let refused = Activity { description, outcome, status_code: 403, ..activity };
    plane.store.note_refusal(context.caller.principal, refused);
}

/// The policies, as Azure's records name them.
fn policies<'a>(violations: impl IntoIterator<Item = &'a Violation>) -> String {
    let one = |it: &'a Violation| {
        let (policy, within) = (&it.policy, it.policy.within.as_ref());
        json!({
            "policyDefinitionId": policy.definition.id.to_string(),
            "policyDefinitionName": policy.definition.id.name().as_str(),
            "policyDefinitionEffect": it.effect.name(),
            "policyAssignmentId": policy.assignment.id.to_string(),
            "policyAssignmentName": policy.assignment.id.name().as_str(),
            "policyAssignmentScope": policy.assignment.id.scope().to_string(),
            "policySetDefinitionId": within.map(|it| it.set.id.to_string()),
            "policyDefinitionReferenceId": within.map(|it| &it.reference),
        })
    };
    violations.into_iter().map(one).collect::<Value>().to_string()
}

fn activity(
    plane: &Plane,
    context: &Context,
    (at, scope): (Timestamp, Scope),
    action: Action,
) -> Option<Activity> {
    let id = || EventId::new(plane.random.uuid_at(at));
    let log = Log::Subscription(scope.subscription()?);
    Some(Activity {
        id: id(),
        at,
        began: None,
        log,
        caller: Some(context.caller.clone()),
        action,
        scope,
        outcome: Outcome::Succeeded,
        status_code: 200,
        correlation: context.correlation,
        operation: id(),
        method: context.method.to_owned(),
        client_request: context.client_request.clone(),
        client_address: context.client_address.clone(),
        description: String::new(),
        message: None,
        defects: Vec::new(),
    })
}
