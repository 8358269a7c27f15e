//! Why somebody may do something.

use ids::guid::RoleId;
use model::{
    change::Noun,
    directory_role::{DIRECTORY_READERS, DirectoryRoleAssignment},
    role::{Permission, RoleDefinition},
    samples::{self, ADA, CUSTOMER, OLOF, READER},
    tree::{Subscription, SubscriptionState},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{NORA, SUBSCRIPTION, administrators, ask, code, plane};

const EXPLAIN: &str = "POST {s}/providers/Fyr.Access/explain?api-version=2026-12-01";
const CLERK: ids::guid::Principal = samples::principal(CUSTOMER, 0x62);
const SHIFT: RoleId = RoleId::new(Uuid::from_u128(0x54_11F7));

fn body(who: ids::guid::Principal, action: &str) -> Value {
    json!({ "principalId": who.object, "action": action })
}

/// A role of Contoso's own.
fn own_role(id: RoleId, name: &str, permission: Permission) -> Noun {
    Noun::RoleDefinition(RoleDefinition {
        id,
        tenant: Some(CUSTOMER),
        name: name.to_owned(),
        description: String::new(),
        permissions: vec![permission],
        assignable_scopes: vec![samples::whole()],
        written: None,
    })
}

fn actions(names: &[&str]) -> Permission {
    Permission {
        actions: names.iter().map(|it| (*it).to_owned()).collect(),
        ..Permission::default()
    }
}

#[tokio::test]
async fn an_explanation_is_told_by_an_api_with_the_chain_that_leads_to_the_answer() {
    let staff = samples::principal(CUSTOMER, 0x57);
    let data = Permission { data_actions: vec!["*/blobs/read".to_owned()], ..actions(&["*/read"]) };
    let plane = plane(vec![
        Noun::Group(samples::group(staff, "staff")),
        Noun::Membership(samples::membership(staff, NORA)),
        own_role(SHIFT, "Night shift", data),
        Noun::RoleAssignment(samples::role_assignment(samples::whole(), staff, SHIFT)),
    ])
    .await;
    let at = EXPLAIN.replace("{s}", "{s}/resourceGroups/rg1");
    let told = async |action: Value| {
        let answer = ask(&plane, OLOF, &at, action).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body.unwrap()
    };
    let may = told(body(NORA, "Microsoft.Compute/virtualMachines/read")).await;
    assert_eq!((&may["isAllowed"], &may["isDataAction"]), (&json!(true), &json!(false)));
    assert_eq!(may["scope"], format!("{SUBSCRIPTION}/resourceGroups/rg1"));
    let walked: Vec<&Value> =
        may["scopes"].as_array().unwrap().iter().map(|it| &it["scope"]).collect();
    assert_eq!(walked.len(), 3, "{walked:?}");
    let grant = &may["scopes"][1]["grants"][0];
    assert_eq!(grant["source"], "RoleAssignment");
    assert_eq!(grant["roleName"], "Night shift");
    assert_eq!(grant["group"]["displayName"], "staff");
    assert_eq!((&grant["allows"], &grant["outcome"]), (&json!(true), &json!("Allows it")));

    let may_not = told(body(NORA, "Microsoft.Compute/virtualMachines/write")).await;
    assert_eq!(may_not["isAllowed"], false);
    assert_eq!(may_not["scopes"][1]["grants"][0]["outcome"], "Is about something else");
    let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    let mut sent = body(NORA, blobs);
    sent["isDataAction"] = json!(true);
    assert_eq!(told(sent).await["isAllowed"], true);
    let lists = body(NORA, "Microsoft.Storage/storageAccounts/listKeys/action");
    assert_eq!(told(lists).await["isAllowed"], false);
}

#[tokio::test]
async fn an_explanation_is_for_the_tenants_own_who_read_roles_there_and_leaves_no_trace() {
    let plane = plane(administrators()).await;
    let before = testkit::events(&plane).await.len();
    let asked = || body(OLOF, "Microsoft.Compute/virtualMachines/read");
    for stranger in [ADA, NORA] {
        let refused = ask(&plane, stranger, EXPLAIN, asked()).await;
        assert_eq!(code(&refused), (403, "AuthorizationFailed".to_owned()), "{stranger}");
    }
    // Who reads a group's roles hears of the group, and not of what is around it alone.
    let group = samples::role_assignment(samples::resource_group("rg1"), NORA, READER);
    testkit::put(&plane, vec![Noun::RoleAssignment(group)]).await;
    let at = EXPLAIN.replace("{s}", "{s}/resourceGroups/rg1");
    assert_eq!(ask(&plane, NORA, &at, asked()).await.status, 200);
    assert_eq!(code(&ask(&plane, NORA, EXPLAIN, asked()).await).0, 403);
    let log = "GET {s}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=eventTimestamp ge 2025-12-31T00:00:00Z";
    plane.store.sweep().await.unwrap();
    let log = ask(&plane, OLOF, log, Value::Null).await.body.unwrap();
    assert!(!log.to_string().contains("AuthorizationFailed"), "{log}");
    assert_eq!(testkit::events(&plane).await.len(), before + 1, "the group's reader alone");
}

#[tokio::test]
async fn what_is_asked_to_be_explained_is_a_principal_and_an_action() {
    let plane = plane(Vec::new()).await;
    let long = "x".repeat(300);
    let cases = [
        json!({ "action": "x/read" }),
        json!({ "principalId": OLOF.object }),
        json!({ "principalId": "olof", "action": "x/read" }),
        body(OLOF, "  "),
        body(OLOF, &long),
        json!({ "principalId": OLOF.object, "action": "x/read", "isDataActions": true }),
        json!([OLOF.object, "x/read"]),
    ];
    for sent in cases {
        let answer = ask(&plane, OLOF, EXPLAIN, sent.clone()).await;
        assert_eq!(code(&answer), (400, "InvalidRequestContent".to_owned()), "{sent}");
    }
    // A guest of the whole directory's is told of nothing at its root without a grant there.
    let root = "POST /providers/Fyr.Access/explain?api-version=2026-12-01";
    assert_eq!(code(&ask(&plane, OLOF, root, body(OLOF, "x/read")).await).0, 403);
}

/// Nothing is written: why access is as it is can be asked where nothing can be changed any more.
#[tokio::test]
async fn an_explanation_is_told_in_a_subscription_that_takes_no_writes() {
    let closed = Subscription {
        state: SubscriptionState::Disabled,
        ..samples::subscription(samples::SUBSCRIPTION, CUSTOMER)
    };
    let plane = plane(vec![Noun::Subscription(closed)]).await;
    let answer = ask(&plane, OLOF, EXPLAIN, body(OLOF, "x/read")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn what_a_tenants_own_roles_are_called_is_told_to_whoever_reads_roles() {
    let reads = [
        "Microsoft.Authorization/roleAssignments/read",
        "Microsoft.Authorization/denyAssignments/read",
        "Microsoft.Authorization/locks/read",
    ];
    let auditor = RoleId::new(Uuid::from_u128(0xA0D1));
    let held =
        |who, role| Noun::RoleAssignment(samples::role_assignment(samples::whole(), who, role));
    let plane = plane(vec![
        Noun::User(samples::user(CLERK, "clerk")),
        Noun::DirectoryRoleAssignment(DirectoryRoleAssignment {
            principal: CLERK,
            role: DIRECTORY_READERS,
        }),
        own_role(auditor, "Auditor", actions(&reads)),
        own_role(SHIFT, "Night shift", actions(&["*"])),
        held(CLERK, auditor),
        held(NORA, SHIFT),
    ])
    .await;
    let delegators = "GET {s}/providers/Fyr.Access/whoCanDelegate?api-version=2026-12-01";
    let named = async |who| {
        let explained = ask(&plane, who, EXPLAIN, body(NORA, "x/read")).await;
        let listed = ask(&plane, who, delegators, Value::Null).await;
        assert_eq!((explained.status, listed.status), (200, 200), "{explained:?} {listed:?}");
        [explained, listed].map(|it| it.body.unwrap().to_string().contains("Night shift"))
    };
    assert_eq!(named(OLOF).await, [true, true]);
    assert_eq!(named(CLERK).await, [false, false], "who reads role assignments alone hears of ids");
    let wider =
        actions(&[reads[0], reads[1], reads[2], "Microsoft.Authorization/roleDefinitions/read"]);
    testkit::put(&plane, vec![own_role(auditor, "Auditor", wider)]).await;
    assert_eq!(named(CLERK).await, [true, true]);
}
