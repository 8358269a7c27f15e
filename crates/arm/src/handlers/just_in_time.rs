//! Roles just in time (`Microsoft.Authorization`, as Privileged Identity Management has them): what
//! somebody may activate, asking for it, deciding about it, and what a customer demands before.
//!
//! An activation is whoever asks for it, a decision whoever may decide, and no role grants either: so
//! the front door lets everybody with a token in, and each operation shows and does what is the
//! caller's. What a tenant says of its own people takes the leave to give access.

use ids::{
    guid::{Principal, RoleId},
    scope::Scope,
};
use model::{directory::User, question::Via, role::PrincipalType, tree::Subscription};
use wire::arm::{
    just_in_time::{
        Expanded, Held,
        filter::{self, Wanted},
    },
    roles::role_id,
};

use crate::{
    failure::Failure,
    handlers::roles::filter::bad,
    request::Method::{Get, Patch, Post, Put},
    route::{
        Ask,
        Judge::{Action, Each},
        Route,
        Target::{Item, ItemAction, List},
        Versions::These,
        row,
    },
};

mod approvals;
mod children;
mod eligibility;
mod policies;
mod requests;
mod schedules;

/// The one of the REST reference, and the one that the SDKs send.
const VERSIONS: &[&str] = &["2024-09-01-preview", "2020-10-01"];
const APPROVAL_VERSIONS: &[&str] = &["2021-01-01-preview"];

const REQUESTS: &str = "Microsoft.Authorization/roleAssignmentScheduleRequests";
const ELIGIBILITY: &str = "Microsoft.Authorization/roleEligibilityScheduleRequests";
const CHILDREN: &str = "Microsoft.Authorization/eligibleChildResources";
const ASSIGNED: &str = "Microsoft.Authorization/roleAssignmentSchedules";
const ASSIGNED_NOW: &str = "Microsoft.Authorization/roleAssignmentScheduleInstances";
const ELIGIBLE: &str = "Microsoft.Authorization/roleEligibilitySchedules";
const ELIGIBLE_NOW: &str = "Microsoft.Authorization/roleEligibilityScheduleInstances";
const APPROVALS: &str = "Microsoft.Authorization/roleAssignmentApprovals";
const STAGES: &str = "Microsoft.Authorization/roleAssignmentApprovals/stages";
const POLICIES: &str = "Microsoft.Authorization/roleManagementPolicies";
const TIES: &str = "Microsoft.Authorization/roleManagementPolicyAssignments";

/// What each item is asked for, by the operation.
const EACH: crate::route::Judge = Each("{kind}/read");

const ENTITLING: crate::route::Judge =
    Action("Microsoft.Authorization/roleEligibilityScheduleRequests/write", Via::Direct);

pub(crate) const ROUTES: &[Route] = &[
    row(Get, Item(REQUESTS), These(VERSIONS), EACH, requests::get),
    row(Put, Item(REQUESTS), These(VERSIONS), Each("{kind}/write"), requests::put),
    row(Get, List(REQUESTS), These(VERSIONS), EACH, requests::list),
    row(
        Post,
        ItemAction(REQUESTS, "cancel"),
        These(VERSIONS),
        Each("{kind}/action"),
        requests::cancel,
    ),
    row(
        Post,
        ItemAction(REQUESTS, "validate"),
        These(VERSIONS),
        Each("Microsoft.Authorization/roleAssignmentScheduleRequests/write"),
        requests::validate,
    ),
    row(Get, List(CHILDREN), These(VERSIONS), EACH, children::list),
    row(Get, Item(ELIGIBILITY), These(VERSIONS), EACH, eligibility::get),
    // Who gives access there says what may be activated; the operation asks for which role, too.
    row(Put, Item(ELIGIBILITY), These(VERSIONS), ENTITLING, eligibility::put),
    row(Get, List(ELIGIBILITY), These(VERSIONS), EACH, eligibility::list),
    row(Post, ItemAction(ELIGIBILITY, "cancel"), These(VERSIONS), ENTITLING, eligibility::cancel),
    row(
        Post,
        ItemAction(ELIGIBILITY, "validate"),
        These(VERSIONS),
        ENTITLING,
        eligibility::validate,
    ),
    row(Get, Item(ASSIGNED), These(VERSIONS), EACH, schedules::assigned),
    row(Get, List(ASSIGNED), These(VERSIONS), EACH, schedules::all_assigned),
    row(Get, Item(ASSIGNED_NOW), These(VERSIONS), EACH, schedules::assigned_now),
    row(Get, List(ASSIGNED_NOW), These(VERSIONS), EACH, schedules::all_assigned_now),
    row(Get, Item(ELIGIBLE), These(VERSIONS), EACH, schedules::eligible),
    row(Get, List(ELIGIBLE), These(VERSIONS), EACH, schedules::all_eligible),
    row(Get, Item(ELIGIBLE_NOW), These(VERSIONS), EACH, schedules::eligible_now),
    row(Get, List(ELIGIBLE_NOW), These(VERSIONS), EACH, schedules::all_eligible_now),
    row(Get, Item(APPROVALS), These(APPROVAL_VERSIONS), EACH, approvals::get),
    row(Get, List(STAGES), These(APPROVAL_VERSIONS), EACH, approvals::stages),
    row(Get, Item(STAGES), These(APPROVAL_VERSIONS), EACH, approvals::stage),
    row(Patch, Item(STAGES), These(APPROVAL_VERSIONS), Each("{kind}/write"), approvals::decide),
    // What a customer demands is its own people's to read, and to say.
    row(Get, Item(POLICIES), These(VERSIONS), Action("{kind}/read", Via::Direct), policies::get),
    row(
        Patch,
        Item(POLICIES),
        These(VERSIONS),
        Action("{kind}/write", Via::Direct),
        policies::patch,
    ),
    row(Get, List(POLICIES), These(VERSIONS), Action("{kind}/read", Via::Direct), policies::list),
    row(Get, Item(TIES), These(VERSIONS), Action("{kind}/read", Via::Direct), policies::tie),
    row(Get, List(TIES), These(VERSIONS), Action("{kind}/read", Via::Direct), policies::ties),
];

/// Whose items a request asks for.
fn wanted(ask: &Ask<'_>) -> Result<Wanted, Failure> {
    let text = ask.query.get("$filter").filter(|it| !it.trim().is_empty());
    let read = text.map_or(Ok(Wanted::default()), filter::read);
    read.map_err(|refused| bad(refused.to_string()))
}

/// A role that somebody holds, or may hold, with what people read of it. Who somebody is, is for
/// those of their own tenant alone.
async fn held(
    ask: &Ask<'_>,
    scope: &Scope,
    role: RoleId,
    (who, kind): (Principal, PrincipalType),
) -> Result<Held, Failure> {
    let index = ask.plane.index();
    let built_in = index.catalogue().role(role).map(|it| it.name.clone());
    let expanded = Expanded {
        scope: named(ask, scope).await?,
        is_custom: built_in.is_none(),
        role: built_in.unwrap_or_else(|| role.to_string()),
        principal: person(ask, who)
            .await?
            .map(|it| (it.display_name, Some(it.user_principal_name))),
    };
    Ok(Held {
        scope: scope.to_string(),
        role,
        role_definition_id: role_id(role, scope.subscription()),
        principal: who.object,
        principal_type: kind,
        expanded,
    })
}

/// Somebody of the caller's own tenant.
async fn person(ask: &Ask<'_>, who: Principal) -> Result<Option<User>, Failure> {
    if who.tenant != ask.context.caller.principal.tenant {
        return Ok(None);
    }
    let snapshot = ask.plane.store.snapshot().await?;
    Ok(snapshot.find::<User>(&who).await?)
}

/// What a scope is called, and of which kind it is. Whoever sees an activation there has come by
/// the subscription already.
async fn named(ask: &Ask<'_>, scope: &Scope) -> Result<(String, String), Failure> {
    Ok(match scope {
        Scope::Subscription(id) => {
            let snapshot = ask.plane.store.snapshot().await?;
            let found = snapshot.find::<Subscription>(id).await?;
            let name = found.map_or_else(|| id.to_string(), |it| it.display_name);
            (name, "subscription".to_owned())
        }
        Scope::ResourceGroup(_, name) => (name.to_string(), "resourcegroup".to_owned()),
        Scope::Resource(id) => (id.name().to_string(), id.kind().to_string()),
        Scope::ManagementGroup(_, name) => (name.to_string(), "managementgroup".to_owned()),
        Scope::Tenant(id) => (id.to_string(), "tenant".to_owned()),
    })
}
