//! The stock onboarding templates, unchanged, with filled-in parameter files.

use model::{change::Noun, samples};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{SUBSCRIPTION, ask, az, code, deploy, get, may, path, sample};

const READ: &str = "Microsoft.Resources/subscriptions/resourceGroups/read";
const WRITE: &str = "Microsoft.Resources/subscriptions/resourceGroups/write";
/// `guid('Relecloud Managed Services')`.
const NAME: &str = "a284898a-fc04-581d-aca0-047861d06160";

/// The parameter file, filled in for Fabrikam's engineers.
fn parameters(file: &str) -> Value {
    let text = sample(file)
        .replace("<insert managing tenant id>", &samples::PROVIDER.to_string())
        .replace("00000000-0000-0000-0000-000000000000", &samples::TIER1.object.to_string());
    serde_json::from_str::<Value>(&text).unwrap()["parameters"].take()
}

async fn plane() -> Plane {
    let groups = ["test", "test2", "test3", "other"].map(testkit::group);
    let contributor = samples::role_assignment(samples::whole(), CONTRIBUTOR, samples::CONTRIBUTOR);
    let more = groups
        .map(Noun::ResourceGroup)
        .into_iter()
        .chain([Noun::User(samples::user(CONTRIBUTOR, "cora")), Noun::RoleAssignment(contributor)]);
    testkit::plane(more.collect()).await
}

const CONTRIBUTOR: ids::guid::Principal = samples::principal(samples::CUSTOMER, 0xC0);

#[tokio::test]
async fn a_subscription_is_delegated() {
    let plane = plane().await;
    let body = az(
        &sample("subscription/subscription.json"),
        &parameters("subscription/subscription.parameters.json"),
    );
    assert!(!may(&plane, samples::ADA, READ, None));
    let (put, record) = deploy(&plane, samples::OLOF, &body).await;
    assert_eq!(put.status, 201, "{put:?}");
    assert_eq!(put.body.unwrap()["properties"]["provisioningState"], "Accepted");
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    assert!(may(&plane, samples::ADA, READ, None));
    assert_eq!(
        record["properties"]["outputs"]["mspOfferName"],
        json!({ "type": "String", "value": "Managed by Relecloud Managed Services" })
    );
    assert_eq!(record["properties"]["outputResources"].as_array().unwrap().len(), 2);
    let dependency = &record["properties"]["dependencies"][0];
    assert_eq!(dependency["resourceName"], NAME);
    assert_eq!(
        dependency["dependsOn"][0]["resourceType"],
        "Microsoft.ManagedServices/registrationDefinitions"
    );
}

#[tokio::test]
async fn a_resource_group_is_delegated_and_its_neighbour_is_not() {
    let plane = plane().await;
    let body = az(&sample("rg/rg.json"), &parameters("rg/rg.parameters.json"));
    let (_, record) = deploy(&plane, samples::OLOF, &body).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    assert!(may(&plane, samples::ADA, READ, Some("test")));
    assert!(!may(&plane, samples::ADA, READ, Some("other")));
    let inner = format!(
        "{SUBSCRIPTION}/resourceGroups/test/providers/Microsoft.Resources/deployments/rgAssignment"
    );
    let inner = get(&plane, &inner).await;
    assert_eq!(inner["properties"]["provisioningState"], "Succeeded", "{inner:#}");
    assert_eq!(inner["properties"]["correlationId"], record["properties"]["correlationId"]);
}

#[tokio::test]
async fn several_resource_groups_are_delegated() {
    let plane = plane().await;
    let body = az(&sample("rg/multi-rg.json"), &parameters("rg/multiple-rg.parameters.json"));
    let (_, record) = deploy(&plane, samples::OLOF, &body).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    for group in ["test", "test2", "test3"] {
        assert!(may(&plane, samples::ADA, READ, Some(group)), "{group}");
    }
    assert!(!may(&plane, samples::ADA, READ, Some("other")));
}

#[tokio::test]
async fn a_missing_resource_group_is_named() {
    let plane = plane().await;
    let mut parameters = parameters("rg/rg.parameters.json");
    parameters["rgName"]["value"] = "nowhere".into();
    let (_, record) = deploy(&plane, samples::OLOF, &az(&sample("rg/rg.json"), &parameters)).await;
    let error = &record["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed", "{record:#}");
    assert_eq!(error["details"][0]["code"], "ResourceGroupNotFound", "{error:#}");
}

/// Contributor's `*` holds the writes of `ManagedServices`; to delegate takes more.
#[tokio::test]
async fn a_contributor_delegates_nothing_by_a_template_either() {
    let plane = plane().await;
    let body = az(
        &sample("subscription/subscription.json"),
        &parameters("subscription/subscription.parameters.json"),
    );
    let validate = format!("POST {}/validate", path("d"));
    assert_eq!(ask(&plane, CONTRIBUTOR, &validate, &body).await.status, 200);
    let (put, record) = deploy(&plane, CONTRIBUTOR, &body).await;
    assert_eq!(put.status, 201);
    let error = &record["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed", "{record:#}");
    let details = error["details"].as_array().unwrap();
    assert_eq!(details.len(), 1, "the assignment was not tried: {error:#}");
    assert_eq!(details[0]["code"], "InsufficientPrivilegesForManagedServiceResource");
    assert_eq!(details[0]["details"][0]["code"], "DelegationRule");
    assert!(!may(&plane, samples::ADA, READ, None));
    let definition = format!(
        "GET {SUBSCRIPTION}/providers/Microsoft.ManagedServices/registrationDefinitions/{NAME}?2022-10-01"
    );
    assert_eq!(ask(&plane, samples::OLOF, &definition, "").await.status, 404);
}

#[tokio::test]
async fn a_stranger_deploys_nothing() {
    let plane = plane().await;
    let put = format!("PUT {}", path("d"));
    let refused = ask(&plane, samples::ADA, &put, "not even read").await;
    assert_eq!(
        (refused.status, code(&refused).as_str()),
        (401, "InvalidAuthenticationTokenTenant")
    );
}

const ELIGIBLE: &str = "../delegated-resource-management-eligible-authorizations";

/// The stock templates with eligible authorizations, unchanged: what is permanent holds at once,
/// what is eligible is kept and gives nothing.
#[tokio::test]
async fn the_templates_with_eligible_authorizations_delegate_what_is_permanent() {
    for (file, delegated) in [
        ("subscription/subscription", None),
        ("subscription/subscription-managing-tenant-approvers", None),
        ("rg/rg", Some("test")),
        ("rg/rg-managing-tenant-approvers", Some("test")),
        ("rg/multiple-rg", Some("test2")),
        ("rg/multiple-rg-managing-tenant-approvers", Some("test2")),
    ] {
        let plane = plane().await;
        let mut parameters = parameters(&format!("{ELIGIBLE}/{file}.parameters.json"));
        parameters["managedByTenantId"]["value"] = json!(samples::PROVIDER);
        let body = az(&sample(&format!("{ELIGIBLE}/{file}.json")), &parameters);
        let (_, record) = deploy(&plane, samples::OLOF, &body).await;
        assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{file} {record:#}");
        assert!(may(&plane, samples::ADA, READ, delegated), "{file}");
        assert!(!may(&plane, samples::ADA, WRITE, delegated), "{file}");

        let list = format!(
            "GET {SUBSCRIPTION}/providers/Microsoft.ManagedServices/registrationDefinitions?2022-10-01"
        );
        let list = ask(&plane, samples::OLOF, &list, "").await.body.unwrap();
        let kept = &list["value"][0]["properties"]["eligibleAuthorizations"][0];
        let policy = &kept["justInTimeAccessPolicy"];
        assert_eq!(policy["maximumActivationDuration"], "PT8H", "{file} {kept}");
        let approved =
            policy["managedByTenantApprovers"].as_array().is_some_and(|it| !it.is_empty());
        assert_eq!(approved, file.ends_with("approvers"), "{file} {kept}");
    }
}

/// A template of its own gives a delegated Contributor no more than a call: his definition stays.
#[tokio::test]
async fn a_delegated_contributor_does_not_rewrite_his_definition_by_a_template() {
    let plane = plane().await;
    let mut given = parameters("subscription/subscription.parameters.json");
    let sent = |role: ids::guid::RoleId| json!([{ "principalId": samples::TIER1.object, "roleDefinitionId": role }]);
    given["authorizations"]["value"] = sent(samples::CONTRIBUTOR);
    let template = sample("subscription/subscription.json");
    deploy(&plane, samples::OLOF, &az(&template, &given)).await;
    assert!(may(&plane, samples::ADA, WRITE, None));

    let before = plane.index().access_revision();
    given["authorizations"]["value"] = sent(samples::READER);
    let (put, record) = deploy(&plane, samples::ADA, &az(&template, &given)).await;
    assert_eq!(put.status, 200, "a Contributor may deploy: {put:?}");
    let error = &record["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed", "{record:#}");
    assert_eq!(error["details"][0]["code"], "InsufficientPrivilegesForManagedServiceResource");
    let why = error["details"][0]["details"][0]["message"].as_str().unwrap();
    assert!(why.contains("own tenant may delegate"), "{error:#}");
    assert_eq!(plane.index().access_revision(), before, "nothing about access changed");
}
