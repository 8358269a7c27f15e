//! Deny assignments: who writes them, and whom they bind.

use ids::{guid::Principal, scope::Scope};
use model::{
    change::Noun,
    directory::OPERATORS,
    samples::{self, ADA, OLOF},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::custom_roles::role_line;
use crate::{ASSIGNMENT, NORA, administrators, ask, code, get, line, plane};

/// One of those who run the installation.
const OPERATOR: Principal = samples::principal(OPERATORS, 0xA);
/// Another of their tenant, who holds nothing.
const CLERK: Principal = samples::principal(OPERATORS, 0xB);

fn operators() -> Vec<Noun> {
    let root = Scope::Tenant(OPERATORS);
    vec![
        Noun::Tenant(samples::tenant(OPERATORS, "fyr")),
        Noun::User(samples::user(OPERATOR, "operator")),
        Noun::User(samples::user(CLERK, "clerk")),
        Noun::RoleAssignment(samples::role_assignment(root, OPERATOR, samples::OWNER)),
    ]
}

/// Nobody deletes, but Nora.
fn kept() -> Value {
    json!({ "properties": {
        "denyAssignmentName": "kept",
        "permissions": [{ "actions": ["*/delete"] }],
        "principals": [{ "id": Uuid::nil(), "type": "SystemDefined" }],
        "excludePrincipals": [{ "id": NORA.object, "type": "User" }],
    } })
}

fn deny_line(method: &str) -> String {
    line(method).replace("roleAssignments", "denyAssignments")
}

#[tokio::test]
async fn nobody_of_the_customers_writes_a_deny_assignment_whatever_they_hold() {
    let owners = [samples::whole(), Scope::Tenant(samples::CUSTOMER)]
        .map(|at| Noun::RoleAssignment(samples::role_assignment(at, NORA, samples::OWNER)));
    let plane =
        plane(administrators().into_iter().chain(operators()).chain(owners).collect()).await;
    let events = testkit::events(&plane).await.len();
    for who in [OLOF, NORA, ADA] {
        for method in ["PUT", "DELETE"] {
            let answer = ask(&plane, who, &deny_line(method), kept()).await;
            assert_eq!(code(&answer), (403, "AuthorizationFailed".to_owned()), "{answer:?}");
        }
    }
    let answer = ask(&plane, OLOF, &line("PATCH"), json!({})).await;
    assert_eq!(code(&answer), (405, "MethodNotAllowed".to_owned()));
    assert_eq!(testkit::events(&plane).await.len(), events);
}

#[tokio::test]
async fn an_operator_denies_and_lets_be_in_anybodys_subscription_and_others_of_theirs_hear_nothing()
{
    let plane = plane(administrators().into_iter().chain(operators()).collect()).await;
    let made = ask(&plane, OPERATOR, &deny_line("PUT"), kept()).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(ask(&plane, OPERATOR, &deny_line("PUT"), kept()).await.status, 200);
    let event = testkit::events(&plane).await.pop().unwrap();
    assert_eq!(event.action.as_str(), "Microsoft.Authorization/denyAssignments/write");
    assert_eq!(event.tenants, [samples::CUSTOMER, OPERATORS]);

    let barred = ask(&plane, OLOF, &role_line("DELETE"), Value::Null).await;
    assert_eq!(code(&barred), (403, "DenyAssignmentAuthorizationFailed".to_owned()));
    let list = |filter: String| {
        format!(
            "GET {{s}}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01&$filter={filter}"
        )
    };
    let count = |listed: Value| listed["value"].as_array().unwrap().len();
    for (filter, expected) in [
        ("atScope()".to_owned(), 1),
        ("denyAssignmentName eq 'KEPT'".to_owned(), 1),
        (format!("assignedTo('{}')", OLOF.object), 1),
        (format!("assignedTo('{}')", NORA.object), 0),
        (format!("gdprExportPrincipalId eq '{}'", NORA.object), 1),
    ] {
        assert_eq!(count(get(&plane, OLOF, &list(filter.clone())).await), expected, "{filter}");
    }
    // A provider sees what binds it, and nobody of the customer's.
    let seen = get(&plane, ADA, &list("atScope()".to_owned())).await;
    assert_eq!(seen["value"][0]["properties"]["excludePrincipals"], json!([]));

    let bad = ask(&plane, OPERATOR, &deny_line("PUT").replace(ASSIGNMENT, "x"), kept()).await;
    assert_eq!(code(&bad), (400, "InvalidDenyAssignmentId".to_owned()));
    let mut bad = kept();
    bad["properties"]["excludePrincipals"] = json!([{ "id": Uuid::nil() }]);
    let bad = ask(&plane, OPERATOR, &deny_line("PUT"), bad).await;
    assert_eq!(code(&bad), (400, "InvalidDenyAssignment".to_owned()));
    let other = ask(&plane, CLERK, &deny_line("PUT"), kept()).await;
    assert_eq!(code(&other), (401, "InvalidAuthenticationTokenTenant".to_owned()));
    let gone = ask(&plane, OPERATOR, &deny_line("DELETE"), Value::Null).await;
    assert_eq!((gone.status, gone.body), (200, made.body));
    let again = ask(&plane, OPERATOR, &deny_line("DELETE"), Value::Null).await;
    assert_eq!(again.status, 204);
}
