//! Definitions with a plan.

use delegation::{define, dialect::Dialect, refused::Refused, take};
use ids::{
    offer::{PlanId, Slot},
    resource::DefinitionId,
    scope::Scope,
};
use model::{
    action::Action,
    activity::{Activity, Log},
    change::{Change, Noun},
    delegation::Definition,
    directory::UserKind,
    market::{
        MarketNoun,
        acceptance::Acceptance,
        form::{Terms, Visibility},
        lead::Lead,
    },
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, NEIGHBOUR, OLOF, OWNER, PROVIDER, READER, SUBSCRIPTION,
        TIER1, authorization, market,
    },
};
use operations::{
    delegation::{assign::Assigned, define::Defined},
    error::Error,
    plane::Plane,
};
use proptest::prelude::*;
use store::{
    activity::{ActivityFilter, ActivityQuery},
    records::ranges,
    snapshot::Page,
};

use testkit::shop::{Shop, shop, two_versions};

use super::kit::{
    ALL, BEA, DEFINITION, NORA, NORTHWIND, SECOND, TIER2, Take, define_as, delegate_as, grant, may,
    rights, take_as, world,
};

fn refusal(outcome: Result<Defined, Error>) -> take::Refused {
    match outcome {
        Err(Error::Delegation(Refused::Take(why))) => why,
        other => panic!("{other:?}"),
    }
}

async fn acceptance(plane: &Plane, shop: &Shop, customer: ids::guid::TenantId) -> Acceptance {
    let id = (customer, shop.plan.clone(), shop.slot);
    plane.store.snapshot().await.unwrap().find::<Acceptance>(&id).await.unwrap().unwrap()
}

/// What Fabrikam's own log tells of what is delegated to it.
async fn news(plane: &Plane) -> Vec<Activity> {
    let mut all = publishers_log(plane).await;
    all.retain(|it| !it.action.as_str().starts_with("Fyr.Market/"));
    all
}

/// All that Fabrikam's own log tells.
pub(crate) async fn publishers_log(plane: &Plane) -> Vec<Activity> {
    let day = jiff::SignedDuration::from_hours(24);
    let filter = ActivityFilter::default();
    let (from, to) = (samples::now() - day, samples::now() + day);
    let query = ActivityQuery { log: Log::Tenant(PROVIDER), from, to, filter };
    plane.store.activity(&query, Page::first()).await.unwrap().items
}

#[tokio::test]
async fn a_plan_is_taken_delegated_and_followed_to_its_next_version() {
    let shop = shop();
    let seed = [shop.nouns(), vec![shop.agreed(CUSTOMER, None)]].concat();
    let plane = world(seed).await;

    let taken = take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.unwrap();
    let Defined::Created(shown) = taken else { panic!() };
    assert_eq!(shown.it.managed_by, PROVIDER);
    assert_eq!(acceptance(&plane, &shop, CUSTOMER).await.version, Some(market::version("1.0.0")));
    assert_eq!(rights(&plane, SUBSCRIPTION), (false, false), "accepted, not delegated");

    let Assigned::Created(made, _) = delegate_as(&plane, OLOF, SUBSCRIPTION).await.unwrap() else {
        panic!()
    };
    assert_eq!(made.partner, Some(market::partner()), "nobody had to say so");
    assert_eq!(rights(&plane, SUBSCRIPTION), (true, true));

    let newer = two_versions();
    testkit::put(&plane, newer.nouns()).await;
    assert_eq!(rights(&plane, SUBSCRIPTION), (true, true), "a publication changes nothing");
    let updated = take_as(&plane, OLOF, newer.request(SUBSCRIPTION, "1.1.0")).await.unwrap();
    assert!(matches!(updated, Defined::Updated(..)));
    assert_eq!(rights(&plane, SUBSCRIPTION), (false, true));
    assert_eq!(news(&plane).await.len(), 2, "b51: an update is told as another delegation");
    let back = refusal(take_as(&plane, OLOF, newer.request(SUBSCRIPTION, "1.0.0")).await);
    assert!(matches!(back, take::Refused::OtherVersion { .. }), "{back:?}");
}

#[tokio::test]
async fn taking_a_plan_leaves_a_lead_for_its_publisher_and_a_job_that_sends_it() {
    let shop = shop();
    let plane = world([shop.nouns(), vec![shop.agreed(CUSTOMER, None)]].concat()).await;
    take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.unwrap();
    take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.unwrap();
    let snapshot = plane.store.snapshot().await.unwrap();
    let range = ranges::market::leads_of(PROVIDER);
    let leads = snapshot.list::<Lead>(&range, Page::first()).await.unwrap().items;
    let [lead] = leads.as_slice() else { panic!("{leads:?}") };
    assert_eq!((&lead.person, lead.source.as_str()), (&None, "AzurePortal-Create"));
    let minute = jiff::SignedDuration::from_mins(1);
    let (job, _) = plane.store.jobs().lease(&["lead"], minute).await.unwrap().unwrap();
    assert_eq!(job.state["lead"], serde_json::json!(lead.id));
}

#[tokio::test]
async fn a_plan_for_others_is_refused_byte_for_byte_as_one_that_is_not_there() {
    let hidden = [
        Shop { visibility: Visibility::Private, audience: vec![NEIGHBOUR, SECOND], ..shop() },
        Shop { visibility: Visibility::Private, ..shop() },
        Shop { slot: Slot::Preview, audience: vec![NEIGHBOUR], ..shop() },
        Shop { is_stopped: true, ..shop() },
    ];
    for shop in hidden {
        let agreed = shop.agreed(CUSTOMER, None);
        let with = world([shop.nouns(), vec![agreed]].concat()).await;
        let without = world(Vec::new()).await;
        let before = testkit::events(&with).await.len();
        for version in ["1.0.0", "2.0.0"] {
            let request = || shop.request(SUBSCRIPTION, version);
            let told = refusal(take_as(&with, OLOF, request()).await);
            let absent = refusal(take_as(&without, OLOF, request()).await);
            assert_eq!(told.to_string(), absent.to_string());
            assert_eq!(told, absent);
        }
        assert_eq!(testkit::events(&with).await.len(), before);
    }
}

#[tokio::test]
async fn a_preview_is_taken_by_its_audience_whatever_its_plans_are_and_is_no_live_plan() {
    let preview = Shop {
        slot: Slot::Preview,
        visibility: Visibility::Private,
        audience: vec![SUBSCRIPTION],
        ..shop()
    };
    let plane = world([preview.nouns(), vec![preview.agreed(CUSTOMER, None)]].concat()).await;
    let live = Shop { slot: Slot::Live, ..preview.clone() };
    let refused = refusal(take_as(&plane, OLOF, live.request(SUBSCRIPTION, "1.0.0")).await);
    assert!(matches!(refused, take::Refused::NoSuchPlan(_)));
    assert!(take_as(&plane, OLOF, preview.request(SUBSCRIPTION, "1.0.0")).await.is_ok());
}

#[tokio::test]
async fn without_terms_there_is_nothing_to_take() {
    let shop = shop();
    let plane = world(shop.nouns()).await;
    let refused = refusal(take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await);
    assert_eq!(refused, take::Refused::NoTerms(market::plan_version("1.0.0")));
    // Another customer's agreement is another's.
    testkit::put(&plane, vec![shop.agreed(NORTHWIND, None)]).await;
    let refused = refusal(take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await);
    assert_eq!(refused, take::Refused::NoTerms(market::plan_version("1.0.0")));
}

#[tokio::test]
async fn one_version_holds_for_all_that_a_tenant_delegated_and_another_tenant_decides_alone() {
    let shop = shop();
    let seed = vec![
        shop.agreed(CUSTOMER, None),
        shop.agreed(NORTHWIND, None),
        grant(Scope::Subscription(SECOND), OLOF, OWNER),
    ];
    let plane = world([shop.nouns(), seed].concat()).await;
    for (who, at) in [(OLOF, SUBSCRIPTION), (OLOF, SECOND), (NORA, NEIGHBOUR)] {
        take_as(&plane, who, shop.request(at, "1.0.0")).await.unwrap();
        delegate_as(&plane, who, at).await.unwrap();
    }
    let newer = two_versions();
    testkit::put(&plane, newer.nouns()).await;
    take_as(&plane, OLOF, newer.request(SECOND, "1.1.0")).await.unwrap();
    assert_eq!(ALL.map(|at| rights(&plane, at).0), [false, false, true]);
    // What is new in the tenant is of the version in force, or there is none.
    let old = refusal(take_as(&plane, OLOF, newer.request(SUBSCRIPTION, "1.0.0")).await);
    assert!(matches!(old, take::Refused::OtherVersion { .. }));
}

#[tokio::test]
async fn an_update_takes_the_delegation_rule_on_every_covered_subscription_and_else_changes_none() {
    let shop = shop();
    let seed = vec![shop.agreed(CUSTOMER, None), grant(Scope::Subscription(SECOND), OLOF, OWNER)];
    let plane = world([shop.nouns(), seed].concat()).await;
    for at in [SUBSCRIPTION, SECOND] {
        take_as(&plane, OLOF, shop.request(at, "1.0.0")).await.unwrap();
        delegate_as(&plane, OLOF, at).await.unwrap();
    }
    let newer = two_versions();
    let owner = grant(Scope::Subscription(SECOND), OLOF, OWNER);
    testkit::put(&plane, newer.nouns()).await;
    testkit::apply(&plane, vec![Change::Remove(owner)]).await;
    let before = testkit::events(&plane).await.len();

    for role in [None, Some(CONTRIBUTOR), Some(READER)] {
        let more = role.map(|role| grant(Scope::Subscription(SECOND), OLOF, role));
        testkit::put(&plane, more.into_iter().collect()).await;
        let refused = refusal(take_as(&plane, OLOF, newer.request(SUBSCRIPTION, "1.1.0")).await);
        assert_eq!(refused, take::Refused::CoversMore(market::plan_id()));
        assert!(!refused.to_string().contains(&SECOND.to_string()), "it is not named");
    }
    assert_eq!(testkit::events(&plane).await.len(), before + 2, "the grants alone");
    assert_eq!([SUBSCRIPTION, SECOND].map(|at| rights(&plane, at).0), [true, true]);
    assert_eq!(acceptance(&plane, &shop, CUSTOMER).await.version, Some(market::version("1.0.0")));
}

/// Everybody who is not the customer's owner, and what they hold there.
#[tokio::test]
async fn nobody_but_an_owner_of_the_customers_own_takes_a_plan() {
    let whole = || Scope::Subscription(SUBSCRIPTION);
    let colleague = samples::principal(CUSTOMER, 0xC1);
    let guest = samples::principal(CUSTOMER, 0xC2);
    let shop = shop();
    let mut guest_user = samples::user(guest, "guest");
    guest_user.kind = UserKind::Guest { home: NORA };
    let seed = vec![
        shop.agreed(CUSTOMER, None),
        Noun::User(samples::user(colleague, "colleague")),
        Noun::User(guest_user),
        grant(whole(), colleague, CONTRIBUTOR),
        grant(whole(), guest, OWNER),
        // Fabrikam manages the subscription already, by a delegation of Contributor.
        Noun::Definition(samples::definition(SUBSCRIPTION)),
        Noun::Assignment(samples::assignment(whole())),
    ];
    let plane = world([shop.nouns(), seed].concat()).await;
    assert!(may(&plane, ADA, &Action::DEFINITIONS_WRITE, SUBSCRIPTION), "by Contributor's `*`");
    let before = testkit::events(&plane).await.len();
    for who in [colleague, guest, ADA, NORA] {
        for plan in [shop.clone(), Shop { visibility: Visibility::Private, ..shop.clone() }] {
            let refused = take_as(&plane, who, plan.request(SUBSCRIPTION, "1.0.0")).await;
            assert!(matches!(refused, Err(Error::Denied(_))), "{who:?}: {refused:?}");
        }
    }
    assert_eq!(testkit::events(&plane).await.len(), before);
}

#[tokio::test]
async fn another_publishers_plan_gives_nothing_of_this_ones() {
    let shop = shop();
    let plane = world([shop.nouns(), vec![shop.agreed(CUSTOMER, None)]].concat()).await;
    let mut other = shop.request(SUBSCRIPTION, "1.0.0");
    other.plan.publisher = "rivals".to_owned();
    let refused = refusal(take_as(&plane, OLOF, other).await);
    assert!(matches!(refused, take::Refused::NoSuchPlan(_)));
    // Written in capitals it is the same plan, and the same acceptance.
    let mut shout = shop.request(SUBSCRIPTION, "1.0.0");
    shout.plan.publisher = "FABRIKAM".to_owned();
    shout.plan.product = "OPS".to_owned();
    shout.plan.name = "Core".to_owned();
    let Defined::Created(shown) = take_as(&plane, OLOF, shout).await.unwrap() else { panic!() };
    assert_eq!(shown.it.accepted.unwrap().plan, market::plan_version("1.0.0"));
}

#[tokio::test]
async fn what_was_taken_from_a_plan_cannot_be_widened_beside_it() {
    let shop = shop();
    let plane = world([shop.nouns(), vec![shop.agreed(CUSTOMER, None)]].concat()).await;
    take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.unwrap();
    let take::Request { id, name, description, .. } = shop.request(SUBSCRIPTION, "1.0.0");
    let own = define::Request {
        id,
        name,
        description,
        managed_by: PROVIDER,
        authorizations: vec![authorization(TIER1, READER)],
        eligible: Vec::new(),
        accepted: None,
        dialect: Dialect::Eligible,
    };
    let refused = define_as(&plane, OLOF, own).await;
    assert!(matches!(
        refused,
        Err(Error::Delegation(Refused::Define(define::Refused::OtherPlan(_))))
    ));
}

/// A plan for each customer, each for a group of its own.
#[tokio::test]
async fn two_customers_two_private_plans_two_groups_and_neither_group_reaches_the_others_customer()
{
    let plan = |name: &str, group, at| Shop {
        plan: PlanId { name: name.parse().unwrap(), ..market::plan_id() },
        visibility: Visibility::Private,
        audience: vec![at],
        versions: vec![("1.0.0", vec![authorization(group, CONTRIBUTOR)])],
        ..shop()
    };
    let (ours, theirs) = (plan("one", TIER1, SUBSCRIPTION), plan("two", TIER2, NEIGHBOUR));
    let seed = vec![
        ours.agreed(CUSTOMER, None),
        theirs.agreed(CUSTOMER, None),
        ours.agreed(NORTHWIND, None),
        theirs.agreed(NORTHWIND, None),
    ];
    let mut nouns = [ours.nouns(), theirs.nouns(), seed].concat();
    both_in_one_edition(&mut nouns);
    let plane = world(nouns).await;
    for (who, at, own, other) in
        [(OLOF, SUBSCRIPTION, &ours, &theirs), (NORA, NEIGHBOUR, &theirs, &ours)]
    {
        let refused = refusal(take_as(&plane, who, other.request(at, "1.0.0")).await);
        assert!(matches!(refused, take::Refused::NoSuchPlan(_)));
        take_as(&plane, who, own.request(at, "1.0.0")).await.unwrap();
        delegate_as(&plane, who, at).await.unwrap();
    }
    for (who, own, other) in [(ADA, SUBSCRIPTION, NEIGHBOUR), (BEA, NEIGHBOUR, SUBSCRIPTION)] {
        assert!(may(&plane, who, &Action::GROUPS_WRITE, own));
        assert!(!may(&plane, who, &Action::GROUPS_READ, other));
    }
}

/// An offer has one edition, with all of its plans.
fn both_in_one_edition(nouns: &mut [Noun]) {
    let mut plans = Vec::new();
    for noun in nouns.iter() {
        if let Noun::Market(MarketNoun::Edition(it)) = noun {
            plans.extend(it.form.plans.clone());
        }
    }
    for noun in nouns.iter_mut() {
        if let Noun::Market(MarketNoun::Edition(it)) = noun {
            it.form.plans.clone_from(&plans);
        }
    }
}

/// What happens to a plan and to who took it.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Publish,
    Stop,
    NewTerms,
    Hide,
    Take,
    TakeOld,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = proptest::sample::select(vec![
        Deed::Publish,
        Deed::Publish,
        Deed::Stop,
        Deed::NewTerms,
        Deed::Hide,
        Deed::Take,
        Deed::Take,
        Deed::TakeOld,
    ]);
    proptest::collection::vec(deed, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is published after it, in whatever order: the access is that of the acceptance.
    #[test]
    fn access_depends_on_the_version_accepted_and_on_nothing_published_since(deeds in deeds()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(lived_through(deeds));
    }
}

const VERSIONS: [&str; 8] =
    ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0", "1.7.0"];

/// Every other version gives Reader instead of Contributor.
fn gives(version: usize) -> Vec<model::delegation::Authorization> {
    let role = if version.is_multiple_of(2) { CONTRIBUTOR } else { READER };
    vec![authorization(TIER1, role)]
}

async fn lived_through(deeds: Vec<Deed>) {
    let mut shop = Shop { versions: vec![(VERSIONS[0], gives(0))], ..shop() };
    let plane = world([shop.nouns(), vec![shop.agreed(CUSTOMER, None)]].concat()).await;
    take_as(&plane, OLOF, shop.request(SUBSCRIPTION, VERSIONS[0])).await.unwrap();
    delegate_as(&plane, OLOF, SUBSCRIPTION).await.unwrap();
    let (mut terms, mut accepted) = (None, 0);
    for deed in deeds {
        let newest = shop.versions.len() - 1;
        match deed {
            Deed::Publish => shop.versions.push((VERSIONS[newest + 1], gives(newest + 1))),
            Deed::Stop => shop.is_stopped = !shop.is_stopped,
            Deed::NewTerms => terms = Some(Terms::Text("Other words".to_owned())),
            Deed::Hide => shop.visibility = Visibility::Private,
            Deed::Take | Deed::TakeOld => {
                let wanted = if matches!(deed, Deed::Take) { newest } else { 0 };
                let request = shop.request(SUBSCRIPTION, VERSIONS[wanted]);
                if take_as(&plane, OLOF, request).await.is_ok() {
                    accepted = wanted;
                }
            }
        }
        let mut nouns = shop.nouns();
        for noun in &mut nouns {
            if let (Noun::Market(MarketNoun::Edition(it)), Some(terms)) = (noun, &terms) {
                it.form.terms = terms.clone();
            }
        }
        testkit::put(&plane, nouns).await;
        assert_eq!(rights(&plane, SUBSCRIPTION), (accepted.is_multiple_of(2), true), "{deed:?}");
        let name = DEFINITION.to_string().parse().unwrap();
        let id = DefinitionId::at(Scope::Subscription(SUBSCRIPTION), name).unwrap();
        let snapshot = plane.store.snapshot().await.unwrap();
        let it = snapshot.find::<Definition>(&id).await.unwrap().unwrap();
        assert_eq!(it.authorizations, gives(accepted));
    }
}
