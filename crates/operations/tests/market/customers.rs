//! Contoso with two subscriptions and Northwind with one, a plan with a version in the preview, and
//! what customers do about it.

use delegation::{
    assign,
    dialect::Dialect,
    take::{self, Plan, Said},
};
use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    offer::Slot,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
    version::Version,
};
use model::{
    action::Action,
    change::Noun,
    delegation::{Authorization, Definition},
    market::{
        acceptance::Acceptance,
        form::{Form, Terms, VersionedManifest, Visibility},
        manifest::Manifest,
        submission::SubmissionId,
    },
    question::Question,
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, NEIGHBOUR, OLOF, OWNER, READER, TIER1,
        market as sample,
    },
};
use operations::{
    acceptance::{
        At,
        accept::{Wanted, accept, update},
        decide::{Word, decide},
        read, take as taking, terms,
    },
    context::Context,
    delegation::assign::assign as delegate,
    error::Error,
    market::submissions::go_live,
    plane::Plane,
};
use store::{records::ranges, snapshot::Page};
use uuid::Uuid;

use crate::{
    between::Scene,
    kit::{
        DAN, accounts, by, customer, drafted, form, live, offer_id, people, previewed, saved,
        worked,
    },
};

/// Contoso's second subscription. Olof owns both.
pub(super) const SECOND: SubscriptionId = SubscriptionId::new(Uuid::from_u128(0x52));

/// Another customer, and its owner.
pub(super) fn northwind() -> (TenantId, Principal) {
    let tenant = customer(0x9);
    (tenant, samples::principal(tenant, 0x40))
}

pub(super) fn version(n: usize) -> Version {
    format!("1.{n}.0").parse().unwrap()
}

/// Each version gives something else.
pub(super) fn gives(n: usize) -> Vec<Authorization> {
    let role = [CONTRIBUTOR, READER, DELETE_ROLE][n];
    vec![samples::authorization(TIER1, role), samples::authorization(ADA, READER)]
}

/// And its publisher asks for other terms with each.
pub(super) fn terms_of(n: usize) -> Terms {
    Terms::Text(format!("Terms of version {n}."))
}

/// A public plan with so many versions.
pub(super) fn versions(many: usize) -> Form {
    let mut form = form();
    form.terms = terms_of(many - 1);
    let plan = &mut form.plans[0];
    plan.visibility = Visibility::Public;
    plan.audience.clear();
    let sample = plan.manifests.remove(0).manifest;
    plan.manifests.extend((0..many).map(|n| {
        let manifest = Manifest { authorizations: gives(n), ..sample.clone() };
        VersionedManifest { version: version(n), manifest }
    }));
    form
}

/// So many versions live, and one more in the preview.
pub(super) async fn scene(many: usize) -> (Scene, SubmissionId) {
    let scene = Scene::new().await;
    let plane = &*scene.plane;
    let (tenant, nora) = northwind();
    let grant = |at, who| {
        let scope = Scope::Subscription(at);
        Noun::RoleAssignment(samples::role_assignment(scope, who, OWNER))
    };
    let customers = vec![
        Noun::Tenant(samples::tenant(tenant, "northwind")),
        Noun::User(samples::user(nora, "nora")),
        Noun::Subscription(samples::subscription(NEIGHBOUR, tenant)),
        Noun::Subscription(samples::subscription(SECOND, CUSTOMER)),
        grant(NEIGHBOUR, nora),
        grant(SECOND, OLOF),
    ];
    let world = testkit::world().into_iter().chain(people()).chain(accounts()).chain(customers);
    testkit::put(plane, world.collect()).await;
    drafted(plane, &versions(1)).await;
    live(plane).await;
    for more in 2..=many {
        saved(plane, &versions(more)).await.unwrap();
        live(plane).await;
    }
    saved(plane, &versions(many + 1)).await.unwrap();
    let preview = previewed(plane).await;
    (scene, preview)
}

pub(super) fn at(subscription: SubscriptionId) -> At {
    let plan = sample::plan_id();
    At {
        subscription,
        publisher: plan.offer.publisher.to_string(),
        product: plan.offer.name.to_string(),
        plan: plan.name.to_string(),
    }
}

pub(super) fn context(who: Principal, subscription: SubscriptionId) -> Context {
    let action = Action::ROLE_ASSIGNMENTS_WRITE;
    testkit::context(who, &action, Scope::Subscription(subscription))
}

/// Puts the preview on the storefront.
pub(super) async fn publish(plane: &Plane, preview: SubmissionId) {
    go_live::go_live(plane, &by(DAN), &offer_id(), preview).await.unwrap();
    worked(plane).await;
}

/// What a customer does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Accepts that version, all in one.
    Accept(SubscriptionId, Option<usize>),
    /// Puts a definition with that version, as templates do.
    Take(SubscriptionId, usize),
    /// Accepts that version in the place of the one in force.
    Update(SubscriptionId, usize),
    /// Says no to it.
    Decline(SubscriptionId, usize),
    /// Takes the agreement to the terms back.
    Cancel(SubscriptionId),
}

pub(super) async fn act(plane: &Plane, who: Principal, act: Act) -> Result<(), Error> {
    match act {
        Act::Accept(subscription, n) => {
            let wanted = Wanted {
                at: at(subscription),
                version: n.map(version),
                is_agreed: n.is_some(),
                name: None,
                description: None,
                person: None,
            };
            accept(plane, &context(who, subscription), wanted).await.map(drop)
        }
        Act::Take(subscription, n) => {
            let At { publisher, product, plan: name, .. } = at(subscription);
            let plan = Plan { name, publisher, product, version: version(n).to_string() };
            let name = Uuid::from_u128(0xD0D0).to_string().parse().unwrap();
            let id = DefinitionId::at(Scope::Subscription(subscription), name).unwrap();
            let scope = Scope::Resource(id.as_resource().clone());
            let context = testkit::context(who, &Action::DEFINITIONS_WRITE, scope);
            let (said, dialect) = (Said::default(), Dialect::Eligible);
            let (name, description) = (None, None);
            let request = take::Request { id, plan, said, name, description, dialect };
            taking::take(plane, &context, request).await.map(drop)
        }
        Act::Update(subscription, n) => {
            let (context, at) = (context(who, subscription), at(subscription));
            update(plane, &context, &at, Some(version(n)), true).await.map(drop)
        }
        Act::Decline(subscription, n) => {
            let (context, at) = (context(who, subscription), at(subscription));
            decide(plane, &context, &at, Word::Decline(Some(version(n)))).await.map(drop)
        }
        Act::Cancel(subscription) => {
            terms::cancel(plane, &context(who, subscription), &at(subscription)).await.map(drop)
        }
    }
}

/// Delegates the whole subscription under what is accepted there.
pub(super) async fn delegated(plane: &Plane, who: Principal, subscription: SubscriptionId) {
    delegated_at(plane, who, &Scope::Subscription(subscription)).await;
}

/// Delegates the scope under what is accepted in its subscription.
pub(super) async fn delegated_at(plane: &Plane, who: Principal, scope: &Scope) {
    let subscription = scope.subscription().unwrap();
    let shown = read::get(plane, &context(who, subscription), &at(subscription)).await.unwrap();
    let definition = shown.definitions[0].clone();
    let id = AssignmentId::at(scope.clone(), definition.name().clone()).unwrap();
    let context = testkit::context(
        who,
        &Action::ASSIGNMENTS_WRITE,
        Scope::Resource(id.as_resource().clone()),
    );
    let definition_as_sent = definition.to_string();
    let request = assign::Request {
        definition_as_sent,
        definition,
        period: None,
        dialect: Dialect::Eligible,
        id,
    };
    delegate(plane, &context, request).await.unwrap();
}

/// Which version a customer has: one, whole, in all that stands for it.
pub(super) async fn in_force(plane: &Plane, customer: TenantId) -> Option<usize> {
    let snapshot = plane.store.snapshot().await.unwrap();
    let plan = sample::plan_id();
    let range = ranges::market::definitions_of_acceptance(customer, &plan, Slot::Live);
    let found = snapshot.list::<Definition>(&range, Page::first()).await.unwrap().items;
    let key = (customer, plan, Slot::Live);
    let acceptance = snapshot.find::<Acceptance>(&key).await.unwrap();
    let accepted = acceptance.as_ref().and_then(|it| it.version);
    let Some(accepted) = accepted else {
        assert!(found.is_empty(), "{found:?}");
        return None;
    };
    let n = (0..3).find(|n| version(*n) == accepted).unwrap();
    assert_eq!(acceptance.unwrap().terms.terms, terms_of(n), "of that version");
    assert!(!found.is_empty());
    for it in &found {
        assert_eq!(it.accepted.as_ref().unwrap().plan.version, accepted, "{it:?}");
        assert_eq!(it.authorizations, gives(n), "{it:?}");
    }
    Some(n)
}

/// What Fabrikam's engineer can do there.
pub(super) fn rights(plane: &Plane, at: SubscriptionId) -> [bool; 3] {
    let delete = Action::ASSIGNMENTS_DELETE;
    [Action::GROUPS_READ, Action::GROUPS_WRITE, delete].map(|action| {
        let question = Question::any(action, Scope::Subscription(at));
        plane.index().check(ADA, &question, samples::now()).is_allowed()
    })
}

/// What each version gives of that.
pub(super) fn given(n: usize) -> [bool; 3] {
    [[true, true, true], [true, false, false], [true, false, true]][n]
}
