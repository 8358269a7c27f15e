//! The stock policy templates, unchanged, and what they do to the stock onboarding template.

use std::{fs, path::PathBuf};

use arm::{
    deployment, front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use model::{
    activity::{Activity, Log},
    samples::{self, OLOF, PROVIDER},
    settings::Profile,
};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{CORP, SUBSCRIPTION, assignment, done, plane};

fn sample(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/lighthouse");
    fs::read_to_string(root.join("templates").join(path)).unwrap()
}

async fn send(plane: &Plane, verb: &str, path: &str, body: String) -> ArmResponse {
    let request = ArmRequest {
        method: Method::parse(verb).unwrap(),
        path: path.to_owned(),
        query: Query(vec![("api-version".to_owned(), "2022-09-01".to_owned())]),
        caller: Ok(samples::caller(OLOF)),
        auxiliary: Vec::new(),
        correlation: samples::correlation(),
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    front_door::answer(plane, request, async { Ok(body.into_bytes()) }).await
}

/// Deploys as `az deployment … create` does, and lets it run to its end.
async fn deploy(
    plane: &Plane,
    scope: &str,
    template: &str,
    parameters: &Value,
) -> (ArmResponse, Value) {
    let path = format!("{scope}/providers/Microsoft.Resources/deployments/d");
    let body = format!(
        "{{\"location\":\"westeurope\",\"properties\":{{\"parameters\":{parameters},\
         \"mode\":\"Incremental\", template:{}}}}}",
        sample(template)
    );
    let put = send(plane, "PUT", &path, body).await;
    deployment::drain(plane).await.unwrap();
    let record = send(plane, "GET", &path, String::new()).await.body.unwrap_or_default();
    (put, record)
}

#[track_caller]
fn succeeded((put, record): &(ArmResponse, Value)) {
    assert!(matches!(put.status, 200 | 201), "{put:?}");
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
}

/// The stock onboarding template, for Fabrikam.
async fn onboard(plane: &Plane) -> (ArmResponse, Value) {
    let file = "delegated-resource-management/subscription/subscription";
    let text = sample(&format!("{file}.parameters.json"))
        .replace("<insert managing tenant id>", &PROVIDER.to_string())
        .replace("00000000-0000-0000-0000-000000000000", &samples::TIER1.object.to_string());
    let parameters = serde_json::from_str::<Value>(&text).unwrap()["parameters"].take();
    deploy(plane, SUBSCRIPTION, &format!("{file}.json"), &parameters).await
}

#[tokio::test]
async fn only_listed_tenants_are_onboarded_by_the_stock_template() {
    for profile in [Profile::Azure, Profile::Strict] {
        let plane = plane(profile).await;
        let file = "policy-allow-certain-managing-tenants/policyAllowCertainTenantIds.json";
        let listing = |tenants: Value| json!({ "listOfAllowedTenants": { "value": tenants } });
        succeeded(&deploy(&plane, SUBSCRIPTION, file, &listing(json!(["tenantID1"]))).await);
        let (put, _) = onboard(&plane).await;
        let error = put.body.unwrap()["error"].take();
        assert_eq!(
            (put.status, &error["code"]),
            (400, &json!("InvalidTemplateDeployment")),
            "{error:#}"
        );
        let detail = &error["details"][0];
        assert_eq!(detail["code"], "RequestDisallowedByPolicy");
        assert_eq!(detail["additionalInfo"][0]["type"], "PolicyViolation");
        succeeded(&deploy(&plane, SUBSCRIPTION, file, &listing(json!([PROVIDER]))).await);
        succeeded(&onboard(&plane).await);
    }
}

/// What cannot be foreseen fails with the step: here the policy comes with the same template.
#[tokio::test]
async fn what_is_denied_while_a_template_runs_is_told_with_the_deployment() {
    let plane = plane(Profile::Azure).await;
    let definition =
        format!("{SUBSCRIPTION}/providers/Microsoft.Authorization/policyDefinitions/no");
    let resources = json!([
        {
            "type": "Microsoft.Authorization/policyDefinitions", "apiVersion": "2021-06-01", "name": "no",
            "properties": super::kit::denying(&PROVIDER.to_string())["properties"],
        },
        {
            "type": "Microsoft.Authorization/policyAssignments", "apiVersion": "2021-06-01", "name": "assigned",
            "dependsOn": ["no"], "properties": { "policyDefinitionId": definition },
        },
        {
            "type": "Microsoft.ManagedServices/registrationDefinitions", "apiVersion": "2022-10-01",
            "name": super::kit::GUID, "dependsOn": [super::kit::assignment(SUBSCRIPTION, "assigned")],
            "properties": {
                "registrationDefinitionName": "x", "managedByTenantId": PROVIDER,
                "authorizations": [{
                    "principalId": samples::TIER1.object, "roleDefinitionId": samples::CONTRIBUTOR,
                }],
            },
        },
    ]);
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "resources": resources,
    });
    let body = json!({ "location": "westeurope", "properties": { "mode": "Incremental", "template": template } });
    let path = format!("{SUBSCRIPTION}/providers/Microsoft.Resources/deployments/d");
    assert_eq!(send(&plane, "PUT", &path, body.to_string()).await.status, 201);
    deployment::drain(&plane).await.unwrap();
    let record = send(&plane, "GET", &path, String::new()).await.body.unwrap();
    let error = &record["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed", "{record:#}");
    let detail = &error["details"][0];
    assert_eq!(detail["code"], "RequestDisallowedByPolicy", "{error:#}");
    assert_eq!(detail["additionalInfo"][0]["type"], "PolicyViolation");
}

#[tokio::test]
async fn the_audit_sample_marks_a_delegation_and_lets_it_be() {
    let plane = plane(Profile::Azure).await;
    let none = json!({});
    succeeded(&deploy(&plane, SUBSCRIPTION, "policy-audit-delegation.json", &none).await);
    let file = "policy-audit-delegation/policyAuditDelegation.json";
    succeeded(&deploy(&plane, SUBSCRIPTION, file, &none).await);
    succeeded(&onboard(&plane).await);
    plane.store.sweep().await.unwrap();
    let query = store::activity::ActivityQuery {
        log: Log::Subscription(samples::SUBSCRIPTION),
        from: jiff::Timestamp::UNIX_EPOCH,
        to: plane.store.now(),
        filter: store::activity::ActivityFilter::default(),
    };
    let log = plane.store.activity(&query, store::snapshot::Page::first()).await.unwrap().items;
    assert_eq!(log.iter().filter(|it: &&Activity| it.is_of_policy()).count(), 1);
}

#[tokio::test]
async fn the_samples_with_an_identity_give_it_its_role() {
    for (file, name, parameters) in [
        ("policy-add-or-replace-tag/addOrReplaceTag.json", "CRUD-tags", json!({})),
        (
            "policy-enforce-keyvault-monitoring/enforceAzureMonitoredKeyVault.json",
            "Enforce-Monitoring-KeyVault-Assignment",
            json!({}),
        ),
        (
            "policy-enforce-sub-monitoring/enforceAzureMonitoredSubsription.json",
            "Enable-Full-AzSub-Monitoring-Assignment",
            json!({
                "workspaceName": { "value": "ws" },
                "automationAccountName": { "value": "aa" },
                "workspaceRegion": { "value": "westeurope" },
                "automationRegion": { "value": "westeurope" },
            }),
        ),
    ] {
        let plane = plane(Profile::Azure).await;
        succeeded(&deploy(&plane, SUBSCRIPTION, file, &parameters).await);
        let made =
            done(&plane, OLOF, &format!("GET {}", assignment("{s}", name)), Value::Null).await;
        let object: ids::guid::ObjectId =
            made["identity"]["principalId"].as_str().unwrap().parse().unwrap();
        let who = ids::guid::Principal { tenant: samples::CUSTOMER, object };
        let action = model::action::Action::known("Microsoft.Storage/storageAccounts/write");
        let asked = model::question::Question::any(action, samples::whole());
        let verdict = plane.index().check(who, &asked, plane.store.now());
        assert!(matches!(verdict, access::verdict::Verdict::Allowed(_)), "{file}");
    }
}

#[tokio::test]
async fn the_other_samples_are_kept() {
    let plane = plane(Profile::Azure).await;
    let https = "policy-enforce-https-storage/enforceHttpsStorage.json";
    succeeded(&deploy(&plane, SUBSCRIPTION, https, &json!({})).await);
    let initiative = json!({
        "policyInitiativeName": { "value": "initiative" },
        "deniedLocation": { "value": "westus" },
        "deniedResource": { "value": "Microsoft.Web/sites" },
    });
    succeeded(
        &deploy(&plane, SUBSCRIPTION, "policy-initiative/armPolicyInitiative.json", &initiative)
            .await,
    );
    let managed = json!({
        "managedByTenantId": { "value": PROVIDER },
        "managedByName": { "value": "Fabrikam" },
        "managedByDescription": { "value": "Ops" },
        "managedByAuthorizations": { "value": [] },
    });
    for folder in
        ["policy-delegate-management-groups", "policy-delegate-multiple-management-groups"]
    {
        let file = format!("{folder}/deployLighthouseIfNotExistManagementGroup.json");
        succeeded(&deploy(&plane, CORP, &file, &managed).await);
    }
}
