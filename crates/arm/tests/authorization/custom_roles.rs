//! Custom roles, as az and the SDKs write them.

use model::samples::{ADA, OLOF, READER};
use serde_json::{Value, json};

use crate::{NORA, SUBSCRIPTION, administrators, ask, code, get, plane};

pub(crate) const ROLE: &str = "5e1b7b3a-4c1e-4c5b-9f0e-2f7f4a4e4b11";

pub(crate) fn role_line(method: &str) -> String {
    format!(
        "{method} {{s}}/providers/Microsoft.Authorization/roleDefinitions/{ROLE}?api-version=2022-05-01-preview"
    )
}

/// What az sends of its own file.
fn operator(actions: &[&str]) -> Value {
    json!({ "properties": {
        "roleName": "Operator",
        "description": "Starts and stops",
        "type": "CustomRole",
        "assignableScopes": [SUBSCRIPTION],
        "permissions": [{ "actions": actions, "notActions": [], "dataActions": [], "notDataActions": [] }],
    } })
}

#[tokio::test]
async fn az_creates_updates_lists_and_deletes_a_custom_role() {
    let plane = plane(Vec::new()).await;
    let made = ask(&plane, OLOF, &role_line("PUT"), operator(&["*/read"])).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.body.unwrap();
    assert_eq!(
        made["id"],
        format!("{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{ROLE}")
    );
    assert_eq!(made["properties"]["type"], "CustomRole");
    assert_eq!(made["properties"]["createdBy"], json!(OLOF.object));
    // az sends back what it has read, with the times and the id.
    let start = "Microsoft.Compute/virtualMachines/start/action";
    let mut again = made.clone();
    again["properties"]["permissions"][0]["actions"] = json!(["*/read", start]);
    let changed = ask(&plane, OLOF, &role_line("PUT"), again).await;
    assert_eq!(changed.status, 201, "{changed:?}");
    let list = |filter: &str| {
        format!(
            "GET {{s}}/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-05-01-preview&$filter={filter}"
        )
    };
    for filter in [
        "roleName eq 'operator'",
        "type eq 'CustomRole'",
        "atScopeAndBelow() and type eq 'CustomRole'",
    ] {
        let listed = get(&plane, OLOF, &list(filter)).await;
        assert_eq!(listed["value"], json!([changed.body]), "{filter}");
    }
    let gone = ask(&plane, OLOF, &role_line("DELETE"), Value::Null).await;
    assert_eq!((gone.status, gone.body), (200, changed.body));
    let again = ask(&plane, OLOF, &role_line("DELETE"), Value::Null).await;
    assert_eq!((again.status, again.body), (204, None));
    let none = ask(&plane, OLOF, &role_line("GET"), Value::Null).await;
    assert_eq!(code(&none), (404, "RoleDefinitionDoesNotExist".to_owned()));
}

#[tokio::test]
async fn a_bad_custom_role_is_refused_as_arm_refuses_it() {
    let plane = plane(administrators()).await;
    let events = testkit::events(&plane).await.len();
    let with = |member: &str, value: Value| {
        let mut body = operator(&["*/read"]);
        body["properties"][member] = value;
        body
    };
    let neighbour = "/subscriptions/00000000-0000-0000-0000-000000000006";
    let named = role_line("PUT").replace(ROLE, "operator");
    let built_in = role_line("PUT").replace(ROLE, &READER.to_string());
    let scope = |it: &str| with("assignableScopes", json!([it]));
    let put = || role_line("PUT");
    let cases = [
        (OLOF, named, operator(&["*"]), (400, "InvalidRoleDefinitionId")),
        (OLOF, built_in.clone(), operator(&["*"]), (400, "BuiltInRoleDefinitionReadOnly")),
        (
            OLOF,
            built_in.replace("PUT", "DELETE"),
            Value::Null,
            (400, "BuiltInRoleDefinitionReadOnly"),
        ),
        (OLOF, put(), operator(&["*/*"]), (400, "InvalidActionOrNotAction")),
        (OLOF, put(), with("roleName", json!("Reader")), (409, "RoleDefinitionWithSameNameExists")),
        (OLOF, put(), with("type", json!("BuiltInRole")), (400, "InvalidRoleDefinitionType")),
        (OLOF, put(), with("permissions", json!([])), (400, "InvalidRolePermissions")),
        (OLOF, put(), scope("/"), (400, "InvalidAssignableScope")),
        (OLOF, put(), scope("/subscriptions/*"), (400, "InvalidAssignableScope")),
        (OLOF, put(), scope("no scope"), (400, "InvalidAssignableScope")),
        (OLOF, put(), scope(neighbour), (403, "LinkedAuthorizationFailed")),
        (OLOF, put(), json!({}), (400, "InvalidRequestContent")),
        (NORA, put(), operator(&["*"]), (403, "AuthorizationFailed")),
        (ADA, put(), operator(&["*"]), (403, "AuthorizationFailed")),
    ];
    for (who, line, body, (status, expected)) in cases {
        let answer = ask(&plane, who, &line, body).await;
        assert_eq!(code(&answer), (status, expected.to_owned()), "{line} {answer:?}");
    }
    assert_eq!(testkit::events(&plane).await.len(), events);
}
