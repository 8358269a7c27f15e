//! The steps that several stories take: a company enrols, and drafts, submits and publishes an offer.

use axum::http::Method;
use model::samples::{PROVIDER, READER, SUBSCRIPTION, TIER1};
use serde_json::{Value, json};

use crate::kit::{Answered, Kit, logo};

pub(crate) const INGESTION: &str = "/rp/product-ingestion";

pub(crate) fn schema(name: &str) -> String {
    format!("https://schema.mp.microsoft.com/schema/{name}/2022-03-01-preview2")
}

pub(crate) fn person() -> Value {
    json!({ "name": "Ada", "email": "ada@fabrikam.example", "phone": "+46 8 555 0100" })
}

pub(crate) fn company() -> Value {
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
pub(crate) async fn enrolled(kit: &Kit) -> String {
    enrolled_by(kit, &json!([{ "kind": "designation", "area": "InfrastructureAzure" }])).await
}

/// The same, where that qualifies it.
pub(crate) async fn enrolled_by(kit: &Kit, qualifications: &Value) -> String {
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

pub(crate) fn manifest(version: &str, role: &dyn std::fmt::Display) -> Value {
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
pub(crate) fn draft(logo: &str, version: &str) -> Vec<Value> {
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

pub(crate) async fn uploaded(kit: &Kit, token: &str) -> String {
    let path = "/market/media?purpose=logo&fileName=logo.png";
    let answer = kit.send(Some(token), &Method::POST, path, &[], &logo()).await.ok();
    answer.body["url"].as_str().unwrap().to_owned()
}

#[track_caller]
pub(crate) fn succeeded(job: &Answered) {
    assert_eq!(job.status, 202, "{job:?}");
    assert_eq!(job.body["jobResult"], "succeeded", "{}", job.body);
}

pub(crate) async fn configure(kit: &Kit, token: &str, resources: Vec<Value>) -> Answered {
    let body = json!({ "$schema": schema("configure"), "resources": resources });
    kit.post(token, &format!("{INGESTION}/configure"), &body).await
}

pub(crate) fn submission(target: &str) -> Value {
    json!({
        "$schema": schema("submission"), "product": { "externalId": "ops" },
        "target": { "targetType": target },
    })
}

/// The newest submission of the only product to that target.
pub(crate) async fn newest(kit: &Kit, token: &str, target: &str) -> Value {
    let products = kit.get(token, &format!("{INGESTION}/product?externalId=ops")).await.ok();
    let product = products.body["value"][0]["id"].as_str().unwrap().to_owned();
    let guid = product.strip_prefix("product/").unwrap();
    let path = format!("{INGESTION}/submission/{guid}?targetType={target}");
    let all = kit.get(token, &path).await.ok();
    all.body["value"][0].clone()
}

pub(crate) async fn live(kit: &Kit, token: &str) {
    let preview = newest(kit, token, "preview").await;
    assert_eq!(preview["result"], "succeeded", "{preview}");
    let mut going = submission("live");
    going["id"] = preview["id"].clone();
    succeeded(&configure(kit, token, vec![going]).await);
    kit.work().await;
    let done = newest(kit, token, "live").await;
    assert_eq!((&done["status"], &done["result"]), (&json!("completed"), &json!("succeeded")));
}
