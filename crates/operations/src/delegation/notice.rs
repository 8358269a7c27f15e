//! What the managing tenant reads in its own activity log: that a scope was delegated to it or
//! changed, or that a delegation ended
//! (<https://learn.microsoft.com/azure/lighthouse/how-to/monitor-delegation-changes>).

use ids::{
    guid::{EventId, SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    activity::{Activity, Log, Outcome},
    delegation::Assignment,
};
use serde::Deserialize;
use store::unit::Unit;

use crate::{context::Context, plane::Plane};

/// What happened to the managing tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// Given, or given anew by a changed definition.
    Delegated,
    Ended,
}

impl News {
    fn action(self) -> Action {
        Action::known(match self {
            Self::Delegated => "Microsoft.Resources/tenants/register/action",
            Self::Ended => "Microsoft.Resources/tenants/unregister/action",
        })
    }
}

/// Adds the managing tenant's record of the news to the unit. `owner` is the customer.
pub(crate) fn record(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    news: News,
    owner: TenantId,
    assignment: &Assignment,
) {
    let (managing, scope) = (assignment.managed_by, assignment.id.scope());
    let Some(description) = description(owner, scope) else { return };
    let action = news.action();
    unit.record(Activity { description, ..activity(plane, context, unit.now(), managing, action) });
}

/// Tells the managing tenant that the customer tried to delegate the scope to it, or to change
/// what is delegated there, and a rule refused it. Why is the customer's to know: it may speak
/// of others. Only for a caller who may delegate there; a stranger writes in nobody's log.
pub(crate) fn failed(
    plane: &Plane,
    context: &Context,
    owner: TenantId,
    managing: TenantId,
    scope: &Scope,
) {
    let Some(description) = description(owner, scope) else { return };
    let action = News::Delegated.action();
    let refused = Activity {
        outcome: Outcome::Failed,
        status_code: 400,
        description,
        ..activity(plane, context, plane.store.now(), managing, action)
    };
    plane.store.note_refusal(context.caller.principal, refused);
}

/// A record of the managing tenant's log, without what it tells.
fn activity(
    plane: &Plane,
    context: &Context,
    at: Timestamp,
    managing: TenantId,
    action: Action,
) -> Activity {
    let id = || EventId::new(plane.random.uuid_at(at));
    let (record, operation) = (id(), id());
    Activity {
        id: record,
        at,
        began: None,
        log: Log::Tenant(managing),
        // Who acted for the customer is the customer's to know.
        caller: Some(context.caller.clone()).filter(|it| it.principal.tenant == managing),
        action,
        scope: Scope::Tenant(managing),
        outcome: Outcome::Succeeded,
        status_code: 200,
        correlation: context.correlation,
        operation,
        method: "POST".to_owned(),
        client_request: None,
        client_address: None,
        description: String::new(),
        message: None,
        defects: Vec::new(),
    }
}

/// The JSON that monitoring scripts take apart; the oldest of them by the order of its members.
/// None for what cannot be delegated.
fn description(owner: TenantId, scope: &Scope) -> Option<String> {
    let (Scope::Subscription(subscription) | Scope::ResourceGroup(subscription, _)) = scope else {
        return None;
    };
    Some(format!(
        r#"{{"subscriptionId":"{subscription}","subscriptionTenantId":"{owner}","delegationResourceId":"{scope}"}}"#
    ))
}

/// Of which subscription a delegation ended, and whose that was, where a record of the managing
/// tenant's log tells of an end.
pub(crate) fn ended(record: &Activity) -> Option<(SubscriptionId, TenantId)> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Told {
        subscription_id: SubscriptionId,
        subscription_tenant_id: TenantId,
    }
    if record.outcome != Outcome::Succeeded || record.action != News::Ended.action() {
        return None;
    }
    let told: Told = serde_json::from_str(&record.description).ok()?;
    Some((told.subscription_id, told.subscription_tenant_id))
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, resource_group};

    use super::*;

    #[test]
    fn the_oldest_script_finds_tenant_and_resource_by_counting_quotes() {
        let text = description(CUSTOMER, &resource_group("app")).unwrap();
        let pieces: Vec<&str> = text.split('"').collect();
        assert_eq!(pieces[7], CUSTOMER.to_string());
        assert_eq!(pieces[11], resource_group("app").to_string());
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
