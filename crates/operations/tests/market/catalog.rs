//! What the storefront reads to say what is private.

use ids::{guid::SubscriptionId, scope::Scope};
use model::{
    action::Action,
    change::Noun,
    market::{
        MarketNoun,
        account::Publisher,
        offer::{Audience, Audienced, Edition, Stage},
    },
    samples::{self, OLOF, PROVIDER, SUBSCRIPTION, market},
};
use operations::{
    catalog::{self, Visitor, Wanted},
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
