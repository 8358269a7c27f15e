//! A test lead that a publisher asks for.

use serde_json::json;

use crate::{
    kit::{DEV, kit, kit_by},
    steps::{configure, draft, enrolled, succeeded, uploaded},
};
use model::{
    change::Noun,
    market::{
        MarketNoun,
        account::{AccountMember, AccountRole},
    },
};
use operations::market::run::Certification;

const PATH: &str = "/market/offers/fabrikam.ops/test-lead";

#[tokio::test]
async fn a_test_lead_is_asked_for_and_its_answer_told() {
    let kit = kit_by(Certification::Automatic, 503).await;
    let ada = enrolled(&kit).await;
    let logo = uploaded(&kit, &ada).await;
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    assert_eq!(kit.get(&ada, PATH).await.status, 404, "none was sent");
    let sent = kit.post(&ada, PATH, &json!({})).await;
    assert_eq!((sent.status, &sent.body["delivery"]["state"]), (202, &json!("pending")));
    let again = kit.post(&ada, PATH, &json!({})).await;
    assert_eq!((again.status, again.code()), (409, "invalidEntityStatus"), "{}", again.body);
    kit.work().await;
    let told = kit.get(&ada, PATH).await.ok().body;
    assert_eq!(told["offerTitle"], sent.body["offerTitle"]);
    assert!(told["delivery"]["reason"].as_str().unwrap().contains("503"), "{told}");
    let (url, lead) = kit.mailbox.sent.lock().unwrap()[0].clone();
    assert_eq!(url, "https://hooks.fabrikam.example/leads?sig=key");
    assert_eq!(Some(lead.offer_title.as_str()), told["offerTitle"].as_str());
    assert!(!told.to_string().contains("sig=key"));
    let early = kit.post(&ada, PATH, &json!({})).await;
    assert_eq!((early.status, early.code()), (429, "tooManyRequests"), "{}", early.body);
    assert!(early.text().contains("in 60 seconds"), "{}", early.body);
}

#[tokio::test]
async fn a_developer_reads_of_a_test_lead_and_sends_none() {
    let kit = kit().await;
    let ada = enrolled(&kit).await;
    let logo = uploaded(&kit, &ada).await;
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    let member = AccountMember { principal: DEV, role: AccountRole::Developer };
    testkit::put(kit.sign_in.plane(), vec![Noun::Market(MarketNoun::AccountMember(member))]).await;
    let dev = kit.token("dev").await;
    assert_eq!(kit.post(&dev, PATH, &json!({})).await.status, 403);
    kit.post(&ada, PATH, &json!({})).await.ok();
    assert_eq!(kit.get(&dev, PATH).await.status, 200);
    let olof = kit.token("olof").await;
    assert_eq!(kit.get(&olof, PATH).await.status, 403);
}
