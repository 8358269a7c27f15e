//! What the managing tenant reads in its own activity log: that a scope was delegated to it or
//! changed, or that a delegation ended
//! (<https://learn.microsoft.com/azure/lighthouse/how-to/monitor-delegation-changes>).

use ids::{
    guid::{EventId, SubscriptionId, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    activity::{Activity, Log, Outcome},
    delegation::Assignment,
};
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
    let Some(subscription) = scope.subscription() else { return };
    let id = || EventId::new(plane.random.uuid_at(unit.now()));
    let (record, operation) = (id(), id());
    unit.record(Activity {
        id: record,
        at: unit.now(),
        began: None,
        log: Log::Tenant(managing),
        // Who acted for the customer is the customer's to know.
        caller: Some(context.caller.clone()).filter(|it| it.principal.tenant == managing),
        action: news.action(),
        scope: Scope::Tenant(managing),
        outcome: Outcome::Succeeded,
        status_code: 200,
        correlation: context.correlation,
        operation,
        method: "POST".to_owned(),
        client_request: None,
        client_address: None,
        description: description(subscription, owner, scope),
        message: None,
    });
}

/// The JSON that monitoring scripts take apart; the oldest of them by the order of its members.
fn description(subscription: SubscriptionId, owner: TenantId, scope: &Scope) -> String {
    format!(
        r#"{{"subscriptionId":"{subscription}","subscriptionTenantId":"{owner}","delegationResourceId":"{scope}"}}"#
    )
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, SUBSCRIPTION, resource_group};

    use super::*;

    #[test]
    fn the_oldest_script_finds_tenant_and_resource_by_counting_quotes() {
        let text = description(SUBSCRIPTION, CUSTOMER, &resource_group("app"));
        let pieces: Vec<&str> = text.split('"').collect();
        assert_eq!(pieces[7], CUSTOMER.to_string());
        assert_eq!(pieces[11], resource_group("app").to_string());
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
