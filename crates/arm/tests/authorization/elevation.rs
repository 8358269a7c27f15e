//! `elevateAccess`.

use ids::scope::Scope;
use model::{
    change::Noun,
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR},
    samples::{self, ADA, OLOF},
};
use serde_json::Value;

use crate::{NORA, ask, code, get, plane, role_id};

#[tokio::test]
async fn a_global_administrator_elevates_themselves_and_nobody_else_does() {
    let boss = samples::principal(samples::CUSTOMER, 0x70);
    let role = |principal, role| {
        Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal, role })
    };
    let root = Scope::Tenant(samples::CUSTOMER);
    let plane = plane(vec![
        Noun::User(samples::user(boss, "boss")),
        role(boss, GLOBAL_ADMINISTRATOR),
        role(NORA, USER_ADMINISTRATOR),
        role(ADA, GLOBAL_ADMINISTRATOR),
        Noun::RoleAssignment(samples::role_assignment(root, OLOF, samples::OWNER)),
    ])
    .await;
    let line = "POST /providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01";
    let all = "GET /providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01";
    let events = testkit::events(&plane).await.len();
    for who in [OLOF, NORA] {
        let refused = ask(&plane, who, line, Value::Null).await;
        assert_eq!(code(&refused), (403, "AuthorizationFailed".to_owned()), "{who}");
    }
    assert_eq!(ask(&plane, boss, all, Value::Null).await.status, 403, "nothing by itself");
    // Another tenant's administrator elevates themselves at home, and sees nothing here.
    assert_eq!(ask(&plane, ADA, line, Value::Null).await.status, 200);
    let here = format!("GET {{s}}{}", all.trim_start_matches("GET "));
    assert_eq!(ask(&plane, ADA, &here, Value::Null).await.status, 401);

    let done = ask(&plane, boss, line, Value::Null).await;
    assert_eq!((done.status, done.body), (200, None));
    assert_eq!(ask(&plane, boss, line, Value::Null).await.status, 200, "once more changes nothing");

    assert_eq!(testkit::events(&plane).await.len(), events + 2);
    let mine = format!("{all}&$filter=principalId eq '{}'", boss.object);
    let listed = get(&plane, boss, &mine).await;
    let [made] = listed["value"].as_array().unwrap().as_slice() else { panic!("{listed}") };
    assert_eq!(made["properties"]["scope"], "/");
    let administrator = role_id(samples::USER_ACCESS_ADMINISTRATOR);
    assert_eq!(made["properties"]["roleDefinitionId"], administrator);
    // In the tenant's own log, and told apart from a grant.
    let event = testkit::events(&plane).await.pop().unwrap();
    assert_eq!(event.action.as_str(), "Microsoft.Authorization/elevateAccess/action");
    assert_eq!(event.tenants, [samples::CUSTOMER]);

    let undo = format!("DELETE {}?api-version=2022-04-01", made["id"].as_str().unwrap());
    assert_eq!(ask(&plane, boss, &undo, Value::Null).await.status, 200);
    assert_eq!(ask(&plane, boss, all, Value::Null).await.status, 403);
}
