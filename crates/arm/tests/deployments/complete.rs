//! Complete mode: what the template does not name goes, and nothing else.

use ids::{
    guid::{Principal, RoleId},
    resource::{LockId, ResourceId},
    scope::Scope,
};
use model::{
    change::Noun,
    role::{Lock, LockLevel, Permission, RoleDefinition},
    samples,
};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{
    SUBSCRIPTION, ask, az, code, deploy, deploy_to_group, get, in_group, is_there, path, storage,
    stored, template, to_group,
};

fn account(name: &str) -> ResourceId {
    ResourceId::parse(&stored(name), samples::CUSTOMER).unwrap()
}

fn lock(scope: Scope) -> Noun {
    let id = LockId::at(scope, "l".parse().unwrap()).unwrap();
    Noun::Lock(Lock { id, level: LockLevel::CanNotDelete, notes: None })
}

fn role(n: u128, actions: &[&str]) -> RoleDefinition {
    let actions = actions.iter().map(ToString::to_string).collect();
    let permissions = vec![Permission { actions, ..Permission::default() }];
    let id = RoleId::new(uuid::Uuid::from_u128(n));
    RoleDefinition { id, permissions, ..samples::custom_role(samples::whole()) }
}

/// The group `app` with three accounts, one of which has something in it; and a neighbour.
async fn plane(more: Vec<Noun>) -> Plane {
    let inside = format!("{}/blobServices/default", stored("c"));
    let elsewhere = stored("a").replace("/app/", "/apple/");
    let all = [&stored("a"), &stored("b"), &stored("c"), &inside, &elsewhere]
        .map(|id| testkit::resource(ResourceId::parse(id, samples::CUSTOMER).unwrap()));
    let groups = ["app", "apple"].map(|name| Noun::ResourceGroup(testkit::group(name)));
    let nouns = groups.into_iter().chain(all.map(Noun::Resource)).chain(more);
    testkit::plane(nouns.collect()).await
}

#[tokio::test]
async fn what_the_template_does_not_name_is_deleted_when_the_rest_is_done() {
    let plane = plane(Vec::new()).await;
    let mut never = storage("b");
    never["condition"] = json!(false);
    let body = to_group("Complete", &json!([storage("a"), storage("new"), never]));
    let (_, record) = deploy_to_group(&plane, samples::OLOF, &body).await;
    let properties = &record["properties"];
    assert_eq!(properties["provisioningState"], "Succeeded", "{record:#}");
    assert_eq!(properties["mode"], "Complete");
    assert_eq!(properties["outputResources"].as_array().unwrap().len(), 2);
    for (name, left) in [("a", true), ("new", true), ("b", false), ("c", false)] {
        assert_eq!(is_there(&plane, &stored(name)).await, left, "{name}");
    }
    assert!(is_there(&plane, &stored("a").replace("/app/", "/apple/")).await);
    let operations = get(&plane, &format!("{}/operations", in_group("d"))).await;
    let told: Vec<(&str, &str)> = operations["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let text = |place: &str| it.pointer(place).and_then(Value::as_str).unwrap_or_default();
            (
                text("/properties/provisioningOperation"),
                text("/properties/targetResource/resourceName"),
            )
        })
        .collect();
    let expected = [
        ("Create", "a"),
        ("Create", "new"),
        ("Delete", "b"),
        ("Delete", "c"),
        ("EvaluateDeploymentOutput", ""),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn nothing_is_deleted_where_a_step_failed() {
    let plane = plane(Vec::new()).await;
    let lost = json!([{ "type": "No.Such/things", "apiVersion": "2022-09-01", "name": "x" }]);
    let (_, record) = deploy_to_group(&plane, samples::OLOF, &to_group("Complete", &lost)).await;
    assert_eq!(record["properties"]["error"]["code"], "DeploymentFailed", "{record:#}");
    assert!(is_there(&plane, &stored("a")).await);
}

#[tokio::test]
async fn what_deployments_inside_have_deployed_to_the_group_stays() {
    let plane = plane(Vec::new()).await;
    let inner: Value =
        serde_json::from_str(&to_group("Incremental", &json!([storage("b")]))).unwrap();
    let nested = json!([{
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "inner",
        "properties": inner["properties"],
    }]);
    let (_, record) = deploy_to_group(&plane, samples::OLOF, &to_group("Complete", &nested)).await;
    assert_eq!(record["properties"]["provisioningState"], "Succeeded", "{record:#}");
    assert!(!is_there(&plane, &stored("a")).await);
    assert!(is_there(&plane, &stored("b")).await);
}

#[tokio::test]
async fn complete_mode_is_for_a_groups_outermost_deployment_that_is_not_locked() {
    let plane = plane(Vec::new()).await;
    let body = az(&template(&json!([])), &json!({})).replace("Incremental", "Complete");
    let (refused, _) = deploy(&plane, samples::OLOF, &body).await;
    assert_eq!((refused.status, code(&refused).as_str()), (400, "InvalidDeploymentMode"));

    let inner: Value = serde_json::from_str(&to_group("complete", &json!([]))).unwrap();
    let nested = json!([{
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "inner",
        "properties": inner["properties"],
    }]);
    let (refused, _) =
        deploy_to_group(&plane, samples::OLOF, &to_group("Incremental", &nested)).await;
    assert_eq!((refused.status, code(&refused).as_str()), (400, "InvalidDeploymentMode"));

    testkit::put(&plane, vec![lock(samples::whole())]).await;
    let body = to_group("Complete", &json!([storage("a")]));
    for line in [format!("PUT {}", in_group("d")), format!("POST {}/validate", in_group("d"))] {
        let refused = ask(&plane, samples::OLOF, &line, &body).await;
        assert_eq!((refused.status, code(&refused).as_str()), (409, "ScopeLocked"));
    }
    assert!(is_there(&plane, &stored("b")).await);
    assert!(!is_there(&plane, &in_group("d")).await);
    assert!(!is_there(&plane, &path("d")).await);
}

#[tokio::test]
async fn a_deletion_that_is_refused_fails_the_deployment_and_the_others_go_on() {
    let plane = plane(vec![lock(Scope::Resource(account("b")))]).await;
    let body = to_group("Complete", &json!([storage("a")]));
    let (_, record) = deploy_to_group(&plane, samples::OLOF, &body).await;
    let error = &record["properties"]["error"];
    assert_eq!(record["properties"]["provisioningState"], "Failed", "{record:#}");
    assert_eq!(error["code"], "DeploymentFailedCleanUp");
    assert_eq!(error["details"][0]["code"], "ScopeLocked");
    assert!(is_there(&plane, &stored("b")).await);
    assert!(!is_there(&plane, &stored("c")).await);
}

/// Fabrikam's app may deploy accounts, and delete none.
const DEPLOYER: Principal = samples::principal(samples::CUSTOMER, 0xDE);

#[tokio::test]
async fn each_deletion_is_judged_as_its_callers_own_and_spares_what_they_may_not_see() {
    let whole = role(
        0xD1,
        &[
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/*/read",
            "Microsoft.Storage/storageAccounts/write",
        ],
    );
    let sees = role(0xD2, &["Microsoft.Storage/storageAccounts/read"]);
    let at = |scope: Scope, role: &RoleDefinition| {
        Noun::RoleAssignment(samples::role_assignment(scope, DEPLOYER, role.id))
    };
    let grants = vec![
        Noun::User(samples::user(DEPLOYER, "dana")),
        at(samples::resource_group("app"), &whole),
        at(Scope::Resource(account("b")), &sees),
        Noun::RoleDefinition(whole),
        Noun::RoleDefinition(sees),
    ];
    let plane = plane(grants).await;
    let body = to_group("Complete", &json!([storage("a")]));
    let (_, record) = deploy_to_group(&plane, DEPLOYER, &body).await;
    let error = &record["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailedCleanUp", "{record:#}");
    assert_eq!(error["details"].as_array().unwrap().len(), 1, "{error:#}");
    assert_eq!(error["details"][0]["code"], "AuthorizationFailed");
    assert!(error.to_string().contains("storageAccounts/b"), "{error:#}");
    assert!(!error.to_string().contains("storageAccounts/c"), "{error:#}");
    assert!(is_there(&plane, &stored("b")).await);
    assert!(is_there(&plane, &stored("c")).await);
    assert!(is_there(&plane, &format!("{SUBSCRIPTION}/resourceGroups/app")).await);
}
