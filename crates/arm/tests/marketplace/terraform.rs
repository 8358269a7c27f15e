//! What Terraform's `azurerm_lighthouse_definition` sends, as it was recorded, with a `plan`.

use model::samples::{CONTRIBUTOR, OLOF, PROVIDER, TIER1};
use serde_json::{Value, json};
use testkit::shop::shop;

use super::kit::{SUBSCRIPTION, ask, body, plane};

const DEFINITION: &str = "providers/Microsoft.ManagedServices/registrationDefinitions/afee244e-9a4d-41c9-a64d-8d7fc7124766?2022-10-01";
const SIGN: &str = "providers/Microsoft.MarketplaceOrdering/agreements/fabrikam/offers/ops/plans/core/sign?2021-01-01";

#[tokio::test]
async fn a_definition_with_a_plan_is_made_read_and_removed_as_terraform_does_it() {
    let plane = plane(&[shop()]).await;
    let to = async |verb: &str, sent: &Value| {
        ask(&plane, OLOF, &format!("{verb} {SUBSCRIPTION}/{DEFINITION}"), sent).await
    };
    let signed = ask(&plane, OLOF, &format!("POST {SUBSCRIPTION}/{SIGN}"), &Value::Null).await;
    assert_eq!(signed.status, 200, "{signed:?}");
    // It says that there is no description and that no roles are delegated by saying empty ones.
    let sent = json!({
        "plan": { "name": "core", "product": "ops", "publisher": "fabrikam", "version": "1.0.0" },
        "properties": {
            "authorizations": [{
                "delegatedRoleDefinitionIds": [],
                "principalId": TIER1.object.to_string(),
                "principalIdDisplayName": "Tier 1",
                "roleDefinitionId": CONTRIBUTOR.to_string(),
            }],
            "description": "",
            "managedByTenantId": PROVIDER.to_string(),
            "registrationDefinitionName": "tf",
        },
    });
    assert_eq!(to("GET", &Value::Null).await.status, 404);
    let made = to("PUT", &sent).await;
    assert_eq!(made.status, 201, "{made:?}");
    let read = to("GET", &Value::Null).await;
    assert_eq!(body(&read)["plan"], sent["plan"]);
    assert_eq!(body(&read)["properties"]["provisioningState"], "Succeeded");
    assert_eq!(body(&read)["properties"]["registrationDefinitionName"], "tf");
    let again = to("PUT", &sent).await;
    assert_eq!(again.status, 200, "an apply without changes changes nothing: {again:?}");
    assert_eq!(to("DELETE", &Value::Null).await.status, 200);
    assert_eq!(to("GET", &Value::Null).await.status, 404);
}
