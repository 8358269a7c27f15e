//! Everything that can be done with a deployment, at each of the four scopes; and deployments from
//! each scope to the others.

use ids::{guid::Principal, scope::Scope};
use model::{change::Noun, samples, tree::ManagementGroup};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{SUBSCRIPTION, ask, code, get, group, is_there, storage, stored};

const MANAGEMENT: &str = "/providers/Microsoft.Management/managementGroups/mg";
const CONTRIBUTOR: Principal = samples::principal(samples::CUSTOMER, 0xC0);

/// A management group; Olof owns the tenant.
async fn plane() -> Plane {
    let everywhere = Scope::Tenant(samples::CUSTOMER);
    let management = ManagementGroup {
        tenant: samples::CUSTOMER,
        name: "mg".parse().unwrap(),
        display_name: "mg".to_owned(),
        parent: None,
    };
    testkit::plane(vec![
        Noun::ManagementGroup(management),
        Noun::ResourceGroup(testkit::group("app")),
        Noun::RoleAssignment(samples::role_assignment(everywhere, samples::OLOF, samples::OWNER)),
        Noun::User(samples::user(CONTRIBUTOR, "cora")),
        Noun::RoleAssignment(samples::role_assignment(
            samples::resource_group("app"),
            CONTRIBUTOR,
            samples::CONTRIBUTOR,
        )),
    ])
    .await
}

fn places() -> [(String, &'static str); 4] {
    [
        (String::new(), "tenantDeploymentTemplate"),
        (MANAGEMENT.to_owned(), "managementGroupDeploymentTemplate"),
        (SUBSCRIPTION.to_owned(), "subscriptionDeploymentTemplate"),
        (format!("{SUBSCRIPTION}/resourceGroups/app"), "deploymentTemplate"),
    ]
}

fn template(schema: &str, resources: &Value) -> Value {
    let schema = format!("https://schema.management.azure.com/schemas/2019-08-01/{schema}.json#");
    json!({
        "$schema": schema,
        "contentVersion": "1.0.0.0",
        "resources": resources,
        "outputs": { "where": { "type": "string", "value": "[deployment().name]" } },
    })
}

fn body(schema: &str, resources: &Value) -> Value {
    let properties = json!({ "mode": "Incremental", "template": template(schema, resources) });
    if schema == "deploymentTemplate" {
        json!({ "properties": properties })
    } else {
        json!({ "location": "westeurope", "properties": properties })
    }
}

fn kinds(value: &Value, place: &str) -> Vec<String> {
    let all = value["value"].as_array().unwrap().iter();
    all.map(|it| it.pointer(place).unwrap().as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_verb_answers_at_every_scope() {
    let plane = plane().await;
    for (at, schema) in places() {
        let all = format!("{at}/providers/Microsoft.Resources/deployments");
        let (path, body) = (format!("{all}/d"), body(schema, &json!([])).to_string());
        let olof = async |line: String, body: &str| ask(&plane, samples::OLOF, &line, body).await;
        let head = olof(format!("HEAD {path}"), "").await;
        assert_eq!(head.status, 404, "{at}");
        let valid = olof(format!("POST {path}/validate"), &body).await;
        assert_eq!(valid.status, 200, "{at}: {valid:?}");
        assert_eq!(olof(format!("POST {path}/whatIf"), &body).await.status, 202, "{at}");
        let put = olof(format!("PUT {path}"), &body).await;
        assert_eq!(put.status, 201, "{at}: {put:?}");
        let again = olof(format!("PUT {path}"), &body).await;
        assert_eq!((again.status, code(&again).as_str()), (409, "DeploymentActive"), "{at}");
        let early = olof(format!("DELETE {path}"), "").await;
        assert_eq!((early.status, code(&early).as_str()), (409, "DeploymentActive"), "{at}");
        arm::deployment::drain(&plane).await.unwrap();

        let record = get(&plane, &path).await;
        assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{at}: {record:#}");
        assert_eq!(record["properties"]["outputs"]["where"]["value"], "d");
        assert_eq!(record["location"].is_string(), schema != "deploymentTemplate", "{at}");
        assert_eq!(olof(format!("HEAD {path}"), "").await.status, 204, "{at}");
        assert_eq!(kinds(&get(&plane, &format!("{all}/")).await, "/name"), ["d"], "{at}");
        let operations = get(&plane, &format!("{path}/operations")).await;
        let told = kinds(&operations, "/properties/provisioningOperation");
        assert_eq!(told, ["EvaluateDeploymentOutput"], "{at}");
        let one = operations["value"][0]["id"].as_str().unwrap();
        assert_eq!(get(&plane, one).await, operations["value"][0], "{at}");
        let exported = olof(format!("POST {path}/exportTemplate"), "").await;
        assert_eq!(exported.body.unwrap()["template"], template(schema, &json!([])), "{at}");
        let cancel = olof(format!("POST {path}/cancel"), "").await;
        let late = (cancel.status, code(&cancel));
        assert_eq!(late, (409, "DeploymentCannotBeCancelled".to_owned()), "{at}");
        assert!([202, 204].contains(&olof(format!("DELETE {path}"), "").await.status), "{at}");
        assert_eq!(olof(format!("HEAD {path}"), "").await.status, 404, "{at}");
    }
}

#[tokio::test]
async fn a_deployment_has_a_name_and_a_place_that_azure_would_take() {
    let plane = plane().await;
    for (at, schema) in places() {
        let all = format!("{at}/providers/Microsoft.Resources/deployments");
        let refused = async |name: &str, body: &Value| {
            let line = format!("PUT {all}/{name}");
            code(&ask(&plane, samples::OLOF, &line, &body.to_string()).await)
        };
        let good = body(schema, &json!([]));
        assert_eq!(refused("a~b", &good).await, "DeploymentNameInvalidCharacters", "{at}");
        let long = "a".repeat(65);
        assert_eq!(refused(&long, &good).await, "DeploymentNameLengthLimitExceeded", "{at}");
        if schema != "deploymentTemplate" {
            let mut bare = good.clone();
            bare.as_object_mut().unwrap().remove("location");
            assert_eq!(refused("d", &bare).await, "LocationRequired", "{at}");
            assert_eq!(refused("d", &good).await, "", "{at}");
            arm::deployment::drain(&plane).await.unwrap();
            let mut other = good.clone();
            other["location"] = "eastus".into();
            assert_eq!(refused("d", &other).await, "InvalidDeploymentLocation", "{at}");
        }
    }
}

fn nested(name: &str, inside: &Value, more: &Value) -> Value {
    let mut it = json!({
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": name,
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": { "scope": "inner" },
            "template": inside,
        },
    });
    it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    it
}

/// From a group up to the tenant, and down again to another group.
#[tokio::test]
async fn deployments_go_from_each_scope_to_every_other() {
    let plane = plane().await;
    let west = json!({ "location": "westeurope" });
    let with = |more: Value| {
        let mut all = west.as_object().unwrap().clone();
        all.extend(more.as_object().unwrap().clone());
        Value::Object(all)
    };
    let account = template("deploymentTemplate", &json!([storage("far")]));
    let into_group = nested(
        "group",
        &account,
        &json!({ "subscriptionId": samples::SUBSCRIPTION, "resourceGroup": "made",
                 "dependsOn": ["subscription"] }),
    );
    let made = template("subscriptionDeploymentTemplate", &json!([group("made", &[])]));
    let into_subscription =
        nested("subscription", &made, &with(json!({ "subscriptionId": samples::SUBSCRIPTION })));
    let management = template(
        "managementGroupDeploymentTemplate",
        &json!([into_subscription.clone(), into_group.clone()]),
    );
    let into_management = nested(
        "management",
        &management,
        &with(json!({ "scope": MANAGEMENT.trim_start_matches('/') })),
    );
    let tenant = template("tenantDeploymentTemplate", &json!([into_management]));
    let into_tenant = nested("tenant", &tenant, &with(json!({ "scope": "/" })));
    let body = body("deploymentTemplate", &json!([into_tenant]));
    let path =
        format!("{SUBSCRIPTION}/resourceGroups/app/providers/Microsoft.Resources/deployments/d");
    ask(&plane, samples::OLOF, &format!("PUT {path}"), &body.to_string()).await;
    arm::deployment::drain(&plane).await.unwrap();
    let record = get(&plane, &path).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    assert!(is_there(&plane, &stored("far").replace("/app/", "/made/")).await);
    for at in ["", MANAGEMENT, SUBSCRIPTION, &format!("{SUBSCRIPTION}/resourceGroups/made")] {
        let all = format!("{at}/providers/Microsoft.Resources/deployments");
        assert_eq!(get(&plane, &all).await["value"].as_array().unwrap().len(), 1, "{at}");
    }
}

#[tokio::test]
async fn resources_of_a_higher_scope_are_made_from_below() {
    let plane = plane().await;
    for (at, schema) in places() {
        let name = format!("mg-{}", schema.len());
        let resources = json!([{
            "type": "Microsoft.Management/managementGroups", "apiVersion": "2021-04-01",
            "scope": "/", "name": name, "location": "eastus", "properties": {},
        }]);
        let path = format!("{at}/providers/Microsoft.Resources/deployments/d");
        let body = body(schema, &resources).to_string();
        ask(&plane, samples::OLOF, &format!("PUT {path}"), &body).await;
        arm::deployment::drain(&plane).await.unwrap();
        let record = get(&plane, &path).await;
        assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{at}: {record:#}");
        let made =
            format!("GET /providers/Microsoft.Management/managementGroups/{name}?2021-04-01");
        assert_eq!(ask(&plane, samples::OLOF, &made, "").await.status, 200, "{at}");
    }
}

/// Three steps, each after the other: the second asks for more than its caller may.
#[tokio::test]
async fn what_goes_beyond_its_callers_rights_is_named_what_was_done_stays_and_the_rest_is_skipped()
{
    let plane = plane().await;
    let beyond = template("subscriptionDeploymentTemplate", &json!([group("made", &[])]));
    let mut middle = nested(
        "middle",
        &beyond,
        &json!({ "subscriptionId": samples::SUBSCRIPTION, "location": "westeurope" }),
    );
    middle["dependsOn"] = json!(["first"]);
    let mut last = storage("last");
    last["dependsOn"] = json!(["middle"]);
    let body = body("deploymentTemplate", &json!([storage("first"), middle, last]));
    let path =
        format!("{SUBSCRIPTION}/resourceGroups/app/providers/Microsoft.Resources/deployments/d");
    ask(&plane, CONTRIBUTOR, &format!("PUT {path}"), &body.to_string()).await;
    arm::deployment::drain(&plane).await.unwrap();
    let record = get(&plane, &path).await;
    let error = &record["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed", "{record:#}");
    assert_eq!(error["details"][0]["code"], "AuthorizationFailed");
    let message = error["details"][0]["message"].as_str().unwrap();
    assert!(message.contains("Microsoft.Resources/deployments/write"), "{message}");
    assert!(is_there(&plane, &stored("first")).await);
    assert!(!is_there(&plane, &stored("last")).await);
    let operations = get(&plane, &format!("{path}/operations")).await;
    let states = kinds(&operations, "/properties/provisioningState");
    assert_eq!(states, ["Succeeded", "Failed"], "what was skipped is no operation");
}

/// Fyr keeps accounts and has no keys of theirs to give.
#[tokio::test]
async fn a_list_function_is_judged_and_then_refused_by_name() {
    let plane = plane().await;
    testkit::put(
        &plane,
        vec![Noun::Resource(testkit::resource(
            ids::resource::ResourceId::parse(&stored("a"), samples::CUSTOMER).unwrap(),
        ))],
    )
    .await;
    let reader = samples::principal(samples::CUSTOMER, 0xEA);
    testkit::put(
        &plane,
        vec![
            Noun::User(samples::user(reader, "rita")),
            Noun::RoleAssignment(samples::role_assignment(
                samples::resource_group("app"),
                reader,
                DEPLOYER.0,
            )),
            Noun::RoleDefinition(deployer()),
        ],
    )
    .await;
    for (who, expected) in
        [(samples::OLOF, "OperationNotSupported"), (reader, "AuthorizationFailed")]
    {
        let mut whole = body("deploymentTemplate", &json!([]));
        let keys = "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'a'), '2022-09-01').keys[0].value]";
        whole["properties"]["template"]["outputs"] =
            json!({ "key": { "type": "string", "value": keys } });
        let path = format!(
            "{SUBSCRIPTION}/resourceGroups/app/providers/Microsoft.Resources/deployments/d"
        );
        ask(&plane, who, &format!("PUT {path}"), &whole.to_string()).await;
        arm::deployment::drain(&plane).await.unwrap();
        let record = get(&plane, &path).await;
        assert_eq!(record["properties"]["error"]["code"], expected, "{record:#}");
    }
}

const DEPLOYER: (ids::guid::RoleId, &[&str]) = (
    ids::guid::RoleId::new(uuid::Uuid::from_u128(0xE2)),
    &["Microsoft.Resources/deployments/*", "*/read"],
);

fn deployer() -> model::role::RoleDefinition {
    let actions = DEPLOYER.1.iter().map(ToString::to_string).collect();
    let permissions = vec![model::role::Permission { actions, ..Default::default() }];
    let id = DEPLOYER.0;
    model::role::RoleDefinition { id, permissions, ..samples::custom_role(samples::whole()) }
}
