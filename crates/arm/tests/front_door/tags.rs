//! Tags by themselves, as `az tag` and the SDKs edit them.

use ids::scope::Scope;
use model::{
    change::Noun,
    role::{Permission, RoleDefinition},
    samples::{self, OLOF},
};
use serde_json::{Value, json};

use super::kit::{NORA, ask, code, done, get, plane};

const ACCOUNT: &str = "{s}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a";

fn tags_of(scope: &str) -> String {
    format!("{scope}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01")
}

fn sent(tags: &Value) -> Value {
    json!({ "properties": { "tags": tags } })
}

#[tokio::test]
async fn tags_of_whatever_has_some_are_replaced_merged_and_taken_off() {
    let plane = plane(Vec::new()).await;
    let account = format!("PUT {ACCOUNT}?api-version=2023-01-01");
    done(&plane, OLOF, &account, json!({ "location": "westeurope" })).await;
    for scope in ["{s}", "{s}/resourceGroups/rg1", ACCOUNT] {
        let line = tags_of(scope);
        let put = sent(&json!({ "Team": "ops", "env": "prod" }));
        let made = done(&plane, OLOF, &format!("PUT {line}"), put).await;
        assert_eq!(made["type"], "Microsoft.Resources/tags");
        assert_eq!(get(&plane, OLOF, &line).await, made);
        let mut merge = sent(&json!({ "team": "dev", "new": "x" }));
        merge["operation"] = json!("Merge");
        let merged = done(&plane, OLOF, &format!("PATCH {line}"), merge).await;
        let expected = json!({ "Team": "dev", "env": "prod", "new": "x" });
        assert_eq!(merged["properties"]["tags"], expected, "{scope}");
        let mut delete = sent(&json!({ "env": "" }));
        delete["operation"] = json!("Delete");
        let less = done(&plane, OLOF, &format!("PATCH {line}"), delete).await;
        let tags = json!({ "Team": "dev", "new": "x" });
        assert_eq!(less["properties"]["tags"], tags);
        let version = if scope == ACCOUNT { "2023-01-01" } else { "2022-12-01" };
        let version = if scope.ends_with("rg1") { "2022-09-01" } else { version };
        let shown = get(&plane, OLOF, &format!("{scope}?api-version={version}")).await;
        assert_eq!(shown["tags"], tags, "{scope}");
        assert_eq!(ask(&plane, OLOF, &format!("DELETE {line}"), Value::Null).await.status, 200);
        assert_eq!(get(&plane, OLOF, &line).await["properties"]["tags"], json!({}));
    }
}

#[tokio::test]
async fn whoever_may_only_tag_tags_and_changes_nothing_else() {
    let actions = vec!["Microsoft.Resources/tags/write".to_owned()];
    let role = RoleDefinition {
        permissions: vec![Permission { actions, ..Permission::default() }],
        ..samples::custom_role(samples::whole())
    };
    let grant = samples::role_assignment(samples::whole(), NORA, role.id);
    let plane = plane(vec![Noun::RoleDefinition(role), Noun::RoleAssignment(grant)]).await;
    for scope in ["{s}", "{s}/resourceGroups/rg1"] {
        let line = tags_of(scope);
        done(&plane, NORA, &format!("PUT {line}"), sent(&json!({ "a": "b" }))).await;
        done(&plane, NORA, &format!("PUT {line}"), sent(&json!({}))).await;
        for method in ["GET", "DELETE"] {
            let refused = ask(&plane, NORA, &format!("{method} {line}"), Value::Null).await;
            assert_eq!(code(&refused), (403, "AuthorizationFailed"), "{method} {line}");
        }
    }
    let group = "PUT {s}/resourceGroups/rg1?api-version=2022-09-01";
    let refused = ask(&plane, NORA, group, json!({ "location": "westeurope" })).await;
    assert_eq!(code(&refused), (403, "AuthorizationFailed"));
}

#[tokio::test]
async fn a_body_that_names_no_tags_takes_none_off() {
    let plane = plane(Vec::new()).await;
    let line = tags_of("{s}");
    done(&plane, OLOF, &format!("PUT {line}"), sent(&json!({ "a": "b" }))).await;
    for body in [
        json!({ "properties": {} }),
        json!({ "properties": [] }),
        json!([{ "tags": {} }]),
        json!([]),
        json!({}),
    ] {
        let answer = ask(&plane, OLOF, &format!("PUT {line}"), body.clone()).await;
        assert_eq!(code(&answer), (400, "InvalidRequestContent"), "{body}");
    }
    assert_eq!(get(&plane, OLOF, &line).await["properties"]["tags"], json!({ "a": "b" }));
}

#[tokio::test]
async fn what_has_no_tags_says_so() {
    let grant = samples::role_assignment(Scope::Tenant(samples::CUSTOMER), OLOF, samples::OWNER);
    let plane = plane(vec![Noun::RoleAssignment(grant)]).await;
    let cases = [
        ("{s}/resourceGroups/none", (404, "ResourceGroupNotFound")),
        (ACCOUNT, (404, "ResourceNotFound")),
        ("/providers/Microsoft.Management/managementGroups/corp", (400, "InvalidResourceType")),
    ];
    for (scope, expected) in cases {
        for method in ["GET", "PUT"] {
            let line = format!("{method} {}", tags_of(scope));
            let answer = ask(&plane, OLOF, &line, sent(&json!({}))).await;
            assert_eq!(code(&answer), expected, "{line}");
        }
    }
    let other = tags_of("{s}").replace("default", "mine");
    let answer = ask(&plane, OLOF, &format!("GET {other}"), Value::Null).await;
    assert_eq!(code(&answer), (404, "ResourceNotFound"));
}
