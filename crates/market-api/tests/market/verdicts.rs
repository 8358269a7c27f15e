//! What operators say of companies and submissions, and what becomes of both.

use axum::http::Method;
use ids::{clock::Clock, scope::Scope};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::Noun,
    question::Question,
    samples::{self, ADA, PROVIDER, READER, SUBSCRIPTION},
};
use operations::market::run::Certification;
use serde_json::json;

use crate::{
    kit::{kit, kit_by},
    steps::{
        company, configure, draft, enrolled, enrolled_by, live, manifest, newest, submission,
        succeeded, uploaded,
    },
};

#[tokio::test]
async fn an_operator_approves_what_waits_for_it() {
    let kit = kit_by(Certification::Manual, 202).await;
    let ada = enrolled(&kit).await;
    let logo = uploaded(&kit, &ada).await;
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    succeeded(&configure(&kit, &ada, vec![submission("preview")]).await);
    kit.work().await;
    let waiting = newest(&kit, &ada, "preview").await;
    let certification = &waiting["steps"][1];
    assert_eq!(
        (&certification["id"], &certification["status"]),
        (&json!("certification"), &json!("waiting"))
    );
    let id = waiting["id"].as_str().unwrap().rsplit('/').next().unwrap();
    let path = format!("/market/accounts/{PROVIDER}/submissions/{id}/review");
    let word = json!({ "approved": true, "report": "Well done." });
    assert_eq!(kit.put(&ada, &path, &word).await.status, 403, "nobody approves their own");
    let opal = kit.token("opal").await;
    let waits = kit.get(&opal, "/market/submissions").await.ok();
    assert_eq!(waits.body["value"][0]["id"], id);
    let looked = kit.get(&opal, path.strip_suffix("/review").unwrap()).await.ok();
    assert!(looked.body["resources"].to_string().contains("Fabrikam Ops"), "{}", looked.body);
    let elsewhere = path.replace(&PROVIDER.to_string(), &model::samples::CUSTOMER.to_string());
    assert_eq!(kit.put(&opal, &elsewhere, &word).await.status, 404);
    assert_eq!(kit.put(&opal, "/market/accounts/typo/verification", &word).await.status, 404);
    kit.put(&opal, &path, &word).await.ok();
    kit.work().await;
    assert_eq!(newest(&kit, &ada, "preview").await["steps"][4]["status"], "waiting");
}

#[tokio::test]
async fn an_operator_says_which_form_of_an_account_was_looked_at() {
    let kit = kit().await;
    let ada = enrolled(&kit).await;
    let opal = kit.token("opal").await;
    let account = format!("/market/accounts/{PROVIDER}");
    let seen = kit.get(&opal, &account).await.ok().etag();
    let mut other = company();
    other["address"]["street"] = "Elsewhere 1".into();
    kit.put(&ada, "/market/account", &other).await.ok();
    let (path, word) = (format!("{account}/verification"), json!({ "state": "Authorized" }));
    let word = word.to_string();
    let verify = async |said: &[(&str, &str)]| {
        kit.send(Some(&opal), &Method::PUT, &path, said, word.as_bytes()).await
    };
    assert_eq!(verify(&[]).await.status, 428);
    let stale = verify(&[("if-match", &seen)]).await;
    assert_eq!((stale.status, stale.code()), (412, "invalidState"), "{stale:?}");
    let now = kit.get(&opal, &account).await.ok().etag();
    assert_eq!(verify(&[("if-match", &now)]).await.status, 200);
}

#[tokio::test]
async fn a_designation_that_lapsed_stops_publishing_and_leaves_offers_and_delegations_alone() {
    let kit = kit().await;
    let until = kit.clock.now().to_string()[..10].to_owned();
    let infrastructure = "InfrastructureAzure";
    let lapsing = json!([{ "kind": "designation", "area": infrastructure, "validTo": until }]);
    let ada = enrolled_by(&kit, &lapsing).await;
    let logo = uploaded(&kit, &ada).await;
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    succeeded(&configure(&kit, &ada, vec![submission("preview")]).await);
    kit.work().await;
    live(&kit, &ada).await;
    let scope = Scope::Subscription(SUBSCRIPTION);
    let delegated = [
        Noun::Definition(samples::definition(SUBSCRIPTION)),
        Noun::Assignment(samples::assignment(scope.clone())),
    ];
    testkit::put(kit.sign_in.plane(), delegated.into()).await;
    let storefront = kit.anyone("/catalog/products").await.ok().body;

    kit.clock.advance(SignedDuration::from_hours(48));
    let ada = kit.token("ada").await;
    let mut next = draft(&logo, "1.0.0").pop().unwrap();
    next["manifests"].as_array_mut().unwrap().push(manifest("1.1.0", &READER));
    let refused = configure(&kit, &ada, vec![next, submission("preview")]).await;
    assert_eq!(refused.body["jobResult"], "failed", "{}", refused.body);
    let details = refused.body["errors"][0]["details"].as_array().unwrap();
    assert!(details.iter().any(|it| it["code"] == "PUB-001"), "{}", refused.body);
    kit.work().await;
    assert_eq!(kit.anyone("/catalog/products").await.ok().body, storefront);
    let plane = kit.sign_in.plane();
    let write = Action::named("Microsoft.Storage/storageAccounts/write".to_owned());
    let asked = Question::any(write, scope.clone());
    let context = testkit::context(ADA, &asked.action, scope);
    assert!(plane.allowed(&plane.index(), &context, &asked), "the delegation goes on");
}
