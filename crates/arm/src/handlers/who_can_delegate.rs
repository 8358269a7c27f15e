//! Who can delegate a subscription (`Fyr.Access/whoCanDelegate`), an API of Fyr's own.

use access::delegators::Standing;
use ids::{
    guid::{ObjectId, SubscriptionId},
    scope::Scope,
};
use model::{question::Via, role::PrincipalType};
use operations::delegation::delegators::{self, Named, PAGE_MAX, Stretch, Way};
use wire::{
    access::{DelegatorBody, GroupBody, PathBody},
    arm::{roles::role_id, scopes::ListBody},
};

use crate::{
    failure::Failure,
    request::{ArmResponse, Method::Get},
    route::{Answer, Ask, Judge::Action, Route, Target::List, Versions::These, row},
};

const VERSIONS: &[&str] = &["2026-12-01"];

/// Asked in a resource group, it is answered of the subscription: no less lets anybody delegate.
pub(crate) const ROUTES: &[Route] = &[row(
    Get,
    List("Fyr.Access/whoCanDelegate"),
    These(VERSIONS),
    Action("Microsoft.Authorization/roleAssignments/read", Via::Direct),
    list,
)];

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let subscription = ask.subscription()?;
        let bad = |_| Failure::Query { name: "$skipToken", reason: "it leads nowhere".to_owned() };
        let after = ask.continuation()?.map(|text| text.parse::<ObjectId>().map_err(bad));
        let after = after.transpose()?;
        let limit = ask.top()?.unwrap_or(PAGE_MAX);
        let wanted = Stretch { subscription, after, limit };
        let page = delegators::list(ask.plane, &ask.context, wanted).await?;
        let next_link = page.next.map(|it| ask.next_link(&it.to_string()));
        let value = page.found.into_iter().map(|it| body(it, subscription)).collect();
        Ok(ArmResponse::json(200, ListBody { value, next_link }))
    })
}

/// Somebody as this API shows them.
pub fn body(named: Named, subscription: SubscriptionId) -> DelegatorBody {
    let Named { who, kind, name, sign_in_name, standing, ways } = named;
    let kind = match kind {
        PrincipalType::User => "User",
        PrincipalType::Group => "Group",
        PrincipalType::ServicePrincipal => "ServicePrincipal",
        PrincipalType::ForeignGroup => "ForeignGroup",
    };
    DelegatorBody {
        principal_id: who.object.to_string(),
        principal_type: kind.to_owned(),
        display_name: name,
        sign_in_name,
        can_delegate: standing == Standing::May,
        reason: match standing {
            Standing::May => None,
            Standing::Guest => Some("Guests of a tenant cannot delegate.".to_owned()),
        },
        paths: ways.into_iter().map(|it| way(it, subscription)).collect(),
    }
}

fn way(way: Way, subscription: SubscriptionId) -> PathBody {
    let Way { path, role, groups } = way;
    let group = |(id, display_name): (ObjectId, _)| GroupBody { id: id.to_string(), display_name };
    PathBody {
        role_assignment_id: path.grant.to_string(),
        role_definition_id: role_id(path.role, Some(subscription)),
        role_name: role,
        inherited: path.scope != Scope::Subscription(subscription),
        scope: path.scope.to_string(),
        groups: groups.into_iter().map(group).collect(),
        actions: path.actions.iter().map(ToString::to_string).collect(),
    }
}
