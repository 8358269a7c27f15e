//! What a publisher reads of its influence.

use ::market::influence::Counts;
use access::permit::Denied;
use ids::guid::Principal;
use model::{
    action::Action,
    change::Noun,
    market::{
        MarketNoun,
        account::{AccountMember, AccountRole},
        partner::PartnerLink,
    },
    samples::{self, ADA, CUSTOMER, NEIGHBOUR, OLOF, PROVIDER, SUBSCRIPTION, market},
};
use operations::{
    error::Error,
    groups::put::{PutGroup, put},
    offers::influence::{Page, report},
    plane::Plane,
};
use testkit::shop::shop;

use super::kit::{BEA, NORA, NORTHWIND, Take, delegate_as, take_as, world};

async fn read(plane: &Plane, who: Principal, limit: usize) -> Result<Page, Error> {
    let scope = ids::scope::Scope::Tenant(who.tenant);
    let context =
        testkit::context(who, &Action::named("Fyr.Market/reports/read".to_owned()), scope);
    report(plane, &context, None, limit).await
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
        Noun::Assignment(samples::assignment(ids::scope::Scope::Subscription(NEIGHBOUR))),
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
        let wanted = PutGroup {
            subscription: SUBSCRIPTION,
            name: name.parse().unwrap(),
            location: Some("westeurope".to_owned()),
            tags: None,
            managed_by: None,
        };
        let context = testkit::context(who, &Action::GROUPS_WRITE, samples::resource_group(name));
        put(&plane, &context, wanted).await.unwrap();
    }
    let worked = (CUSTOMER, Counts { activities: 1, ..ours.1 });
    let page = read(&plane, BEA, 10).await.unwrap();
    assert_eq!(of(&page), [(NORTHWIND, Counts { by_link: 1, ..none }), worked]);

    let first = read(&plane, BEA, 1).await.unwrap();
    assert_eq!((first.rows.len(), first.next.map(|it| it.1)), (1, Some(NORTHWIND)));
}

#[tokio::test]
async fn nobody_outside_of_the_account_reads_its_report() {
    let plane = world(vec![member(ADA, AccountRole::Developer)]).await;
    for who in [OLOF, NORA, BEA, ADA] {
        let refused = read(&plane, who, 10).await;
        assert!(matches!(refused, Err(Error::Denied(Denied { .. }))), "{who:?}: {refused:?}");
    }
    assert_eq!(PROVIDER, ADA.tenant);
}
