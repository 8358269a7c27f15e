//! Fabrikam publishes; Contoso and Northwind are customers.

use delegation::{
    assign, define,
    dialect::Dialect,
    take::{self, Plan, Said},
};
use ids::{
    guid::{Principal, RoleId, SubscriptionId, TenantId},
    offer::{PlanId, Slot},
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    delegation::Authorization,
    market::{
        MarketNoun,
        acceptance::Acceptance,
        account::Publisher,
        form::{AudienceEntry, Visibility},
        manifest::Manifest,
        offer::{Audience, Audienced, Edition, PlanManifest, Stage},
    },
    question::Question,
    samples::{
        self, ADA, CONTRIBUTOR, NEIGHBOUR, OWNER, PROVIDER, READER, SUBSCRIPTION, TIER1,
        authorization, market,
    },
};
use operations::{
    acceptance::take::take as take_operation,
    delegation::{
        assign::{Assigned, assign as assign_operation},
        define::Defined,
    },
    error::Error,
    plane::Plane,
};
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
    let nouns = vec![
        Noun::Tenant(samples::tenant(NORTHWIND, "northwind")),
        Noun::User(samples::user(NORA, "nora")),
        Noun::User(samples::user(BEA, "bea")),
        Noun::Group(samples::group(TIER2, "tier2")),
        Noun::Membership(samples::membership(TIER2, BEA)),
        Noun::Subscription(samples::subscription(NEIGHBOUR, NORTHWIND)),
        Noun::Subscription(samples::subscription(SECOND, samples::CUSTOMER)),
        grant(Scope::Subscription(NEIGHBOUR), NORA, OWNER),
        of_market(MarketNoun::Account(market::account())),
        of_market(MarketNoun::Publisher(Publisher {
            id: market::publisher(),
            tenant: PROVIDER,
            display_name: "Fabrikam".to_owned(),
            created: samples::now(),
        })),
    ];
    testkit::plane(nouns.into_iter().chain(more).collect()).await
}

pub(crate) fn of_market(it: MarketNoun) -> Noun {
    Noun::Market(it)
}

pub(crate) fn grant(scope: Scope, who: Principal, role: RoleId) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, role))
}

/// One plan of Fabrikam's, published.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) plan: PlanId,
    pub(crate) slot: Slot,
    pub(crate) visibility: Visibility,
    pub(crate) audience: Vec<SubscriptionId>,
    pub(crate) versions: Vec<(&'static str, Vec<Authorization>)>,
    pub(crate) is_stopped: bool,
}

/// Public; Contributor in its first version.
pub(crate) fn shop() -> Shop {
    Shop {
        plan: market::plan_id(),
        slot: Slot::Live,
        visibility: Visibility::Public,
        audience: Vec::new(),
        versions: vec![("1.0.0", vec![authorization(TIER1, CONTRIBUTOR)])],
        is_stopped: false,
    }
}

/// The same with a second version that gives Reader instead.
pub(crate) fn two_versions() -> Shop {
    let mut it = shop();
    it.versions.push(("1.1.0", vec![authorization(TIER1, READER)]));
    it
}

impl Shop {
    pub(crate) fn nouns(&self) -> Vec<Noun> {
        let stage = Stage::Published(self.slot);
        let mut form = market::form();
        form.plans[0].name = self.plan.name.clone();
        form.plans[0].visibility = self.visibility;
        form.plans[0].audience = Vec::new();
        form.preview_audience = Vec::new();
        let manifest = |it: &[Authorization]| Manifest {
            tenant: PROVIDER,
            authorizations: it.to_vec(),
            eligible: Vec::new(),
        };
        form.plans[0].manifests = self
            .versions
            .iter()
            .map(|(version, it)| model::market::form::VersionedManifest {
                version: market::version(version),
                manifest: manifest(it),
            })
            .collect();
        let stopped = if self.is_stopped { vec![self.plan.name.clone()] } else { Vec::new() };
        let edition =
            Edition { offer: self.plan.offer.clone(), form, stopped, ..market::edition(stage) };
        let of = match self.slot {
            Slot::Preview => Audienced::Preview(self.plan.offer.clone(), stage),
            Slot::Live => Audienced::Plan(self.plan.clone(), stage),
        };
        let entry = |subscription: &SubscriptionId| AudienceEntry {
            subscription: *subscription,
            description: String::new(),
        };
        let entries = self.audience.iter().map(entry).collect();
        let rows = self.versions.iter().map(|(version, it)| {
            of_market(MarketNoun::PlanManifest(PlanManifest {
                plan: self.plan.clone(),
                manifest: manifest(it),
                live: (self.slot == Slot::Live).then(samples::now),
                ..market::plan_manifest(version)
            }))
        });
        let audience = Audience { of, tenant: PROVIDER, entries };
        rows.chain([
            of_market(MarketNoun::Edition(edition)),
            of_market(MarketNoun::Audience(audience)),
        ])
        .collect()
    }

    pub(crate) fn words(&self, version: &str) -> Plan {
        Plan {
            name: self.plan.name.to_string(),
            publisher: self.plan.offer.publisher.to_string(),
            product: self.slot.product(&self.plan.offer.name),
            version: version.to_owned(),
        }
    }

    /// That the tenant agreed to the terms, and accepted that version.
    pub(crate) fn agreed(&self, customer: TenantId, version: Option<&str>) -> Noun {
        of_market(MarketNoun::Acceptance(Acceptance {
            customer,
            plan: self.plan.clone(),
            slot: self.slot,
            version: version.map(market::version),
            ..market::acceptance("1.0.0")
        }))
    }

    pub(crate) fn request(&self, subscription: SubscriptionId, version: &str) -> take::Request {
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
        definition,
        dialect: Dialect::Eligible,
        id,
    };
    let scope = Scope::Resource(request.id.as_resource().clone());
    let context = testkit::context(who, &Action::ASSIGNMENTS_WRITE, scope);
    assign_operation(plane, &context, request).await
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
