//! What lists hold: what lies below a management group, what policies stand around a scope.

use ids::scope::Scope;
use model::{
    change::Noun,
    samples::{self, CUSTOMER, OLOF, OWNER, READER},
    settings::{Profile, Settings},
    tree::{ManagementGroup, Subscription},
};
use serde_json::{Value, json};

use super::kit::{GUID, NORA, SUBSCRIPTION, ask, code, done, get, plane};

fn names(listed: &Value) -> Vec<&str> {
    listed["value"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect()
}

/// Contoso's subscription stands in `prod`, which stands in `corp`; Olof owns the tenant.
fn tree() -> Vec<Noun> {
    let group = |name: &str, parent: Option<&str>| {
        Noun::ManagementGroup(ManagementGroup {
            tenant: CUSTOMER,
            name: name.parse().unwrap(),
            display_name: name.to_owned(),
            parent: parent.map(|it| it.parse().unwrap()),
        })
    };
    let parent = Some("prod".parse().unwrap());
    let subscription = samples::subscription(samples::SUBSCRIPTION, CUSTOMER);
    vec![
        group("corp", None),
        group("prod", Some("corp")),
        group("lab", None),
        Noun::Subscription(Subscription { parent, ..subscription }),
        Noun::RoleAssignment(samples::role_assignment(Scope::Tenant(CUSTOMER), OLOF, OWNER)),
    ]
}

#[tokio::test]
async fn a_list_at_a_management_group_looks_at_what_stands_below_it() {
    let plane = plane(tree()).await;
    let role = format!("/providers/Microsoft.Authorization/roleDefinitions/{READER}");
    let body = json!({ "properties": { "principalId": NORA.object, "roleDefinitionId": role } });
    let group = "{s}/resourceGroups/rg1/providers/Microsoft.Authorization/roleAssignments";
    let line = format!("PUT {group}/{GUID}?api-version=2022-04-01");
    done(&plane, OLOF, &line, body).await;
    let groups = "/providers/Microsoft.Management/managementGroups";
    for (scope, seen) in [("corp", true), ("prod", true), ("lab", false)] {
        for (filter, below) in [("", true), ("&$filter=atScope()", false)] {
            let line = format!(
                "{groups}/{scope}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01{filter}"
            );
            let listed = get(&plane, OLOF, &line).await;
            assert_eq!(names(&listed).contains(&GUID), seen && below, "{scope} {filter}");
        }
    }
    let root = "/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01";
    assert!(names(&get(&plane, OLOF, root).await).contains(&GUID));
}

#[tokio::test]
async fn policies_are_listed_where_they_stand_and_around() {
    let plane = plane(tree()).await;
    let corp = "/providers/Microsoft.Management/managementGroups/corp";
    let group = format!("{SUBSCRIPTION}/resourceGroups/rg1");
    let kind = "providers/Microsoft.Authorization/policyAssignments";
    for (scope, name) in [(corp, "above"), (SUBSCRIPTION, "here"), (&group, "below")] {
        let line = format!("PUT {scope}/{kind}/{name}?api-version=2022-06-01");
        let of = "/providers/Microsoft.Authorization/policyDefinitions/76bed37b-484f-430f-a009-fd7592dff818";
        done(&plane, OLOF, &line, json!({ "properties": { "policyDefinitionId": of } })).await;
    }
    for (filter, expected) in [
        ("&$filter=atExactScope()", &["here"][..]),
        ("&$filter=atScope()", &["here", "above"]),
        ("&$filter=atScopeAndBelow()", &["here", "below"]),
        ("", &["here", "below", "above"]),
    ] {
        let line = format!("{SUBSCRIPTION}/{kind}?api-version=2022-06-01{filter}");
        let listed = get(&plane, OLOF, &line).await;
        let mut found = names(&listed);
        found.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{filter}");
    }
}

#[tokio::test]
async fn whoever_holds_nothing_in_a_subscription_of_their_tenant_is_refused_or_hears_nothing() {
    for (profile, expected) in [
        (Profile::Azure, (403, "AuthorizationFailed")),
        (Profile::Strict, (404, "SubscriptionNotFound")),
    ] {
        let settings = Noun::Settings(Settings { profile, ..Settings::default() });
        let plane = plane(vec![settings]).await;
        let answer = ask(&plane, NORA, "GET {s}?api-version=2022-12-01", Value::Null).await;
        assert_eq!(code(&answer), expected);
    }
}

#[tokio::test]
async fn a_list_of_resources_says_when_they_were_made_if_it_is_asked() {
    let plane = plane(Vec::new()).await;
    let line = "PUT {s}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a?api-version=2023-01-01";
    done(&plane, OLOF, line, json!({ "location": "westeurope" })).await;
    let all = "{s}/resources?api-version=2021-04-01";
    assert_eq!(get(&plane, OLOF, all).await["value"][0].get("createdTime"), None);
    let asked = format!("{all}&$expand=createdTime,changedTime,provisioningState");
    let listed = get(&plane, OLOF, &asked).await;
    let first = &listed["value"][0];
    assert_eq!(first["createdTime"], first["systemData"]["createdAt"]);
    assert_eq!(first["changedTime"], first["systemData"]["lastModifiedAt"]);
    assert_eq!(first["provisioningState"], "Succeeded");
}

#[tokio::test]
async fn a_name_is_checked_without_anybody_hearing_what_is_there() {
    let plane = plane(Vec::new()).await;
    let line = "POST /providers/Microsoft.Resources/checkResourceName?api-version=2022-12-01";
    let body = |name: &str| json!({ "name": name, "type": "Microsoft.Storage/storageAccounts" });
    assert_eq!(done(&plane, NORA, line, body("a")).await["status"], "Allowed");
    let bad = ask(&plane, NORA, line, body("a/b")).await;
    assert_eq!(code(&bad), (400, "InvalidRequestContent"));
}

#[tokio::test]
async fn a_body_of_another_type_than_the_urls_is_refused() {
    let plane = plane(Vec::new()).await;
    let line = "PUT {s}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a?api-version=2023-01-01";
    for (kind, status) in [("Microsoft.Web/sites", 400), ("microsoft.storage/StorageAccounts", 201)]
    {
        let body = json!({ "location": "westeurope", "type": kind });
        assert_eq!(ask(&plane, OLOF, line, body).await.status, status, "{kind}");
    }
}
