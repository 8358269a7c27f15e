//! `reference()`, outputs, and what is read of a deployment afterwards.

use model::{change::Noun, samples};
use serde_json::{Value, json};

use super::kit::{SUBSCRIPTION, ask, deploy, get, group, path};

fn with_outputs(resources: &Value, outputs: &Value) -> String {
    let schema = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#";
    json!({
        "location": "westeurope",
        "properties": {
            "mode": "Incremental",
            "template": {
                "$schema": schema,
                "contentVersion": "1.0.0.0",
                "resources": resources,
                "outputs": outputs,
            },
        },
    })
    .to_string()
}

fn nested(name: &str, resources: &Value, outputs: &Value) -> Value {
    json!({
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": name,
        "resourceGroup": "app",
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": { "scope": "inner" },
            "template": {
                "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                "contentVersion": "1.0.0.0",
                "resources": resources,
                "outputs": outputs,
            },
        },
    })
}

#[tokio::test]
async fn a_step_learns_what_an_earlier_one_answered() {
    let plane = testkit::plane(vec![Noun::ResourceGroup(testkit::group("app"))]).await;
    let inner = nested(
        "inner",
        &json!([]),
        &json!({ "where": { "type": "string", "value": "[resourceGroup().location]" } }),
    );
    let mut next = group("next", &[]);
    next["tags"] = json!({ "from": "[reference('inner').outputs.where.value]" });
    let outputs = json!({
        "where": { "type": "string", "value": "[reference('inner').outputs.where.value]" },
        "managing": { "type": "array", "value": "[subscription().managedByTenants]" },
        "tenant": { "type": "string", "value": "[tenant().tenantId]" },
        "me": { "type": "string", "value": "[deployment().name]" },
    });
    let body = with_outputs(&json!([next, inner]), &outputs);
    let (_, record) = deploy(&plane, samples::OLOF, &body).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    let group = get(&plane, &format!("{SUBSCRIPTION}/resourceGroups/next")).await;
    assert_eq!(group["tags"], json!({ "from": "westeurope" }));
    let outputs = &record["properties"]["outputs"];
    assert_eq!(outputs["where"], json!({ "type": "String", "value": "westeurope" }));
    assert_eq!(outputs["managing"]["value"], json!([]));
    assert_eq!(outputs["tenant"]["value"].as_str(), Some(samples::CUSTOMER.to_string().as_str()));
    assert_eq!(outputs["me"]["value"], "d");
}

#[tokio::test]
async fn an_output_that_cannot_be_made_fails_the_deployment() {
    let plane = testkit::plane(Vec::new()).await;
    let reference = "[reference(subscriptionResourceId('Microsoft.Resources/resourceGroups', 'x'), '2022-09-01').y]";
    let outputs = json!({ "o": { "type": "string", "value": reference } });
    let (_, record) =
        deploy(&plane, samples::OLOF, &with_outputs(&json!([group("a", &[])]), &outputs)).await;
    assert_eq!(record["properties"]["provisioningState"], "Failed", "{record:#}");
    assert!(record["properties"]["error"]["code"].is_string(), "{record:#}");
    assert!(record["properties"]["outputs"].is_null());
}

#[tokio::test]
async fn a_failure_inside_a_nested_deployment_shows_as_a_node_of_its_own() {
    let plane = testkit::plane(vec![Noun::ResourceGroup(testkit::group("app"))]).await;
    let lost = json!([{ "type": "No.Such/things", "apiVersion": "2022-09-01", "name": "a" }]);
    let body = with_outputs(&json!([nested("inner", &lost, &json!({}))]), &json!({}));
    let (_, record) = deploy(&plane, samples::OLOF, &body).await;
    let error = &record["properties"]["error"];
    assert_eq!(error["details"][0]["code"], "DeploymentFailed", "{error:#}");
    assert_eq!(error["details"][0]["details"][0]["code"], "InvalidResourceNamespace");
}

#[tokio::test]
async fn a_deployment_is_listed_exported_and_removed_and_what_it_made_stays() {
    let plane = testkit::plane(Vec::new()).await;
    let body = with_outputs(&json!([group("a", &[])]), &json!({}));
    deploy(&plane, samples::OLOF, &body).await;
    let all = format!("{SUBSCRIPTION}/providers/Microsoft.Resources/deployments/");
    let list = get(&plane, &all).await;
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
    assert_eq!(list["value"][0]["name"], "d");
    let export = format!("POST {}/exportTemplate", path("d"));
    let export = ask(&plane, samples::OLOF, &export, "").await.body.unwrap();
    assert_eq!(export["template"]["resources"][0]["name"], "a");

    let operations = get(&plane, &format!("{}/operations", path("d"))).await;
    let end = operations["value"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(end["properties"]["provisioningOperation"], "EvaluateDeploymentOutput");
    let one = format!("{}/operations/{}", path("d"), end["operationId"].as_str().unwrap());
    assert_eq!(get(&plane, &one).await, end);

    let delete = format!("DELETE {}", path("d"));
    assert_eq!(ask(&plane, samples::OLOF, &delete, "").await.status, 202);
    assert_eq!(ask(&plane, samples::OLOF, &format!("GET {}", path("d")), "").await.status, 404);
    assert_eq!(ask(&plane, samples::OLOF, &delete, "").await.status, 204);
    let there = format!("HEAD {SUBSCRIPTION}/resourceGroups/a");
    assert_eq!(ask(&plane, samples::OLOF, &there, "").await.status, 204);
}

#[tokio::test]
async fn a_provider_that_is_needed_is_registered() {
    let mut subscription = samples::subscription(samples::SUBSCRIPTION, samples::CUSTOMER);
    subscription.registered_by_default = false;
    let more = vec![Noun::Subscription(subscription), Noun::ResourceGroup(testkit::group("app"))];
    let plane = testkit::plane(Vec::new()).await;
    testkit::put(&plane, more).await;
    let storage = json!([{
        "type": "Microsoft.Storage/storageAccounts",
        "apiVersion": "2022-09-01",
        "name": "store",
        "location": "westeurope",
    }]);
    let body = with_outputs(&json!([nested("inner", &storage, &json!({}))]), &json!({}));
    let (_, record) = deploy(&plane, samples::OLOF, &body).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
}

/// As the clients ask: without the provider in the path.
#[tokio::test]
async fn the_operations_of_a_groups_deployment_are_found_by_their_old_path_too() {
    let plane = testkit::plane(vec![Noun::ResourceGroup(testkit::group("app"))]).await;
    let lock = json!([{ "type": "Microsoft.Authorization/locks", "apiVersion": "2016-09-01",
        "name": "l", "properties": { "level": "CanNotDelete" } }]);
    let body = with_outputs(&json!([nested("inner", &lock, &json!({}))]), &json!({}));
    let (_, record) = deploy(&plane, samples::OLOF, &body).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    let old = format!("{SUBSCRIPTION}/resourcegroups/app/deployments/inner/operations");
    let all = get(&plane, &old).await;
    let first = &all["value"][0];
    assert_eq!(first["properties"]["targetResource"]["resourceName"], "l", "{all:#}");
    let one = format!("{old}/{}", first["operationId"].as_str().unwrap());
    assert_eq!(&get(&plane, &one).await, first);
}

#[tokio::test]
async fn a_template_learns_of_its_place_and_itself_what_azure_would_tell() {
    let plane = testkit::plane(vec![Noun::ResourceGroup(testkit::group("app"))]).await;
    let say = |value: &str| json!({ "type": "object", "value": format!("[{value}]") });
    let found = "reference(subscriptionResourceId('Microsoft.Resources/resourceGroups','app'),\
                 '2022-09-01','Full')";
    let outputs = json!({
        "tenant": say("tenant()"),
        "self": say("createObject('hash', deployment().properties.templateHash)"),
        "cloud": say("environment()"),
        "full": say(found),
    });
    let (_, record) = deploy(&plane, samples::OLOF, &with_outputs(&json!([]), &outputs)).await;
    let told = |name: &str| record["properties"]["outputs"][name]["value"].clone();
    assert_eq!(
        told("tenant")["displayName"],
        samples::tenant(samples::CUSTOMER, "contoso").display_name,
        "{record}"
    );
    assert_eq!(told("tenant")["countryCode"].as_str().map(str::len), Some(2));
    assert_eq!(told("self")["hash"], record["properties"]["templateHash"]);
    assert!(told("cloud")["suffixes"]["storage"].is_string());
    let full = told("full");
    let subscription = samples::SUBSCRIPTION.to_string();
    assert_eq!(
        (&full["subscriptionId"], &full["resourceGroupName"]),
        (&json!(subscription), &json!("app"))
    );
    assert_eq!(
        (&full["referenceApiVersion"], &full["isTemplateResource"]),
        (&json!("2022-09-01"), &json!(false))
    );
    assert_eq!(full["provisioningOperation"], "Read");
    assert_eq!(full["location"], "westeurope");
}

#[tokio::test]
async fn a_provider_that_deploys_to_a_customer_does_not_hear_what_that_tenant_is_called() {
    let plane = testkit::plane(vec![
        Noun::Definition(samples::definition(samples::SUBSCRIPTION)),
        Noun::Assignment(samples::assignment(samples::whole())),
    ])
    .await;
    let outputs = json!({ "tenant": { "type": "object", "value": "[tenant()]" } });
    let body = with_outputs(&json!([]), &outputs);
    let (_, record) = deploy(&plane, samples::ADA, &body).await;
    let tenant = &record["properties"]["outputs"]["tenant"]["value"];
    assert_eq!(tenant["tenantId"], json!(samples::CUSTOMER), "{record}");
    assert_eq!((&tenant["displayName"], &tenant["countryCode"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn what_to_note_of_requests_is_shown_again_and_what_to_do_on_error_is_refused() {
    let plane = testkit::plane(Vec::new()).await;
    let mut body: Value = serde_json::from_str(&with_outputs(&json!([]), &json!({}))).unwrap();
    body["properties"]["debugSetting"] =
        json!({ "detailLevel": "requestContent, responseContent" });
    let (_, record) = deploy(&plane, samples::OLOF, &body.to_string()).await;
    assert_eq!(
        record["properties"]["debugSetting"],
        json!({ "detailLevel": "requestContent, responseContent" })
    );
    body["properties"]["onErrorDeployment"] = json!({ "type": "LastSuccessful" });
    let refused =
        ask(&plane, samples::OLOF, &format!("PUT {}", path("e")), &body.to_string()).await;
    assert_eq!(
        (refused.status, super::kit::code(&refused)),
        (400, "OnErrorDeploymentNotSupported".to_owned())
    );
}

#[tokio::test]
async fn a_template_learns_of_roles_and_providers_and_of_what_the_request_brought() {
    let plane = testkit::plane(Vec::new()).await;
    let outputs = json!({
        "role": { "type": "string", "value": "[roleDefinitions('Reader').id]" },
        "types": { "type": "string",
            "value": "[providers('microsoft.managedservices', 'registrationDefinitions').resourceType]" },
        "brought": { "type": "string", "value": "[parameters('brought')]" },
    });
    let mut body: Value = serde_json::from_str(&with_outputs(&json!([]), &outputs)).unwrap();
    let properties = &mut body["properties"];
    properties["template"]["parameters"] = json!({ "brought": { "type": "string" } });
    properties["parameters"] = json!({ "brought": { "expression": "[externalInputs('x')]" } });
    properties["externalInputs"] = json!({ "x": { "value": "from outside" } });
    let (_, read) = deploy(&plane, samples::OLOF, &body.to_string()).await;
    let outputs = &read["properties"]["outputs"];
    let reader =
        "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7";
    assert_eq!(outputs["role"]["value"], reader, "{read:#}");
    assert_eq!(outputs["types"]["value"], "registrationDefinitions");
    assert_eq!(outputs["brought"]["value"], "from outside");
}
