//! The stock marketplace template, unchanged.

use std::{fs, path::PathBuf};

use arm::deployment;
use model::samples::{CONTRIBUTOR, CUSTOMER, OLOF, PROVIDER, TIER1, market};
use operations::plane::Plane;
use serde_json::{Value, json};
use testkit::shop::shop;

use super::kit::{SUBSCRIPTION, ask, body, plane, rights};

const DEPLOYMENT: &str = "providers/Microsoft.Resources/deployments/offer";

fn template() -> Value {
    let file = "../../tests/samples/lighthouse/templates/marketplace-delegated-resource-management/marketplaceDelegatedResourceManagement.json";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn deployment_of(version: &str, role: impl std::fmt::Display) -> Value {
    let value = |it: Value| json!({ "value": it });
    let parameters = json!({
        "mspOfferName": value(json!("Fabrikam Ops")),
        "mspOfferDescription": value(json!("Round the clock")),
        "managedByTenantId": value(json!(PROVIDER)),
        "authorizations": value(json!([{
            "principalId": TIER1.object,
            "roleDefinitionId": role.to_string(),
            "principalIdDisplayName": "Engineers",
        }])),
        "marketplacePublisherId": value(json!("fabrikam")),
        "marketplaceOfferId": value(json!("ops")),
        "marketplacePlanId": value(json!("core")),
        "marketplacePlanVersion": value(json!(version)),
    });
    json!({ "location": "westeurope", "properties": {
        "mode": "Incremental", "template": template(), "parameters": parameters,
    }})
}

async fn deployed(plane: &Plane, sent: &Value) -> Value {
    let line = format!("{SUBSCRIPTION}/{DEPLOYMENT}?2022-09-01");
    let put = ask(plane, OLOF, &format!("PUT {line}"), sent).await;
    assert!(put.status < 300, "{put:?}");
    deployment::drain(plane).await.unwrap();
    body(&ask(plane, OLOF, &format!("GET {line}"), &Value::Null).await)
}

#[tokio::test]
async fn the_stock_marketplace_template_delegates_what_the_plan_says() {
    let shop = shop();
    let plane = plane(std::slice::from_ref(&shop)).await;
    let sent = deployment_of("1.0.0", CONTRIBUTOR);
    let unsigned = deployed(&plane, &sent).await;
    assert_eq!(unsigned["properties"]["provisioningState"], "Failed");
    assert!(unsigned.to_string().contains("MarketplacePurchaseEligibilityFailed"), "{unsigned:#}");
    assert_eq!(rights(&plane), (false, false));

    testkit::put(&plane, vec![shop.agreed(CUSTOMER, None)]).await;
    let looked = format!("POST {SUBSCRIPTION}/{DEPLOYMENT}/whatIf?2022-09-01");
    let looked = ask(&plane, OLOF, &looked, &sent).await;
    assert!(looked.status < 300, "{looked:?}");
    deployment::drain(&plane).await.unwrap();
    assert_eq!(rights(&plane), (false, false), "looking changes nothing");

    let record = deployed(&plane, &sent).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    assert_eq!(rights(&plane), (true, true));
    let again = deployed(&plane, &sent).await;
    assert_eq!(again["properties"]["provisioningState"], "Succeeded", "{again:#}");
    let line = format!(
        "GET {SUBSCRIPTION}/providers/Microsoft.ManagedServices/registrationDefinitions?2022-10-01"
    );
    let listed = body(&ask(&plane, OLOF, &line, &Value::Null).await);
    assert_eq!(listed["value"][0]["plan"]["name"], market::plan_name().as_str());
}

#[tokio::test]
async fn a_template_that_says_otherwise_than_the_plan_is_told_the_differences() {
    let shop = shop();
    let plane = plane(std::slice::from_ref(&shop)).await;
    testkit::put(&plane, vec![shop.agreed(CUSTOMER, None)]).await;
    let record = deployed(&plane, &deployment_of("1.0.0", model::samples::READER)).await;
    assert_eq!(record["properties"]["provisioningState"], "Failed");
    let told = record.to_string();
    assert!(told.contains("the plan gives role") && told.contains("does not give role"), "{told}");
    assert_eq!(rights(&plane), (false, false));
}
