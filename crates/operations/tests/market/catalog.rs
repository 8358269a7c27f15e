//! What the storefront reads to say what is private.

use ids::{guid::SubscriptionId, scope::Scope};
use model::{
    action::Action,
    change::Noun,
    market::{
        MarketNoun,
        account::Publisher,
        form::Visibility,
        offer::{Audience, Audienced, Edition, Stage},
    },
    samples::{self, OLOF, PROVIDER, SUBSCRIPTION, market},
};
use operations::{
    catalog::{
        self, Visitor, Wanted,
        facets::{self, COUNTED_MAX},
    },
    page::page,
};

use super::counting::counting;

const LIVE: Stage = Stage::Published(ids::offer::Slot::Live);

/// Thirty live offers with one private plan: the second and the last are for Contoso's
/// subscription, the others for many, and none of them it.
fn offers() -> Vec<Noun> {
    let offers = (0..30).flat_map(|n| {
        let offer = ids::offer::OfferId {
            name: format!("ops-{n:02}").parse().unwrap(),
            ..market::offer_id()
        };
        let sample = market::audience(LIVE);
        let Audienced::Plan(plan, _) = sample.of else { panic!("{sample:?}") };
        let plan = ids::offer::PlanId { offer: offer.clone(), ..plan };
        let strangers = (0..50).map(|n| model::market::form::AudienceEntry {
            subscription: SubscriptionId::new(uuid::Uuid::from_u128(0xFFFF + n)),
            description: String::new(),
        });
        let entries = if n == 1 || n == 29 { sample.entries } else { strangers.collect() };
        let audience = Audience { of: Audienced::Plan(plan, LIVE), tenant: PROVIDER, entries };
        let edition = Edition { offer, ..market::edition(LIVE) };
        [MarketNoun::Edition(edition), MarketNoun::Audience(audience)].map(Noun::Market)
    });
    let publisher = Publisher {
        id: market::publisher(),
        tenant: PROVIDER,
        display_name: "Fabrikam".to_owned(),
        created: samples::now(),
    };
    offers.chain([Noun::Market(MarketNoun::Publisher(publisher))]).collect()
}

#[tokio::test]
async fn a_private_plan_shows_where_its_audience_is_and_no_audience_is_read_for_it() {
    let (plane, audiences) = counting(testkit::world().into_iter().chain(offers()).collect()).await;
    let scope = Scope::Subscription(SUBSCRIPTION);
    let olof = testkit::context(OLOF, &Action::SUBSCRIPTIONS_READ, scope);
    let visitor = Visitor::In(&olof, SUBSCRIPTION);
    let (mut names, mut after) = (Vec::new(), None);
    for size in [1, 1] {
        let wanted = Wanted::default();
        let found = catalog::list(&plane, visitor, &wanted, page(after, Some(size))).await.unwrap();
        names.extend(found.items.iter().map(|it| it.edition.offer.name.to_string()));
        after = found.next;
    }
    assert_eq!(names, ["ops-01", "ops-29"]);
    assert_eq!(after, None, "what is not theirs fills no page and promises none");
    for (visitor, private) in [(visitor, 2), (Visitor::Anyone, 0)] {
        let wanted = Wanted { is_private: true, ..Wanted::default() };
        let found = catalog::list(&plane, visitor, &wanted, page(None, None)).await.unwrap();
        assert_eq!((found.items.len(), found.next), (private, None), "private products alone");
    }
    let anyone = page(None, None);
    let anyone = catalog::list(&plane, Visitor::Anyone, &Wanted::default(), anyone).await.unwrap();
    assert_eq!((anyone.items.len(), anyone.next), (0, None));
    for (n, is_theirs) in [(1, true), (2, false)] {
        let name = format!("ops-{n:02}").parse().unwrap();
        let offer = ids::offer::OfferId { name, ..market::offer_id() };
        let found = catalog::get(&plane, visitor, &offer).await.unwrap();
        assert_eq!(found.is_some(), is_theirs, "{offer}");
    }
    assert_eq!(audiences.count(), 0);
}

/// So many live offers for everybody, every third of them in another category too.
fn public(count: usize) -> Vec<Noun> {
    let edition = |n: usize| {
        let name = format!("public-{n:03}").parse().unwrap();
        let offer = ids::offer::OfferId { name, ..market::offer_id() };
        let mut edition = Edition { offer, ..market::edition(LIVE) };
        for plan in &mut edition.form.plans {
            plan.visibility = Visibility::Public;
        }
        if n.is_multiple_of(3) {
            edition.form.categories.insert("web".to_owned(), vec!["web".to_owned()]);
        }
        Noun::Market(MarketNoun::Edition(edition))
    };
    (0..count).map(edition).collect()
}

#[tokio::test]
async fn offers_are_counted_as_the_visitor_would_find_them() {
    let nouns = testkit::world().into_iter().chain(offers()).chain(public(7));
    let plane = testkit::plane(nouns.collect()).await;
    let olof =
        testkit::context(OLOF, &Action::SUBSCRIPTIONS_READ, Scope::Subscription(SUBSCRIPTION));
    let own = Visitor::In(&olof, SUBSCRIPTION);
    let category = |key: &str| Wanted { category: Some(key.to_owned()), ..Wanted::default() };
    let stranger = Wanted { publisher: Some("other".parse().unwrap()), ..Wanted::default() };
    let private = Wanted { is_private: true, ..Wanted::default() };
    let words = Wanted { words: vec!["nothing".to_owned()], ..Wanted::default() };
    for (visitor, wanted, of_publisher, web, in_category) in [
        (Visitor::Anyone, Wanted::default(), 7, 3, 7),
        (own, Wanted::default(), 9, 3, 9),
        (Visitor::Anyone, category("web"), 7, 3, 3),
        (own, private, 2, 0, 2),
        (own, stranger, 0, 0, 9),
        (own, words, 0, 0, 0),
    ] {
        let counted = facets::count(&plane, visitor, &wanted).await.unwrap().unwrap();
        let counts = (
            counted.of_publisher,
            counted.categories.get("web").copied().unwrap_or_default(),
            counted.in_category,
        );
        assert_eq!(counts, (of_publisher, web, in_category), "{wanted:?}");
        let by_publisher: usize = counted.publishers.values().map(|(_, count)| count).sum();
        assert_eq!(by_publisher, in_category, "{wanted:?}");
        for (key, count) in &counted.categories {
            let wanted = Wanted { category: Some(key.clone()), ..wanted.clone() };
            let found = catalog::list(&plane, visitor, &wanted, page(None, None)).await.unwrap();
            assert_eq!(found.items.len(), *count, "{key}");
        }
    }
}

#[tokio::test]
async fn a_large_storefront_is_not_counted_and_nobody_counts_for_anothers_subscription() {
    let nouns = testkit::world().into_iter().chain(offers()).chain(public(COUNTED_MAX));
    let plane = testkit::plane(nouns.collect()).await;
    let counted = facets::count(&plane, Visitor::Anyone, &Wanted::default()).await.unwrap();
    assert_eq!(counted, None);
    let ada = testkit::context(
        samples::ADA,
        &Action::SUBSCRIPTIONS_READ,
        Scope::Subscription(SUBSCRIPTION),
    );
    let visitor = Visitor::In(&ada, SUBSCRIPTION);
    assert!(facets::count(&plane, visitor, &Wanted::default()).await.is_err());
}
