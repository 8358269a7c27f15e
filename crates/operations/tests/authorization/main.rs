//! Roles, locks, providers and the activity log, on whole planes in memory.
#![expect(clippy::unwrap_used, reason = "test code")]

use ids::{
    guid::Principal,
    resource::{ResourceId, RoleAssignmentId},
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    delegation::{Authorization, Definition},
    directory::{ServicePrincipal, ServicePrincipalKind},
    question::{Question, Via},
    samples,
};
use operations::{context::Context, plane::Plane, roles::PutAssignment};
use uuid::Uuid;

mod activity;
mod definitions;
mod explain;
mod locks;
mod providers;
mod report;
mod roles;

/// The identity of a policy assignment in Contoso's subscription.
const BOT: Principal = samples::principal(samples::CUSTOMER, 0xB07);
/// One of Contoso's people, who holds nothing.
const NORA: Principal = samples::principal(samples::CUSTOMER, 0x40);

fn guid(scope: Scope, n: u128) -> RoleAssignmentId {
    RoleAssignmentId::at(scope, Uuid::from_u128(n).to_string().parse().unwrap()).unwrap()
}

fn policy() -> ResourceId {
    let path =
        format!("{}/providers/Microsoft.Authorization/policyAssignments/p", samples::whole());
    ResourceId::parse(&path, samples::CUSTOMER).unwrap()
}

/// Contoso with the bot and Nora; and Fabrikam's engineers hold what these say.
async fn plane(authorizations: Vec<Authorization>, at: Scope) -> Plane {
    let bot = ServicePrincipal {
        principal: BOT,
        app: ids::guid::AppId::new(Uuid::from_u128(0xB07)),
        display_name: "p".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::ManagedIdentity { resource: policy() },
    };
    let mut more = vec![
        Noun::User(samples::user(NORA, "nora")),
        Noun::ServicePrincipal(bot),
        Noun::ResourceGroup(testkit::group("app")),
        Noun::ResourceGroup(testkit::group("rg1")),
    ];
    if !authorizations.is_empty() {
        let definition = samples::definition(samples::SUBSCRIPTION);
        more.push(Noun::Definition(Definition { authorizations, ..definition }));
        more.push(Noun::Assignment(samples::assignment(at)));
    }
    testkit::plane(more).await
}

/// A request to read all of something in the subscription.
fn reading(who: Principal, action: &str, scope: Scope) -> Context {
    testkit::context(who, &Action::named(action), scope)
}

/// A request about one role assignment, as the front door judges it.
fn assigning(who: Principal, action: &Action, id: &RoleAssignmentId) -> Context {
    let scope = Scope::Resource(id.as_resource().clone());
    let question =
        Question { action: action.clone(), scope: scope.clone(), via: Via::AssigningSome };
    Context { question, ..testkit::context(who, action, scope) }
}

fn put(principal: Principal, role: ids::guid::RoleId, n: u128) -> PutAssignment {
    PutAssignment {
        id: guid(samples::whole(), n),
        role,
        principal: principal.object,
        principal_type: None,
        description: None,
        condition: None,
        condition_version: None,
        managed_identity_of: None,
    }
}
