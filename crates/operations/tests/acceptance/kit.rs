//! Fabrikam publishes; Contoso and Northwind are customers.

use std::sync::Arc;

use delegation::{
    assign, define,
    dialect::Dialect,
    take::{self, Plan, Said},
};
use ids::{
    clock::{Clock, TestClock},
    guid::{Principal, RoleId, SubscriptionId, TenantId},
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    question::Question,
    samples::{self, ADA, NEIGHBOUR, OWNER, PROVIDER, SUBSCRIPTION},
};
use operations::{
    acceptance::take::take as take_operation,
    delegation::{
        assign::{Assigned, assign as assign_operation},
        define::Defined,
        end::{Ended, end},
    },
    error::Error,
    plane::Plane,
};
use testkit::shop::{Shop, publisher};
use uuid::Uuid;

/// Another customer, and its owner.
pub(crate) const NORTHWIND: TenantId = TenantId::new(Uuid::from_u128(0x9));
pub(crate) const NORA: Principal = samples::principal(NORTHWIND, 0x40);
/// Contoso's second subscription.
pub(crate) const SECOND: SubscriptionId = SubscriptionId::new(Uuid::from_u128(0x52));
pub(crate) const DEFINITION: Uuid = Uuid::from_u128(0xD0D0_0000_4000_8000_0000_0000_0001);
/// Fabrikam's second group, and its engineer.
pub(crate) const TIER2: Principal = samples::principal(PROVIDER, 0x72);
pub(crate) const BEA: Principal = samples::principal(PROVIDER, 0xBE);

/// Both customers; of Contoso's two subscriptions, Olof owns the first.
pub(crate) async fn world(more: Vec<Noun>) -> Plane {
    world_by(Arc::new(TestClock::default()), more).await
}

/// The same on a clock that the test moves.
pub(crate) async fn world_by(clock: Arc<dyn Clock>, more: Vec<Noun>) -> Plane {
    let nouns = vec![
        Noun::Tenant(samples::tenant(NORTHWIND, "northwind")),
        Noun::User(samples::user(NORA, "nora")),
        Noun::User(samples::user(BEA, "bea")),
        Noun::Group(samples::group(TIER2, "tier2")),
        Noun::Membership(samples::membership(TIER2, BEA)),
        Noun::Subscription(samples::subscription(NEIGHBOUR, NORTHWIND)),
        Noun::Subscription(samples::subscription(SECOND, samples::CUSTOMER)),
        grant(Scope::Subscription(NEIGHBOUR), NORA, OWNER),
    ];
    let plane = testkit::empty_by(clock).await;
    let all = testkit::world().into_iter().chain(nouns).chain(publisher()).chain(more);
    testkit::put(&plane, all.collect()).await;
    plane
}

pub(crate) fn grant(scope: Scope, who: Principal, role: RoleId) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, role))
}

/// That plan as customers name and take it.
pub(crate) trait Take {
    fn words(&self, version: &str) -> Plan;
    fn request(&self, subscription: SubscriptionId, version: &str) -> take::Request;
}

impl Take for Shop {
    fn words(&self, version: &str) -> Plan {
        Plan {
            name: self.plan.name.to_string(),
            publisher: self.plan.offer.publisher.to_string(),
            product: self.slot.product(&self.plan.offer.name),
            version: version.to_owned(),
        }
    }

    fn request(&self, subscription: SubscriptionId, version: &str) -> take::Request {
        let name = DEFINITION.to_string().parse().unwrap();
        take::Request {
            id: DefinitionId::at(Scope::Subscription(subscription), name).unwrap(),
            plan: self.words(version),
            said: Said::default(),
            name: Some("Fabrikam Ops".to_owned()),
            description: None,
            dialect: Dialect::Eligible,
        }
    }
}

pub(crate) async fn take_as(
    plane: &Plane,
    who: Principal,
    request: take::Request,
) -> Result<Defined, Error> {
    let scope = Scope::Resource(request.id.as_resource().clone());
    let context = testkit::context(who, &Action::DEFINITIONS_WRITE, scope);
    take_operation(plane, &context, request).await
}

pub(crate) async fn define_as(
    plane: &Plane,
    who: Principal,
    request: define::Request,
) -> Result<Defined, Error> {
    let scope = Scope::Resource(request.id.as_resource().clone());
    let context = testkit::context(who, &Action::DEFINITIONS_WRITE, scope);
    operations::delegation::define::define(plane, &context, request).await
}

/// Delegates the whole subscription under the definition there.
pub(crate) async fn delegate_as(
    plane: &Plane,
    who: Principal,
    subscription: SubscriptionId,
) -> Result<Assigned, Error> {
    let name = DEFINITION.to_string();
    let scope = Scope::Subscription(subscription);
    let definition = DefinitionId::at(scope.clone(), name.parse().unwrap()).unwrap();
    let id = AssignmentId::at(scope, name.parse().unwrap()).unwrap();
    let request = assign::Request {
        definition_as_sent: definition.to_string(),
        period: None,
        definition,
        dialect: Dialect::Eligible,
        id,
    };
    let scope = Scope::Resource(request.id.as_resource().clone());
    let context = testkit::context(who, &Action::ASSIGNMENTS_WRITE, scope);
    assign_operation(plane, &context, request).await
}

/// Ends what was delegated there under that definition.
pub(crate) async fn end_as(plane: &Plane, who: Principal, scope: &Scope) -> Result<Ended, Error> {
    let id = AssignmentId::at(scope.clone(), DEFINITION.to_string().parse().unwrap()).unwrap();
    let within = Scope::Resource(id.as_resource().clone());
    let context = testkit::context(who, &Action::ASSIGNMENTS_DELETE, within);
    end(plane, &context, id).await
}

pub(crate) fn may(plane: &Plane, who: Principal, action: &Action, at: SubscriptionId) -> bool {
    let question = Question::any(action.clone(), Scope::Subscription(at));
    plane.index().check(who, &question, samples::now()).is_allowed()
}

/// Whether Fabrikam's engineer may write there, and read.
pub(crate) fn rights(plane: &Plane, at: SubscriptionId) -> (bool, bool) {
    (may(plane, ADA, &Action::GROUPS_WRITE, at), may(plane, ADA, &Action::GROUPS_READ, at))
}

/// The first subscription, the second and the neighbour's.
pub(crate) const ALL: [SubscriptionId; 3] = [SUBSCRIPTION, SECOND, NEIGHBOUR];
