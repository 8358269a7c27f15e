//! What a publisher reads of its influence.

use std::sync::Arc;

use ::market::influence::Counts;
use access::permit::Denied;
use ids::{clock::TestClock, guid::Principal, scope::Scope};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::Noun,
    market::{
        MarketNoun,
        account::{AccountMember, AccountRole},
        partner::PartnerLink,
    },
    samples::{self, ADA, CUSTOMER, NEIGHBOUR, OLOF, OWNER, PROVIDER, SUBSCRIPTION, market},
};
use operations::{
    error::Error,
    groups::put::{PutGroup, put},
    offers::influence::{Page, file, months::Total, report, with_months},
    plane::Plane,
};
use testkit::shop::shop;

use super::kit::{
    BEA, NORA, NORTHWIND, Take, delegate_as, end_as, grant, take_as, world, world_by,
};

async fn read(plane: &Plane, who: Principal, limit: usize) -> Result<Page, Error> {
    let scope = Scope::Tenant(who.tenant);
    let context =
        testkit::context(who, &Action::named("Fyr.Market/reports/read".to_owned()), scope);
    report(plane, &context, None, limit).await
}

async fn whole(plane: &Plane, who: Principal) -> Result<Page, Error> {
    let scope = Scope::Tenant(who.tenant);
    file(plane, &testkit::context(who, &Action::named("Fyr.Market/reports/read"), scope)).await
}

async fn totals(plane: &Plane, who: Principal) -> Result<Vec<Total>, Error> {
    let scope = ids::scope::Scope::Tenant(who.tenant);
    let context = testkit::context(who, &Action::named("Fyr.Market/reports/read"), scope);
    with_months(plane, &context, None, 1).await.map(|it| it.0)
}

fn member(principal: Principal, role: AccountRole) -> Noun {
    Noun::Market(MarketNoun::AccountMember(AccountMember { principal, role }))
}

#[tokio::test]
async fn offers_and_partner_links_count_and_names_are_for_owners() {
    let shop = shop();
    let mut nouns = shop.nouns();
    nouns.extend([
        Noun::Market(MarketNoun::Offer(market::offer())),
        shop.agreed(CUSTOMER, None),
        member(ADA, AccountRole::Owner),
        member(BEA, AccountRole::Manager),
        // Northwind delegated by a template, to a group that Ada is in.
        Noun::Definition(samples::definition(NEIGHBOUR)),
        Noun::Assignment(samples::assignment(Scope::Subscription(NEIGHBOUR))),
    ]);
    let plane = world(nouns).await;
    take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.unwrap();
    delegate_as(&plane, OLOF, SUBSCRIPTION).await.unwrap();

    let none = Counts::default();
    let of =
        |page: &Page| -> Vec<_> { page.rows.iter().map(|it| (it.customer, it.counts)).collect() };
    let ours = (CUSTOMER, Counts { acceptances: 1, by_offer: 1, ..none });
    let page = read(&plane, ADA, 10).await.unwrap();
    assert_eq!(of(&page), [(NORTHWIND, Counts { uncounted: 1, ..none }), ours]);
    assert_eq!(page.rows[1].name.as_deref(), Some("contoso"));

    let (principal, partner, at) = (ADA, market::partner(), samples::now());
    let link = PartnerLink { principal, partner, version: 1, created: at, updated: at };
    testkit::put(&plane, vec![Noun::Market(MarketNoun::PartnerLink(link))]).await;
    let page = read(&plane, BEA, 10).await.unwrap();
    assert_eq!(of(&page), [(NORTHWIND, Counts { by_link: 1, ..none }), ours]);
    assert!(page.rows.iter().all(|it| it.name.is_none()), "a manager reads no names");

    // Ada works in what is delegated to her; what Olof does there counts for nobody.
    for (who, name) in [(ADA, "hers"), (OLOF, "his")] {
        makes(&plane, who, name).await.unwrap();
    }
    let worked = (CUSTOMER, Counts { activities: 1, ..ours.1 });
    let page = read(&plane, BEA, 10).await.unwrap();
    assert_eq!(of(&page), [(NORTHWIND, Counts { by_link: 1, ..none }), worked]);

    let totals = totals(&plane, BEA).await.unwrap();
    let [Total { customers, counts, .. }] = totals.as_slice() else { panic!("{totals:?}") };
    assert_eq!((*customers, *counts), (2, Counts { by_link: 1, ..worked.1 }));

    let first = read(&plane, BEA, 1).await.unwrap();
    assert_eq!((first.rows.len(), first.next.map(|it| it.1)), (1, Some(NORTHWIND)));
    assert_eq!(whole(&plane, BEA).await.unwrap(), page, "a file holds every page");
}

/// What Fabrikam's engineer, or whoever it is, makes in the customer's subscription.
async fn makes(plane: &Plane, who: Principal, name: &str) -> Result<(), Error> {
    let wanted = PutGroup {
        subscription: SUBSCRIPTION,
        name: name.parse().unwrap(),
        location: Some("westeurope".to_owned()),
        tags: None,
        managed_by: None,
    };
    let context = testkit::context(who, &Action::GROUPS_WRITE, samples::resource_group(name));
    put(plane, &context, wanted).await.map(drop)
}

#[tokio::test]
async fn what_was_done_while_it_was_delegated_counts_after_it_has_ended_and_nothing_done_since() {
    let shop = shop();
    let offer = Noun::Market(MarketNoun::Offer(market::offer()));
    let seed = vec![offer, shop.agreed(CUSTOMER, None), member(ADA, AccountRole::Owner)];
    let clock = Arc::new(TestClock::default());
    let plane = world_by(clock.clone(), [shop.nouns(), seed].concat()).await;
    take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.unwrap();
    delegate_as(&plane, OLOF, SUBSCRIPTION).await.unwrap();
    makes(&plane, ADA, "hers").await.unwrap();
    let none = Counts::default();
    let counts = async || -> Vec<_> {
        let page = read(&plane, ADA, 10).await.unwrap();
        page.rows.iter().map(|it| (it.month.to_string(), it.customer, it.counts)).collect()
    };
    let before = counts().await;
    assert_eq!(before.iter().map(|it| it.2.activities).sum::<u64>(), 1, "{before:?}");

    clock.advance(SignedDuration::from_hours(24));
    end_as(&plane, OLOF, &Scope::Subscription(SUBSCRIPTION)).await.unwrap();
    assert!(makes(&plane, ADA, "late").await.is_err());
    let after = counts().await;
    let expected = before.iter().map(|(month, customer, counts)| {
        (month.clone(), *customer, Counts { by_offer: 0, ..*counts })
    });
    assert_eq!(after, expected.filter(|it| it.2 != none).collect::<Vec<_>>());

    // The subscription becomes Fabrikam's own: what they do there now is nobody's influence.
    clock.advance(SignedDuration::from_hours(24));
    let moved = Noun::Subscription(samples::subscription(SUBSCRIPTION, PROVIDER));
    let owner = grant(Scope::Subscription(SUBSCRIPTION), ADA, OWNER);
    testkit::put(&plane, vec![moved, owner]).await;
    makes(&plane, ADA, "own").await.unwrap();
    assert_eq!(counts().await, after);
}

#[tokio::test]
async fn nobody_outside_of_the_account_reads_its_report() {
    let plane = world(vec![member(ADA, AccountRole::Developer)]).await;
    for who in [OLOF, NORA, BEA, ADA] {
        let refused = read(&plane, who, 10).await;
        assert!(matches!(refused, Err(Error::Denied(Denied { .. }))), "{who:?}: {refused:?}");
        assert!(matches!(totals(&plane, who).await, Err(Error::Denied(_))), "{who:?}");
    }
    assert_eq!(PROVIDER, ADA.tenant);
}
