//! A small world to delegate in, and requests that are fine.

use delegation::{assign, define, dialect::Dialect};
use ids::{
    guid::{Principal, RoleId, SubscriptionId, TenantId},
    resource::{AssignmentId, DefinitionId, ResourceId},
    scope::Scope,
};
use model::{
    action::Action,
    activity::{Activity, Log},
    change::Noun,
    delegation::{Assignment, Definition},
    event::Event,
    question::Question,
    samples::{
        self, CONTRIBUTOR, DELETE_ROLE, NEIGHBOUR, OWNER, PROVIDER, SUBSCRIPTION, TIER1,
        authorization, resource_group, whole,
    },
    tree::{ResourceGroup, Tags},
};
use operations::{
    context::Context,
    delegation::{
        assign::{Assigned, assign as assign_operation},
        define::{Defined, define as define_operation},
        end::{Ended, end as end_operation},
    },
    error::Error,
    plane::Plane,
};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    snapshot::Page,
};
use uuid::Uuid;

/// Another provider, and its engineer.
pub(super) const RIVAL: TenantId = TenantId::new(Uuid::from_u128(0xB));
pub(super) const BO: Principal = samples::principal(RIVAL, 0xB0);
/// Another customer.
pub(super) const NORTHWIND: TenantId = TenantId::new(Uuid::from_u128(0x9));
/// Ada's colleague, in none of the groups.
pub(super) const CARL: Principal = samples::principal(PROVIDER, 0xCA);
pub(super) const READ: Action = Action::GROUPS_READ;

/// Contoso with two resource groups, Northwind, Fabrikam and a rival of Fabrikam's; nothing
/// delegated.
pub(super) async fn world(more: Vec<Noun>) -> Plane {
    let group = |name: &str| {
        Noun::ResourceGroup(ResourceGroup {
            subscription: SUBSCRIPTION,
            name: name.parse().unwrap(),
            location: "westeurope".to_owned(),
            tags: Tags::new(),
            managed_by: None,
            system_data: samples::system_data(),
        })
    };
    let nouns = [
        Noun::Tenant(samples::tenant(RIVAL, "rival")),
        Noun::Tenant(samples::tenant(NORTHWIND, "northwind")),
        Noun::User(samples::user(BO, "bo")),
        Noun::User(samples::user(CARL, "carl")),
        Noun::Subscription(samples::subscription(NEIGHBOUR, NORTHWIND)),
        group("rg1"),
        group("rg10"),
    ];
    testkit::plane(nouns.into_iter().chain(more).collect()).await
}

/// Contributor and Delete Role for Fabrikam's engineers.
pub(super) fn offer() -> define::Request {
    let Definition { id, managed_by, name, description, eligible, .. } =
        samples::definition(SUBSCRIPTION);
    let authorizations = [CONTRIBUTOR, DELETE_ROLE].map(|role| authorization(TIER1, role)).into();
    let (accepted, dialect) = (None, Dialect::Eligible);
    define::Request {
        id,
        managed_by,
        name,
        description,
        authorizations,
        eligible,
        accepted,
        dialect,
    }
}

/// The same of the rival, for its engineer.
pub(super) fn rivals_offer() -> define::Request {
    let name = Uuid::from_u128(0xB1D).to_string().parse().unwrap();
    define::Request {
        id: DefinitionId::at(whole(), name).unwrap(),
        managed_by: RIVAL,
        authorizations: [CONTRIBUTOR, DELETE_ROLE].map(|role| authorization(BO, role)).into(),
        ..offer()
    }
}

pub(super) fn accepting(offer: &define::Request, scope: Scope) -> assign::Request {
    assign::Request {
        id: AssignmentId::at(scope, offer.id.name().clone()).unwrap(),
        definition: offer.id.clone(),
        definition_as_sent: offer.id.to_string(),
        period: None,
        dialect: Dialect::Eligible,
    }
}

/// Both offers, the provider's accepted by the subscription, the rival's by one group.
pub(super) fn both_delegated() -> Vec<Noun> {
    let mut nouns = Vec::new();
    for (offer, scope) in [(offer(), whole()), (rivals_offer(), resource_group("rg1"))] {
        let accepted = accepting(&offer, scope);
        nouns.push(Noun::Definition(Definition {
            id: offer.id.clone(),
            managed_by: offer.managed_by,
            authorizations: offer.authorizations,
            ..samples::definition(SUBSCRIPTION)
        }));
        nouns.push(Noun::Assignment(Assignment {
            id: accepted.id,
            definition: accepted.definition,
            definition_as_sent: accepted.definition_as_sent,
            managed_by: offer.managed_by,
            partner: None,
            period: None,
            system_data: samples::system_data(),
        }));
    }
    nouns
}

pub(super) fn grant(scope: Scope, who: Principal, role: RoleId) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, role))
}

pub(super) fn about(who: Principal, action: &Action, id: &ResourceId) -> Context {
    testkit::context(who, action, Scope::Resource(id.clone()))
}

pub(super) async fn define_as(
    plane: &Plane,
    who: Principal,
    request: define::Request,
) -> Result<Defined, Error> {
    let context = about(who, &Action::DEFINITIONS_WRITE, request.id.as_resource());
    define_operation(plane, &context, request).await
}

pub(super) async fn assign_as(
    plane: &Plane,
    who: Principal,
    request: assign::Request,
) -> Result<Assigned, Error> {
    let context = about(who, &Action::ASSIGNMENTS_WRITE, request.id.as_resource());
    assign_operation(plane, &context, request).await
}

pub(super) async fn end_as(
    plane: &Plane,
    who: Principal,
    id: &AssignmentId,
) -> Result<Ended, Error> {
    let context = about(who, &Action::ASSIGNMENTS_DELETE, id.as_resource());
    end_operation(plane, &context, id.clone()).await
}

/// Whether the principal may read resource groups there, by the index of this moment.
pub(super) fn reads(plane: &Plane, who: Principal, scope: Scope) -> bool {
    plane.index().check(who, &Question::any(READ, scope), samples::now()).is_allowed()
}

/// Everything that a write leaves: journal, and each party's activity log.
pub(super) async fn trace(plane: &Plane) -> (Vec<Event>, Vec<Activity>) {
    let mut records = Vec::new();
    for log in [Log::Subscription(SUBSCRIPTION), Log::Tenant(PROVIDER), Log::Tenant(RIVAL)] {
        records.extend(log_of(plane, log).await);
    }
    (testkit::events(plane).await, records)
}

pub(super) async fn log_of(plane: &Plane, log: Log) -> Vec<Activity> {
    let day = jiff::SignedDuration::from_hours(24);
    let filter = ActivityFilter::default();
    let query = ActivityQuery { log, from: samples::now() - day, to: samples::now() + day, filter };
    plane.store.activity(&query, Page::first()).await.unwrap().items
}

pub(super) fn owner_of(subscription: SubscriptionId, who: Principal) -> Noun {
    grant(Scope::Subscription(subscription), who, OWNER)
}
