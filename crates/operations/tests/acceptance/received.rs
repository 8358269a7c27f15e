//! What a tenant was offered and delegated, over all of its subscriptions.

use ids::{guid::Principal, scope::Scope};
use model::{
    action::Action,
    change::Noun,
    delegation::{Accepted, Definition},
    samples::{self, CUSTOMER, NEIGHBOUR, OLOF, OWNER, READER, SUBSCRIPTION, market},
};
use operations::{
    acceptance::undelegated,
    context::Context,
    delegation::{
        reach,
        received::{
            Filter, Wanted, delegations,
            glance::{self, Count, Glance},
            offers,
        },
        rule,
    },
    plane::Plane,
};
use testkit::shop::two_versions;

use crate::kit::{SECOND, grant, world};

/// Of Contoso's people: reads the second subscription alone.
const READS_SECOND: Principal = samples::principal(CUSTOMER, 0x52);

fn accepted(version: &str) -> Definition {
    let plan = market::plan_version(version);
    Definition {
        accepted: Some(Accepted { customer: CUSTOMER, plan }),
        ..samples::definition(SUBSCRIPTION)
    }
}

/// Contoso accepted the plan in its first subscription; in the second stands an offer of a
/// template's; the neighbour has one, too.
async fn shops(more: Vec<Noun>) -> Plane {
    let shop = two_versions();
    let nouns = [
        shop.agreed(CUSTOMER, Some("1.0.0")),
        Noun::Definition(accepted("1.0.0")),
        Noun::Definition(samples::definition(SECOND)),
        Noun::Definition(samples::definition(NEIGHBOUR)),
        Noun::Assignment(samples::assignment(Scope::Subscription(SECOND))),
        Noun::Assignment(samples::assignment(Scope::Subscription(NEIGHBOUR))),
        Noun::User(samples::user(READS_SECOND, "rita")),
        grant(Scope::Subscription(SECOND), OLOF, OWNER),
        grant(Scope::Subscription(SECOND), READS_SECOND, READER),
    ];
    world(shop.nouns().into_iter().chain(nouns).chain(more).collect()).await
}

fn asking(who: Principal) -> Context {
    testkit::context(who, &Action::SUBSCRIPTIONS_READ, Scope::Tenant(who.tenant))
}

fn all(limit: usize) -> Wanted {
    Wanted { limit, ..Wanted::default() }
}

fn named(keyword: &str) -> Wanted {
    let filter = Filter { keyword: Some(keyword.to_owned()), ..Filter::default() };
    Wanted { filter, ..all(10) }
}

/// In which subscriptions the offers are that somebody sees, page by page.
async fn pages(plane: &Plane, who: Principal, mut wanted: Wanted) -> Vec<Vec<Scope>> {
    let mut pages = Vec::new();
    loop {
        let found = offers::list(plane, &asking(who), wanted.clone()).await.unwrap();
        let scopes = found.items.iter().map(|it| it.shown.it.id.scope().clone());
        pages.push(scopes.collect());
        let Some(next) = found.next else { return pages };
        wanted.after = Some(next.to_string().parse().unwrap());
    }
}

#[tokio::test]
async fn everybody_is_shown_the_offers_of_their_own_tenants_subscriptions_that_they_read() {
    let plane = shops(vec![]).await;
    let (first, second) = (samples::whole(), Scope::Subscription(SECOND));
    let both = vec![first.clone(), second.clone()];
    assert_eq!(pages(&plane, OLOF, all(10)).await, std::slice::from_ref(&both));
    assert_eq!(pages(&plane, OLOF, all(1)).await, [vec![first.clone()], vec![second.clone()]]);
    assert_eq!(pages(&plane, READS_SECOND, all(10)).await, [vec![second.clone()]]);
    // Whoever manages a customer's subscription is no customer there.
    assert_eq!(pages(&plane, samples::ADA, all(10)).await, [Vec::<Scope>::new()]);
    assert_eq!(pages(&plane, OLOF, named("FABRIKAM")).await, [both]);
    assert_eq!(pages(&plane, OLOF, named(&SECOND.to_string())).await, [vec![second]]);
    assert_eq!(pages(&plane, OLOF, named("northwind")).await, [Vec::<Scope>::new()]);
}

#[tokio::test]
async fn an_offer_tells_how_far_it_reaches_and_what_waits() {
    let plane = shops(vec![]).await;
    let found = offers::list(&plane, &asking(OLOF), all(10)).await.unwrap();
    let [first, second] = found.items.as_slice() else { panic!("{found:?}") };
    assert!(first.reach.is_empty() && !second.reach.is_empty());
    assert_eq!((second.reach.subscriptions, second.reach.groups), (1, 0));
    assert_eq!(first.waiting.map(|it| it.version.to_string()), Some("1.1.0".to_owned()));
    assert_eq!(second.waiting, None);
    assert_eq!(first.shown.parties.managing_name.as_deref(), Some("fabrikam"));
}

#[tokio::test]
async fn how_far_an_offer_reaches_is_told_to_both_sides_and_to_nobody_else() {
    let plane = shops(vec![]).await;
    let id = samples::definition(SECOND).id;
    for (who, subscriptions) in [(OLOF, 1), (samples::ADA, 1), (crate::kit::NORA, 0)] {
        let found = reach::count(&plane, &asking(who), &id).await.unwrap();
        assert_eq!(found.subscriptions, subscriptions, "{who}");
    }
}

#[tokio::test]
async fn delegations_are_listed_over_all_subscriptions_by_what_they_are_about() {
    let plane = shops(vec![]).await;
    let count = async |who, wanted| {
        delegations::list(&plane, &asking(who), wanted).await.unwrap().items.len()
    };
    assert_eq!(count(OLOF, all(10)).await, 1);
    assert_eq!(count(OLOF, named("fabrikam ops")).await, 1);
    assert_eq!(count(OLOF, named("rival")).await, 0);
    assert_eq!(count(READS_SECOND, all(10)).await, 1);
    assert_eq!(count(samples::ADA, all(10)).await, 0);
}

#[tokio::test]
async fn a_glance_counts_what_the_caller_sees_and_each_update_once() {
    let second = Definition { id: samples::definition(SECOND).id, ..accepted("1.0.0") };
    let plane = shops(vec![Noun::Definition(second)]).await;
    let look = async |plane: &Plane, who| glance::look(plane, &asking(who)).await.unwrap();
    let count = |count| Count { count, is_more: false };
    let (offers, providers, delegations) = (count(2), count(1), count(1));
    let told = Glance { offers, providers, delegations, updates: count(1) };
    assert_eq!(look(&plane, OLOF).await, told, "one plan in two subscriptions");
    assert_eq!(look(&plane, READS_SECOND).await.offers, count(1));
    assert_eq!(look(&plane, samples::ADA).await, Glance::default(), "what others delegated");
    assert_eq!(look(&plane, crate::kit::NORA).await.offers, count(1), "the neighbour's own");
    testkit::put(&plane, vec![two_versions().agreed(CUSTOMER, Some("1.1.0"))]).await;
    assert_eq!(look(&plane, OLOF).await.updates, count(0));
}

#[tokio::test]
async fn an_acceptance_without_delegation_is_told_to_whoever_reads_it_until_something_is_delegated()
{
    let plane = shops(vec![]).await;
    let told = async |plane: &Plane, who| {
        let found = undelegated::list(plane, &asking(who)).await.unwrap();
        found.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(told(&plane, OLOF).await, [Some("Fabrikam Ops".to_owned())]);
    assert!(told(&plane, READS_SECOND).await.is_empty(), "it is of the first subscription");
    assert!(told(&plane, samples::ADA).await.is_empty());
    let delegated = Noun::Assignment(samples::assignment(samples::resource_group("app")));
    testkit::put(&plane, vec![delegated]).await;
    assert!(told(&plane, OLOF).await.is_empty());
}

#[tokio::test]
async fn who_reads_is_told_that_they_may_not_delegate_and_who_owns_that_they_may() {
    let plane = shops(vec![]).await;
    assert!(rule::may(&plane, &asking(OLOF), SECOND));
    assert!(!rule::may(&plane, &asking(READS_SECOND), SECOND));
    assert!(!rule::may(&plane, &asking(OLOF), NEIGHBOUR));
    assert!(!rule::may(&plane, &asking(samples::ADA), SECOND));
}
