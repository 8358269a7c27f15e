//! Resources of any type: their identities, what they hang on, `HEAD`.

use ids::scope::Scope;
use model::{
    change::Noun,
    samples::{self, CONTRIBUTOR, CUSTOMER, NEIGHBOUR, OLOF, OWNER, READER},
};
use serde_json::{Value, json};

use super::kit::{GUID, NORA, SUBSCRIPTION, ask, ask_with, code, done, get, header, plane, text};

const IDENTITY: &str = "{s}/resourceGroups/rg1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/bot?api-version=2023-01-31";
const ACCOUNT: &str =
    "{s}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a?api-version=2023-01-01";

fn here() -> Value {
    json!({ "location": "westeurope" })
}

fn id(line: &str) -> String {
    line.split_once('?').unwrap().0.replace("{s}", SUBSCRIPTION)
}

/// An account that acts as the identity of that id.
fn acting(identity: &str) -> Value {
    let used = json!({ identity: {} });
    let identity = json!({ "type": "UserAssigned", "userAssignedIdentities": used });
    json!({ "location": "westeurope", "identity": identity })
}

#[tokio::test]
async fn an_identity_shows_who_it_acts_as_and_so_does_whatever_uses_it() {
    let plane = plane(Vec::new()).await;
    let mut sent = here();
    sent["properties"] = json!({ "principalId": GUID, "clientId": GUID, "isolationScope": "None" });

    let made = done(&plane, OLOF, &format!("PUT {IDENTITY}"), sent).await;

    let said = &made["properties"];
    assert_eq!(said["tenantId"], json!(CUSTOMER));
    assert_eq!(said["isolationScope"], "None");
    for name in ["principalId", "clientId"] {
        assert!(said[name].is_string() && said[name] != GUID, "{said}");
    }
    assert_eq!(get(&plane, OLOF, IDENTITY).await["properties"], *said);
    let user = done(&plane, OLOF, &format!("PUT {ACCOUNT}"), acting(&id(IDENTITY))).await;
    let used = &user["identity"]["userAssignedIdentities"][id(IDENTITY)];
    assert_eq!(used["principalId"], said["principalId"]);
    assert_eq!(used["clientId"], said["clientId"]);
    let all = get(&plane, OLOF, "{s}/resources?api-version=2021-04-01").await;
    assert!(all["value"].as_array().unwrap().contains(&user), "{all}");
}

#[tokio::test]
async fn to_use_an_identity_takes_leave_there_and_both_questions_are_told() {
    let grant = samples::role_assignment(samples::resource_group("rg1"), NORA, CONTRIBUTOR);
    let plane =
        plane(vec![Noun::RoleAssignment(grant), Noun::ResourceGroup(testkit::group("kept"))]).await;
    let elsewhere = IDENTITY.replace("rg1", "kept");
    done(&plane, OLOF, &format!("PUT {elsewhere}"), here()).await;
    for linked in [id(&elsewhere), id(&elsewhere).replace("bot", "nobody")] {
        let refused = ask(&plane, NORA, &format!("PUT {ACCOUNT}"), acting(&linked)).await;
        assert_eq!(code(&refused), (403, "LinkedAuthorizationFailed"));
        let expected = format!(
            "has permission to perform action 'Microsoft.Storage/storageAccounts/write' on scope '{}'; however, it does not have permission to perform action 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) '{linked}' or the linked scope(s) are invalid.",
            id(ACCOUNT)
        );
        assert!(text(&refused).ends_with(&expected), "{refused:?}");
    }
}

#[tokio::test]
async fn the_leave_of_tokens_beside_the_callers_own_counts_for_what_a_body_names() {
    let grant = samples::role_assignment(samples::resource_group("rg1"), NORA, CONTRIBUTOR);
    let gone = samples::principal(CUSTOMER, 0x60);
    let plane =
        plane(vec![Noun::RoleAssignment(grant), Noun::ResourceGroup(testkit::group("kept"))]).await;
    let elsewhere = IDENTITY.replace("rg1", "kept");
    done(&plane, OLOF, &format!("PUT {elsewhere}"), here()).await;
    let line = format!("PUT {ACCOUNT}");
    let cases = [
        (NORA, vec![samples::ADA], (403, "LinkedAuthorizationFailed")),
        (samples::ADA, vec![OLOF], (401, "InvalidAuthenticationTokenTenant")),
        (NORA, vec![OLOF, gone], (401, "InvalidAuthenticationToken")),
    ];
    for (who, beside, expected) in cases {
        let refused = ask_with(&plane, (who, &beside), &line, acting(&id(&elsewhere))).await;
        assert_eq!(code(&refused), expected, "{refused:?}");
    }
    let made = ask_with(&plane, (NORA, &[OLOF]), &line, acting(&id(&elsewhere))).await;
    assert_eq!(made.status, 201, "{made:?}");
    // What is asked for itself is the caller's alone.
    let group = format!("PUT {SUBSCRIPTION}/resourceGroups/new?api-version=2021-04-01");
    let refused = ask_with(&plane, (NORA, &[OLOF]), &group, here()).await;
    assert_eq!(code(&refused), (403, "AuthorizationFailed"));
}

#[tokio::test]
async fn no_resource_acts_as_another_tenants_identity() {
    let theirs = Scope::Subscription(NEIGHBOUR);
    let northwind = samples::principal(ids::guid::TenantId::new(uuid::Uuid::from_u128(0xB)), 1);
    let definition = samples::definition(NEIGHBOUR);
    let own = Noun::Assignment(samples::assignment(samples::whole()));
    let plane = plane(vec![
        Noun::Tenant(samples::tenant(northwind.tenant, "northwind")),
        Noun::User(samples::user(northwind, "nora")),
        Noun::Subscription(samples::subscription(NEIGHBOUR, northwind.tenant)),
        Noun::RoleAssignment(samples::role_assignment(theirs.clone(), northwind, OWNER)),
        Noun::Definition(definition),
        Noun::Assignment(samples::assignment(theirs.clone())),
        Noun::Definition(samples::definition(samples::SUBSCRIPTION)),
        own,
    ])
    .await;
    let group = format!("PUT {theirs}/resourceGroups/rg1?api-version=2021-04-01");
    done(&plane, northwind, &group, here()).await;
    let identity = IDENTITY.replace("{s}", &theirs.to_string());
    done(&plane, northwind, &format!("PUT {identity}"), here()).await;
    // Fabrikam's engineer contributes in both customers' subscriptions.
    let refused =
        ask(&plane, samples::ADA, &format!("PUT {ACCOUNT}"), acting(&id(&identity))).await;
    assert_eq!(code(&refused), (400, "FailedIdentityOperation"), "{refused:?}");
}

#[tokio::test]
async fn nothing_hangs_on_what_is_not_there_and_only_who_may_write_hears_so() {
    let plane = plane(Vec::new()).await;
    let account = "{s}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a";
    let group = "/providers/Microsoft.Management/managementGroups/corp";
    let role = format!("/providers/Microsoft.Authorization/roleDefinitions/{READER}");
    let grant = json!({ "properties": { "principalId": NORA.object, "roleDefinitionId": role } });
    let lock = json!({ "properties": { "level": "CanNotDelete" } });
    let of =
        "/providers/Microsoft.Authorization/policyDefinitions/76bed37b-484f-430f-a009-fd7592dff818";
    let policy = json!({ "properties": { "policyDefinitionId": of } });
    let hung = [
        (format!("roleAssignments/{GUID}?api-version=2022-04-01"), grant),
        ("locks/l?api-version=2016-09-01".to_owned(), lock),
        ("policyAssignments/p?api-version=2022-06-01".to_owned(), policy),
    ];
    let root = samples::role_assignment(Scope::Tenant(CUSTOMER), OLOF, OWNER);
    testkit::put(&plane, vec![Noun::RoleAssignment(root)]).await;
    let events = testkit::events(&plane).await.len();
    for (scope, expected) in [(account, "ResourceNotFound"), (group, "NotFound")] {
        for (name, body) in &hung {
            let line = format!("PUT {scope}/providers/Microsoft.Authorization/{name}");
            let stranger = ask(&plane, NORA, &line, body.clone()).await;
            assert_eq!(code(&stranger), (403, "AuthorizationFailed"), "{line}");
            let owner = ask(&plane, OLOF, &line, body.clone()).await;
            assert_eq!(code(&owner), (404, expected), "{line}: {owner:?}");
        }
    }
    assert_eq!(testkit::events(&plane).await.len(), events);
    let missing = ask(&plane, OLOF, &format!("GET {ACCOUNT}"), Value::Null).await;
    assert_eq!(
        text(&missing),
        "The Resource 'Microsoft.Storage/storageAccounts/a' under resource group 'rg1' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    );

    done(&plane, OLOF, &format!("PUT {ACCOUNT}"), here()).await;
    for child in ["", "/blobServices/default"] {
        for (name, body) in &hung {
            let line = format!("PUT {account}{child}/providers/Microsoft.Authorization/{name}")
                .replace(GUID, &GUID.replace("64c3", &format!("64c{}", child.len() % 10)));
            assert_eq!(ask(&plane, OLOF, &line, body.clone()).await.status, 201, "{line}");
        }
    }
}

#[tokio::test]
async fn head_says_only_whether_a_resource_is_there() {
    let plane = plane(Vec::new()).await;
    let head = async |who| ask(&plane, who, &format!("HEAD {ACCOUNT}"), Value::Null).await;
    assert_eq!(head(OLOF).await.status, 404);
    done(&plane, OLOF, &format!("PUT {ACCOUNT}"), here()).await;
    let there = head(OLOF).await;
    assert_eq!((there.status, &there.body), (204, &None));
    assert!(header(&there, "ETag").is_some());
    assert_eq!(head(NORA).await.status, 403);
}

#[tokio::test]
async fn an_action_of_a_resource_is_judged_before_it_is_said_that_it_is_not_run() {
    let plane = plane(Vec::new()).await;
    let account = ACCOUNT.replace('?', "/listKeys?");
    let act = async |who, line: &str| ask(&plane, who, &format!("POST {line}"), Value::Null).await;
    let refused = act(NORA, &account).await;
    assert_eq!(code(&refused), (403, "AuthorizationFailed"));
    let asked = "to perform action 'Microsoft.Storage/storageAccounts/listKeys/action'";
    assert!(text(&refused).contains(asked), "{refused:?}");
    assert_eq!(code(&act(OLOF, &account).await), (404, "ResourceNotFound"));
    let nowhere = account.replace("rg1", "rg2");
    assert_eq!(code(&act(OLOF, &nowhere).await), (404, "ResourceGroupNotFound"));
    done(&plane, OLOF, &format!("PUT {ACCOUNT}"), here()).await;
    assert_eq!(code(&act(OLOF, &account).await), (400, "OperationNotSupported"));
    let lock = "PUT {s}/providers/Microsoft.Authorization/locks/l?api-version=2016-09-01";
    done(&plane, OLOF, lock, json!({ "properties": { "level": "ReadOnly" } })).await;
    assert_eq!(code(&act(OLOF, &account).await), (409, "ScopeLocked"));
    let type_of_none = ask(&plane, OLOF, &format!("GET {account}"), Value::Null).await;
    assert_eq!(code(&type_of_none), (404, "InvalidResourceType"));
}
