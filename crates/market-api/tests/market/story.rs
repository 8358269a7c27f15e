//! From a company's first step to its offer in the storefront.

use axum::http::Method;
use model::samples::{ADA, READER, SUBSCRIPTION};
use serde_json::{Value, json};

use crate::{
    kit::{Answered, DEV, UNKNOWN, kit, logo},
    steps::{
        company, configure, draft, enrolled, live, manifest, schema, submission, succeeded,
        uploaded,
    },
};

#[tokio::test]
async fn an_offer_goes_from_a_draft_to_the_storefront() {
    let kit = kit().await;
    let ada = enrolled(&kit).await;
    let account = kit.get(&ada, "/market/account").await.ok();
    let steps = account.body["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["done"] == true), "{steps:?}");

    let logo = uploaded(&kit, &ada).await;
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    assert_eq!(kit.anyone("/catalog/products").await.body["items"], json!([]));
    succeeded(&configure(&kit, &ada, vec![submission("preview")]).await);
    kit.work().await;
    let (url, test) = kit.mailbox.sent.lock().unwrap()[0].clone();
    assert_eq!(url, "https://hooks.fabrikam.example/leads?sig=key");
    assert!(test.offer_title.starts_with("MSFT_TEST_"), "{test:?}");
    assert_eq!(kit.anyone("/catalog/products").await.body["items"], json!([]), "not yet");
    live(&kit, &ada).await;

    let shown = kit.anyone("/catalog/products?search=night%20crew").await.ok();
    let product = &shown.body["items"][0];
    assert_eq!(product["uniqueProductId"], "fabrikam.ops");
    assert_eq!(product["plans"][0]["version"], "1.0.0");
    let page = kit.anyone("/catalog/products/fabrikam.ops").await.ok();
    assert_eq!(page.body["description"], "<p>Our <b>managed services</b> let you sleep.</p>");
    let icon = page.body["largeIconUri"].as_str().unwrap().strip_prefix("https://localhost:8444");
    let picture = kit.anyone(icon.unwrap()).await.ok();
    assert_eq!(picture.headers["content-type"], "image/png");
    assert_eq!(picture.bytes, crate::kit::logo());
    let none = kit.anyone("/catalog/products?search=day%20crew").await.ok();
    assert_eq!(none.body["items"], json!([]));

    let history = kit.get(&ada, "/market/offers/fabrikam.ops/history").await.ok();
    let events: Vec<&str> = history.body["value"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["event"].as_str())
        .collect();
    for event in ["Created offer", "Submitted offer to preview", "Sign-off to go live"] {
        assert!(events.contains(&event), "{event} is not in {events:?}");
    }
}

#[tokio::test]
async fn a_new_version_waits_for_its_sign_off_while_the_old_one_is_live() {
    let kit = kit().await;
    let ada = enrolled(&kit).await;
    let logo = uploaded(&kit, &ada).await;
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    succeeded(&configure(&kit, &ada, vec![submission("preview")]).await);
    kit.work().await;
    live(&kit, &ada).await;
    let mut next = draft(&logo, "1.0.0").pop().unwrap();
    next["manifests"].as_array_mut().unwrap().push(manifest("1.1.0", &READER));
    succeeded(&configure(&kit, &ada, vec![next]).await);
    let compared = kit.get(&ada, "/market/offers/fabrikam.ops/compare?filter=modified").await.ok();
    let fields = compared.body.to_string();
    assert!(fields.contains("manifests[1.1.0]"), "{fields}");
    succeeded(&configure(&kit, &ada, vec![submission("preview")]).await);
    kit.work().await;
    let path = "/market/offers/fabrikam.ops/compare";
    let waits = kit.get(&ada, &format!("{path}?of=preview&filter=modified")).await.ok();
    assert_eq!(waits.body, compared.body, "what the sign-off would change");
    for odd in ["of=live", "with=draft", "of=preview&with=preview"] {
        let refused = kit.get(&ada, &format!("{path}?{odd}")).await;
        assert_eq!((refused.status, refused.code()), (400, "invalidRequest"), "{odd}");
    }
    let version = |it: Answered| it.body["items"][0]["plans"][0]["version"].clone();
    assert_eq!(version(kit.anyone("/catalog/products").await), "1.0.0");
    live(&kit, &ada).await;
    assert_eq!(version(kit.anyone("/catalog/products").await), "1.1.0");
    // What was in a preview never changes again.
    let mut other = draft(&logo, "1.0.0").pop().unwrap();
    other["manifests"] = json!([manifest("1.0.0", &model::samples::CONTRIBUTOR)]);
    let refused = configure(&kit, &ada, vec![other, submission("preview")]).await;
    assert_eq!(refused.body["jobResult"], "failed", "{}", refused.body);
}

#[tokio::test]
async fn what_one_request_configures_happens_whole_or_not_at_all() {
    let kit = kit().await;
    let ada = enrolled(&kit).await;
    let logo = uploaded(&kit, &ada).await;
    // A new offer whose draft is not fit to be submitted, and one that nobody could keep.
    let mut unfit = draft(&logo, "1.0.0");
    unfit.retain(|it| it["leadDestination"].is_null());
    unfit.push(submission("preview"));
    let shown = draft(&logo, "1.0.0").remove(5);
    let mut large = draft(&logo, "1.0.0");
    large.extend(std::iter::repeat_n(shown, 30).map(|mut it| {
        it["type"] = "azureLogoScreenshot".into();
        it
    }));
    for resources in [unfit, large] {
        let refused = configure(&kit, &ada, resources).await;
        assert_eq!(refused.body["jobResult"], "failed", "{}", refused.body);
        assert_eq!(refused.body["resourceUri"], Value::Null, "there is no product");
        let offers = kit.get(&ada, "/market/offers").await.ok();
        assert_eq!(offers.body["value"], json!([]), "nothing is left behind");
    }

    // A draft that would be saved, were it not for what the same request asks beside.
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    succeeded(&configure(&kit, &ada, vec![submission("preview")]).await);
    kit.work().await;
    live(&kit, &ada).await;
    let offer = "/market/offers/fabrikam.ops";
    let before = kit.get(&ada, offer).await.ok();
    let mut words = draft(&logo, "1.0.0").remove(7);
    words["summary"] = "We watch, and more".into();
    let plan = json!({ "externalId": "core" });
    let last = json!({
        "$schema": schema("plan"), "product": { "externalId": "ops" }, "identity": plan,
        "lifecycleState": "deprecated",
    });
    let mut going = submission("live");
    going["id"] = format!("submission/{UNKNOWN}/{UNKNOWN}").into();
    for beside in [last, going] {
        let refused = configure(&kit, &ada, vec![words.clone(), beside]).await;
        assert_eq!(refused.body["jobResult"], "failed", "{}", refused.body);
        let after = kit.get(&ada, offer).await.ok();
        assert_eq!((after.etag(), &after.body), (before.etag(), &before.body));
    }
    succeeded(&configure(&kit, &ada, vec![words, submission("preview")]).await);
    let after = kit.get(&ada, offer).await.ok();
    assert_eq!(after.body["status"], "Publish in progress");
    assert_ne!(after.etag(), before.etag());
}

#[tokio::test]
async fn publishing_without_a_verified_account_names_what_is_missing() {
    let kit = kit().await;
    let ada = kit.token("ada").await;
    let (new, body) = ([("if-none-match", "*")], company().to_string());
    kit.send(Some(&ada), &Method::PUT, "/market/account", &new, body.as_bytes()).await.ok();
    let publisher = json!({ "publisherId": "fabrikam", "displayName": "Fabrikam" });
    kit.post(&ada, "/market/account/publishers", &publisher).await.ok();
    let logo = uploaded(&kit, &ada).await;
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    let refused = configure(&kit, &ada, vec![submission("preview")]).await;
    let message = refused.body["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("PUB-001"), "{message}");
    assert!(message.contains("/policies/certification#pub-001)"), "{message}");
    assert!(message.to_lowercase().contains("template"), "it points to templates: {message}");
    let details = refused.body["errors"][0]["details"].as_array().unwrap();
    let rule = details.iter().find(|it| it["code"] == "PUB-001").unwrap();
    let page = "https://localhost:8444/policies/certification#pub-001";
    assert_eq!((&rule["level"], &rule["helpUri"]), (&json!("error"), &json!(page)));
    for name in ["target", "message", "title", "fix", "source"] {
        assert!(rule[name].as_str().is_some_and(|it| !it.is_empty()), "{name}: {rule}");
    }
    // Nor in one request with the draft, nor by naming a preview that there is not.
    let mut all = draft(&logo, "1.1.0");
    all.push(submission("preview"));
    let mut going = submission("live");
    going["id"] = format!("submission/{UNKNOWN}/{UNKNOWN}").into();
    for resources in [all, vec![going]] {
        let refused = configure(&kit, &ada, resources).await;
        assert_ne!(refused.body["jobResult"], "succeeded", "{}", refused.body);
    }
    kit.work().await;
    assert!(kit.mailbox.sent.lock().unwrap().is_empty());
    assert_eq!(kit.anyone("/catalog/products").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_developer_writes_offers_and_reads_no_customers_nor_names_owners() {
    let kit = kit().await;
    let ada = enrolled(&kit).await;
    let path = format!("/market/account/members/{}", DEV.object);
    kit.put(&ada, &path, &json!({ "role": "developer" })).await.ok();
    let dev = kit.token("dev").await;
    let logo = uploaded(&kit, &dev).await;
    succeeded(&configure(&kit, &dev, draft(&logo, "1.0.0")).await);
    assert_eq!(kit.get(&dev, "/market/leads").await.status, 403);
    assert_eq!(kit.put(&dev, &path, &json!({ "role": "owner" })).await.status, 403);
    assert_eq!(kit.put(&dev, "/market/account", &company()).await.status, 403);
    let last = format!("/market/account/members/{}", ADA.object);
    assert_eq!(kit.put(&ada, &last, &json!({ "role": "developer" })).await.status, 409);
}

#[tokio::test]
async fn bad_input_names_its_field_and_changes_nothing() {
    let kit = kit().await;
    let ada = enrolled(&kit).await;
    let no_plan = json!({
        "$schema": schema("plan-listing"), "product": { "externalId": "ops" },
        "plan": { "externalId": "none" }, "name": "x",
    });
    let product = draft("x", "1.0.0").remove(0);
    let refused = configure(&kit, &ada, vec![product, no_plan]).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    let offers = kit.get(&ada, "/market/offers").await.ok();
    assert_eq!(offers.body["value"], json!([]), "nothing is left behind");
    let logo = uploaded(&kit, &ada).await;
    succeeded(&configure(&kit, &ada, draft(&logo, "1.0.0")).await);
    let before = kit.get(&ada, "/market/offers/fabrikam.ops").await.ok().etag();

    let upload = "/market/media?purpose=logo&fileName=x.png";
    for bytes in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"", &logo_cut()] {
        let answer = kit.send(Some(&ada), &Method::POST, upload, &[], bytes).await;
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    let list = "/market/offers/fabrikam.ops/audience";
    let rows = format!(
        "Id,Description,Type\n{SUBSCRIPTION},lab,SubscriptionId\nnot-a-guid,x,SubscriptionId\n"
    );
    let any = [("if-match", "*")];
    let bad = kit.send(Some(&ada), &Method::PUT, list, &any, rows.as_bytes()).await;
    assert_eq!(bad.status, 400, "{bad:?}");
    assert!(bad.body.to_string().contains("line 3"), "{}", bad.body);
    let good = rows.lines().take(2).collect::<Vec<_>>().join("\n");
    let stale = [("if-match", "\"0\"")];
    let answer = kit.send(Some(&ada), &Method::PUT, list, &stale, good.as_bytes()).await;
    assert_eq!(answer.status, 412, "{answer:?}");
    let answer = kit.send(Some(&ada), &Method::PUT, list, &[], good.as_bytes()).await;
    assert_eq!(answer.status, 428, "{answer:?}");
    let answer =
        kit.send(Some(&ada), &Method::POST, "/rp/product-ingestion/configure", &[], b"{").await;
    assert_eq!((answer.status, answer.code()), (400, "schemaValidationError"));
    assert_eq!(kit.get(&ada, "/market/offers/fabrikam.ops").await.ok().etag(), before);
}

/// A logo that ends in the middle.
fn logo_cut() -> Vec<u8> {
    let mut bytes = logo();
    bytes.truncate(bytes.len() / 2);
    bytes
}
