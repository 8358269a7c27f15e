//! Role assignments under conditions: written as az writes them, and what whoever holds one may do.

use arm::request::ArmResponse;
use ids::guid::{Principal, RoleId};
use model::{
    change::Noun,
    role::RoleAssignment,
    samples::{self, CONTRIBUTOR, OLOF, OWNER, READER, USER_ACCESS_ADMINISTRATOR},
};
use operations::plane::Plane;
use serde_json::{Value, json};

use crate::{ASSIGNMENT, NORA, SUBSCRIPTION, ask, code, get, line, plane, role_id};

/// As Azure's portal writes it: readers may be made, and unmade.
const READERS: &str = "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {acdd72a7-3385-48ef-bd42-f606fba81ae7}))\nAND\n((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {acdd72a7-3385-48ef-bd42-f606fba81ae7}))";

/// Nora gives roles away in the whole subscription, under that condition.
fn held(condition: &str) -> RoleAssignment {
    RoleAssignment {
        condition: Some(condition.to_owned()),
        condition_version: Some("2.0".to_owned()),
        ..samples::role_assignment(samples::whole(), NORA, USER_ACCESS_ADMINISTRATOR)
    }
}

async fn conditional(condition: &str) -> Plane {
    plane(vec![Noun::RoleAssignment(held(condition))]).await
}

fn body(principal: Principal, role: RoleId, more: &Value) -> Value {
    let mut properties =
        json!({ "principalId": principal.object, "roleDefinitionId": role_id(role) });
    for (name, value) in more.as_object().unwrap() {
        properties[name] = value.clone();
    }
    json!({ "properties": properties })
}

fn named(method: &str, id: &str) -> String {
    line(method).replace(ASSIGNMENT, id)
}

fn refused(answer: &ArmResponse) {
    assert_eq!(code(answer), (403, "AuthorizationFailed".to_owned()), "{answer:?}");
}

#[tokio::test]
async fn az_assigns_a_role_under_a_condition_and_reads_it_back() {
    let plane = plane(Vec::new()).await;
    let conditional =
        json!({ "condition": READERS, "conditionVersion": "2.0", "principalType": "User" });
    let sent = body(NORA, USER_ACCESS_ADMINISTRATOR, &conditional);
    let made = ask(&plane, OLOF, &line("PUT"), sent.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.body.unwrap();
    assert_eq!(made["properties"]["condition"], READERS);
    assert_eq!(made["properties"]["conditionVersion"], "2.0");
    assert_eq!(get(&plane, OLOF, &line("GET")).await, made);
    assert_eq!(ask(&plane, OLOF, &line("PUT"), sent).await.status, 200);
    let bare = json!({ "condition": "!(ActionMatches{'*/delete'})" });
    let other = ask(&plane, OLOF, &line("PUT"), body(NORA, USER_ACCESS_ADMINISTRATOR, &bare)).await;
    assert!(other.status < 300, "{other:?}");
    let properties = &get(&plane, OLOF, &line("GET")).await["properties"];
    assert_eq!(properties["condition"], "!(ActionMatches{'*/delete'})");
    assert_eq!(properties["conditionVersion"], "2.0");
}

#[tokio::test]
async fn a_condition_that_cannot_be_read_is_refused_with_its_place_and_leaves_no_trace() {
    let plane = plane(Vec::new()).await;
    let events = testkit::events(&plane).await.len();
    let put = async |more: Value| ask(&plane, OLOF, &line("PUT"), body(NORA, READER, &more)).await;
    let unclear =
        put(json!({ "condition": "Exists @Request[a] AND Exists @Request[b] OR x" })).await;
    assert_eq!(code(&unclear), (400, "InvalidRoleAssignmentCondition".to_owned()));
    let said = "The given role assignment condition is invalid: AND and OR side by side at character 43. Put parentheses around what belongs together.";
    assert_eq!(unclear.body.unwrap()["error"]["message"], said);
    let old = put(json!({ "condition": "Exists @Request[a]", "conditionVersion": "1.0" })).await;
    assert_eq!(code(&old), (400, "InvalidConditionVersion".to_owned()));
    assert_eq!(testkit::events(&plane).await.len(), events);
}

#[tokio::test]
async fn who_may_make_readers_makes_and_unmakes_readers_and_nothing_else() {
    let plane = conditional(READERS).await;
    let none = json!({});
    for role in [OWNER, CONTRIBUTOR, USER_ACCESS_ADMINISTRATOR] {
        refused(&ask(&plane, NORA, &line("PUT"), body(NORA, role, &none)).await);
    }
    let own = held(READERS).id.name().to_string();
    let lifted = body(NORA, USER_ACCESS_ADMINISTRATOR, &none);
    refused(&ask(&plane, NORA, &named("PUT", &own), lifted).await);
    refused(&ask(&plane, NORA, &named("DELETE", &own), Value::Null).await);
    let owners = samples::role_assignment(samples::whole(), OLOF, OWNER).id.name().to_string();
    refused(&ask(&plane, NORA, &named("DELETE", &owners), Value::Null).await);

    let made = ask(&plane, NORA, &line("PUT"), body(NORA, READER, &none)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let gone = ask(&plane, NORA, &line("DELETE"), Value::Null).await;
    assert_eq!((gone.status, gone.body), (200, made.body));
    assert_eq!(ask(&plane, NORA, &line("DELETE"), Value::Null).await.status, 204);
}

#[tokio::test]
async fn a_condition_on_the_type_goes_by_what_is_said_or_known_and_refuses_whom_nobody_knows() {
    let plane = conditional(
        "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'User'",
    )
    .await;
    let unknown = samples::principal(samples::CUSTOMER, 0x99);
    refused(&ask(&plane, NORA, &line("PUT"), body(unknown, READER, &json!({}))).await);
    let group = json!({ "principalType": "Group" });
    refused(&ask(&plane, NORA, &line("PUT"), body(unknown, READER, &group)).await);
    let claimed = json!({ "principalType": "ServicePrincipal" });
    refused(&ask(&plane, NORA, &line("PUT"), body(NORA, READER, &claimed)).await);
    let made = ask(&plane, NORA, &line("PUT"), body(NORA, READER, &json!({}))).await;
    assert_eq!(made.status, 201, "{made:?}");
}

#[tokio::test]
async fn the_callers_permissions_are_shown_with_their_condition() {
    let plane = conditional(READERS).await;
    let group = format!("{SUBSCRIPTION}/resourceGroups/rg1");
    let line =
        format!("GET {group}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01");
    let shown = get(&plane, NORA, &line).await;
    assert_eq!(shown["value"][0]["condition"], READERS, "{shown}");
    assert_eq!(shown["value"][0]["conditionVersion"], "2.0");
}
