//! From a company's first step to its offer in the storefront.

use axum::http::Method;
use ids::{clock::Clock, scope::Scope};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::Noun,
    question::Question,
    samples::{self, ADA, PROVIDER, READER, SUBSCRIPTION, TIER1},
};
use operations::market::run::Certification;
use serde_json::{Value, json};

use crate::kit::{Answered, DEV, Kit, UNKNOWN, kit, kit_by, logo};

const INGESTION: &str = "/rp/product-ingestion";

fn schema(name: &str) -> String {
    format!("https://schema.mp.microsoft.com/schema/{name}/2022-03-01-preview2")
}

fn person() -> Value {
    json!({ "name": "Ada", "email": "ada@fabrikam.example", "phone": "+46 8 555 0100" })
}

fn company() -> Value {
    json!({
        "legalName": "Fabrikam B.V.",
        "address": {
            "street": "Waalhaven 14", "city": "Rotterdam", "postalCode": "3087 BM", "country": "NL"
        },
        "primaryContact": person(),
        "authorizedToSign": true,
        "agreements": ["PublisherAgreement", "PartnerNetworkAgreement"],
        "partnerId": "6123477",
    })
}

/// Fabrikam with an account that may publish, as the publisher `fabrikam`.
async fn enrolled(kit: &Kit) -> String {
    enrolled_by(kit, &json!([{ "kind": "designation", "area": "InfrastructureAzure" }])).await
}

/// The same, where that qualifies it.
async fn enrolled_by(kit: &Kit, qualifications: &Value) -> String {
    let ada = kit.token("ada").await;
    let new = [("if-none-match", "*")];
    let body = company().to_string();
    let account = "/market/account";
    kit.send(Some(&ada), &Method::PUT, account, &new, body.as_bytes()).await.ok();
    kit.post(
        &ada,
        "/market/account/publishers",
        &json!({ "publisherId": "fabrikam", "displayName": "Fabrikam" }),
    )
    .await
    .ok();
    let opal = kit.token("opal").await;
    let verification = format!("/market/accounts/{PROVIDER}/verification");
    for state in
        ["EmailVerification", "EmploymentVerification", "BusinessVerification", "Authorized"]
    {
        let body = json!({ "state": state, "qualifications": qualifications });
        let seen = kit.get(&opal, &format!("/market/accounts/{PROVIDER}")).await.ok().etag();
        let (seen, body) = ([("if-match", seen.as_str())], body.to_string());
        kit.send(Some(&opal), &Method::PUT, &verification, &seen, body.as_bytes()).await.ok();
    }
    ada
}

fn manifest(version: &str, role: &dyn std::fmt::Display) -> Value {
    json!({
        "version": version,
        "tenantId": PROVIDER,
        "authorizations": [{
            "principalId": TIER1.object,
            "principalIdDisplayName": "tier1",
            "roleDefinitionId": role.to_string(),
        }],
    })
}

/// Everything that an offer needs, with one public plan in that version.
fn draft(logo: &str, version: &str) -> Vec<Value> {
    let product = json!({ "externalId": "ops" });
    let plan = json!({ "externalId": "core" });
    let listing = json!({
        "$schema": schema("listing"),
        "product": product,
        "title": "Fabrikam Ops",
        "description": "<p>Our <b>managed services</b> let you sleep.</p>",
        "searchResultSummary": "A night crew for your estate",
        "shortDescription": "Monitoring and patching by our engineers.",
        "privacyPolicyLink": "https://fabrikam.example/privacy",
        "supportContact": person(),
        "engineeringContact": person(),
    });
    vec![
        json!({
            "$schema": schema("product"), "type": "managedService", "alias": "Ops",
            "identity": product,
        }),
        json!({ "$schema": schema("plan"), "product": product, "identity": plan }),
        json!({
            "$schema": schema("customer-leads"), "product": product,
            "leadDestination": "httpsEndpoint",
            "httpsEndpointUrl": "https://hooks.fabrikam.example/leads?sig=key",
        }),
        json!({
            "$schema": schema("property"), "product": product,
            "categories": { "it-and-management-tools": ["management-solutions"] },
            "termsOfUse": "https://fabrikam.example/terms",
        }),
        listing,
        json!({
            "$schema": schema("listing-asset"), "product": product,
            "type": "azureLogoLarge", "fileName": "logo.png", "url": logo,
        }),
        json!({
            "$schema": schema("price-and-availability-offer"), "product": product,
            "previewAudiences": [{ "type": "subscription", "id": SUBSCRIPTION, "label": "lab" }],
        }),
        json!({
            "$schema": schema("plan-listing"), "product": product, "plan": plan,
            "name": "Core", "summary": "We watch", "description": "We watch round the clock.",
        }),
        json!({
            "$schema": schema("price-and-availability-plan"), "product": product, "plan": plan,
            "audience": "public", "pricing": { "licenseModel": "byol" },
        }),
        json!({
            "$schema": schema("managed-service-plan-technical-configuration"),
            "product": product, "plan": plan, "manifests": [manifest(version, &READER)],
        }),
    ]
}

async fn uploaded(kit: &Kit, token: &str) -> String {
    let path = "/market/media?purpose=logo&fileName=logo.png";
    let answer = kit.send(Some(token), &Method::POST, path, &[], &logo()).await.ok();
    answer.body["url"].as_str().unwrap().to_owned()
}

#[track_caller]
fn succeeded(job: &Answered) {
    assert_eq!(job.status, 202, "{job:?}");
    assert_eq!(job.body["jobResult"], "succeeded", "{}", job.body);
}

async fn configure(kit: &Kit, token: &str, resources: Vec<Value>) -> Answered {
    let body = json!({ "$schema": schema("configure"), "resources": resources });
    kit.post(token, &format!("{INGESTION}/configure"), &body).await
}

fn submission(target: &str) -> Value {
    json!({
        "$schema": schema("submission"), "product": { "externalId": "ops" },
        "target": { "targetType": target },
    })
}

/// The newest submission of the only product to that target.
async fn newest(kit: &Kit, token: &str, target: &str) -> Value {
    let products = kit.get(token, &format!("{INGESTION}/product?externalId=ops")).await.ok();
    let product = products.body["value"][0]["id"].as_str().unwrap().to_owned();
    let guid = product.strip_prefix("product/").unwrap();
    let path = format!("{INGESTION}/submission/{guid}?targetType={target}");
    let all = kit.get(token, &path).await.ok();
    all.body["value"][0].clone()
}

async fn live(kit: &Kit, token: &str) {
    let preview = newest(kit, token, "preview").await;
    assert_eq!(preview["result"], "succeeded", "{preview}");
    let mut going = submission("live");
    going["id"] = preview["id"].clone();
    succeeded(&configure(kit, token, vec![going]).await);
    kit.work().await;
    let done = newest(kit, token, "live").await;
    assert_eq!((&done["status"], &done["result"]), (&json!("completed"), &json!("succeeded")));
}

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
