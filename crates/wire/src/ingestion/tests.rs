use market::lint::rules::RULES;
use model::{market::submission::FindingNote, samples::market as samples};
use serde_json::{Value, json};

use super::{job::validations, read::read, tree::Tree};

const LIVE: &str = "https://fyr.example/catalog/media";

fn refusal(resource: &Value) -> String {
    let body = json!({ "resources": [resource] }).to_string();
    read(body.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_key_in_the_address_of_a_leads_receiver_is_not_shown() {
    let mut form = samples::form();
    form.leads = model::market::form::Destination::HttpsEndpoint {
        url: "https://hooks.example/x?sig=secret".to_owned(),
        sealed: None,
        emails: Vec::new(),
    };
    let offer = samples::offer();
    let tree = Tree { offer: &offer, target: "draft", media: LIVE };
    let shown = serde_json::to_string(&tree.resources(&form, &[], |_| &[])).unwrap();
    assert!(shown.contains("https://hooks.example/x") && !shown.contains("secret"), "{shown}");
}

#[test]
fn a_refusal_names_the_resource_and_the_field() {
    let schema = |name: &str| format!("https://schema.mp.microsoft.com/schema/{name}/2022-03-01");
    for (resource, expected) in [
        (json!({}), "'resources[0].$schema' not found"),
        (json!({ "$schema": schema("virtual-machine") }), "Path 'resources[0].$schema'"),
        (
            json!({ "$schema": schema("product"), "type": "softwareAsAService" }),
            "must be 'managedService'",
        ),
        (
            json!({ "$schema": schema("product"), "id": "plan/x" }),
            "must be a durable id of a product",
        ),
        (
            json!({
                "$schema": schema("price-and-availability-plan"),
                "product": { "externalId": "Bad Id" },
            }),
            "Path 'resources[0].product.externalId'",
        ),
        (
            json!({
                "$schema": schema("price-and-availability-plan"),
                "audience": "public",
                "pricing": { "licenseModel": "payAsYouGo" },
            }),
            "must be 'byol'",
        ),
        (
            json!({
                "$schema": schema("customer-leads"),
                "leadDestination": "table",
            }),
            "must be 'httpsEndpoint' or 'none'",
        ),
        (
            json!({
                "$schema": schema("managed-service-plan-technical-configuration"),
                "manifests": [{ "version": "1.0", "tenantId": "x" }],
            }),
            "Path 'resources[0].manifests[0].version'",
        ),
        (
            json!({ "$schema": schema("submission"), "target": { "targetType": "draft" } }),
            "must be 'preview' or 'live'",
        ),
        (
            json!({
                "$schema": schema("listing-asset"),
                "type": "azureLogoLarge",
                "url": "https://evil.example/logo.png",
            }),
            "must be the address that the upload of a picture answered",
        ),
    ] {
        let refused = refusal(&resource);
        assert!(refused.contains(expected), "{refused} lacks {expected}");
    }
}

#[test]
fn a_finding_says_where_why_what_to_do_and_who_asks_for_it_and_leads_to_its_rule() {
    let finding = |rule: &str| FindingNote {
        rule: rule.to_owned(),
        field: "plans[0].manifests[0]".to_owned(),
        reason: "it was in a preview".to_owned(),
    };
    for rule in RULES {
        let told = &validations(&[finding(rule.id)], "https://localhost:8444")[0];
        let anchor = rule.id.to_ascii_lowercase();
        assert_eq!(
            *told,
            json!({
                "code": rule.id,
                "target": "plans[0].manifests[0]",
                "message": "it was in a preview",
                "level": rule.severity.as_str(),
                "title": rule.title,
                "fix": rule.fix,
                "source": rule.source,
                "helpUri": format!("https://localhost:8444/policies/certification#{anchor}"),
            })
        );
    }
    let gone = &validations(&[finding("OLD-001")], "https://localhost:8444")[0];
    assert_eq!(gone["code"], "OLD-001");
    assert_eq!(gone.get("helpUri"), None);
}
