//! What a publisher reads of its customers.

use model::{
    change::Noun,
    market::{
        MarketNoun,
        account::{AccountMember, AccountRole},
    },
    samples::{ADA, CUSTOMER, market},
};
use serde_json::json;
use testkit::shop::{publisher, two_versions};

use crate::kit::{DEV, Kit, kit};

async fn with_a_customer() -> Kit {
    let kit = kit().await;
    let shop = two_versions();
    let member = |principal, role| {
        Noun::Market(MarketNoun::AccountMember(AccountMember { principal, role }))
    };
    let mut nouns = publisher();
    nouns.extend(shop.nouns());
    nouns.extend([
        Noun::Market(MarketNoun::Offer(market::offer())),
        shop.agreed(CUSTOMER, Some("1.0.0")),
        member(ADA, AccountRole::Owner),
        member(DEV, AccountRole::Manager),
    ]);
    testkit::put(kit.sign_in.plane(), nouns).await;
    kit
}

#[tokio::test]
async fn the_versions_in_use_are_told_to_members_and_customers_names_to_owners() {
    let kit = with_a_customer().await;
    let (ada, dev) = (kit.token("ada").await, kit.token("dev").await);
    let plans = kit.get(&dev, "/market/reports/versions").await.ok();
    let plan = &plans.body["value"][0];
    assert_eq!(plan["newestVersion"], json!("1.1.0"), "{plan}");
    assert_eq!(plan["versions"], json!([{ "version": "1.0.0", "customers": 1 }]));
    assert_eq!((&plan["behind"], &plan["declined"]), (&json!(1), &json!(0)));

    let (offer, name) = (market::offer_id(), market::plan_name());
    let path = format!("/market/offers/{offer}/plans/{name}/customers");
    let customers = kit.get(&ada, &format!("{path}?filter=behind")).await.ok();
    let customer = &customers.body["value"][0];
    assert_eq!(customer["customerTenantId"], json!(CUSTOMER), "{customer}");
    assert_eq!(customer["customerName"], json!("contoso"));
    assert_eq!(customer["waitingVersion"], json!("1.1.0"));
    let customers = kit.get(&dev, &path).await.ok();
    assert!(customers.body["value"][0].get("customerName").is_none(), "{}", customers.body);
    assert_eq!(kit.get(&ada, &format!("{path}?filter=x")).await.status, 400);
    let none = "/market/offers/fabrikam.nothing/plans/core/customers";
    assert_eq!(kit.get(&ada, none).await.status, 404);
}
