//! What a publisher reads in its own tenant's activity log of what customers do with its plans.

use ids::scope::Scope;
use model::{
    action::Action,
    samples::{CUSTOMER, OLOF, SUBSCRIPTION, market},
};
use operations::acceptance::{
    At,
    decide::{Word, decide},
    terms,
};
use serde_json::{Value, json};
use testkit::shop::{shop, two_versions};

use super::{
    kit::{Take, take_as, world},
    taking::publishers_log,
};

#[tokio::test]
async fn a_publisher_reads_that_its_plan_is_taken_followed_and_given_back_and_not_by_whom() {
    let (shop, newer) = (shop(), two_versions());
    let plane = world([shop.nouns(), vec![shop.agreed(CUSTOMER, None)]].concat()).await;
    take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.unwrap();
    take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.unwrap();
    testkit::put(&plane, newer.nouns()).await;
    let plan = shop.words("1.0.0");
    let (publisher, product, plan) = (plan.publisher, plan.product, plan.name);
    let at = At { subscription: SUBSCRIPTION, publisher, product, plan };
    let action = Action::known("Microsoft.Authorization/roleAssignments/write");
    let olof = testkit::context(OLOF, &action, Scope::Subscription(SUBSCRIPTION));
    let no = Word::Decline(Some(market::version("1.1.0")));
    decide(&plane, &olof, &at, no).await.unwrap();
    decide(&plane, &olof, &at, Word::Reconsider).await.unwrap();
    take_as(&plane, OLOF, newer.request(SUBSCRIPTION, "1.1.0")).await.unwrap();
    terms::cancel(&plane, &olof, &at).await.unwrap();
    terms::cancel(&plane, &olof, &at).await.unwrap();

    let log = publishers_log(&plane).await;
    let told = |it: &model::activity::Activity| {
        let described: Value = serde_json::from_str(&it.description).unwrap();
        (it.action.to_string(), described["version"].clone())
    };
    let mut all: Vec<_> = log.iter().map(told).collect();
    all.sort_by_key(|(action, _)| action.clone());
    let expected = [("accept", "1.0.0"), ("cancel", "1.1.0"), ("update", "1.1.0")];
    let expected = expected
        .map(|(what, version)| (format!("Fyr.Market/acceptances/{what}/action"), json!(version)));
    assert_eq!(all, expected, "nothing of what was declined, nor twice");
    let text = serde_json::to_string(&log).unwrap();
    let whose = [CUSTOMER.to_string(), SUBSCRIPTION.to_string(), OLOF.object.to_string()];
    for hidden in whose.iter().map(String::as_str).chain(["olof"]) {
        assert!(!text.contains(hidden), "{hidden} is in {text}");
    }
    assert!(log.iter().all(|it| it.correlation != olof.correlation));
}
