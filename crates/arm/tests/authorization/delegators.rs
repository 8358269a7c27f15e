//! Who can delegate.

use ids::scope::Scope;
use model::{
    change::Noun,
    directory::{User, UserKind},
    samples::{self, ADA, OLOF, READER},
};
use serde_json::{Value, json};

use crate::{BOT, NORA, administrators, ask, code, get, plane};

#[tokio::test]
async fn who_can_delegate_is_told_to_the_tenants_own_with_the_way_and_guests_with_the_reason() {
    let staff = samples::principal(samples::CUSTOMER, 0x57);
    let nested = samples::principal(samples::CUSTOMER, 0x58);
    let guest = samples::principal(samples::CUSTOMER, 0x61);
    let owner =
        |at: Scope, who| Noun::RoleAssignment(samples::role_assignment(at, who, samples::OWNER));
    let mut more = administrators();
    more.extend([
        Noun::Group(samples::group(staff, "staff")),
        Noun::Group(samples::group(nested, "nested")),
        Noun::Membership(samples::membership(staff, nested)),
        Noun::Membership(samples::membership(nested, NORA)),
        Noun::User(User { kind: UserKind::Guest { home: ADA }, ..samples::user(guest, "guest") }),
        owner(Scope::Tenant(samples::CUSTOMER), staff),
        owner(samples::whole(), guest),
        // Whoever lacks a part of the rule is not listed.
        Noun::RoleAssignment(samples::role_assignment(samples::whole(), BOT, samples::CONTRIBUTOR)),
    ]);
    let plane = plane(more).await;
    let line = |scope: &str, more: &str| {
        format!("GET {scope}/providers/Fyr.Access/whoCanDelegate?api-version=2026-12-01{more}")
    };
    let told = get(&plane, NORA, &line("{s}/resourceGroups/rg1", "")).await;
    let value = told["value"].as_array().unwrap();
    let seen: Vec<(&Value, &Value)> =
        value.iter().map(|it| (&it["displayName"], &it["canDelegate"])).collect();
    let expected =
        [("olof", true), ("nora", true), ("guest", false)].map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(seen, expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    assert_eq!(value[2]["reason"], "Guests of a tenant cannot delegate.");
    let path = &value[1]["paths"][0];
    assert_eq!(
        (&path["roleName"], &path["scope"], &path["inherited"]),
        (&json!("Owner"), &json!("/"), &json!(true))
    );
    let groups: Vec<&Value> =
        path["groups"].as_array().unwrap().iter().map(|it| &it["displayName"]).collect();
    assert_eq!(groups, ["nested", "staff"]);
    assert_eq!(path["actions"].as_array().unwrap().len(), 3);

    let first = get(&plane, OLOF, &line("{s}", "&$top=2")).await;
    assert_eq!(first["value"], json!(value[..2]));
    let token = first["nextLink"].as_str().unwrap().rsplit_once("$skipToken=").unwrap().1;
    let second = get(&plane, OLOF, &line("{s}", &format!("&$top=2&$skipToken={token}"))).await;
    assert_eq!(second, json!({ "value": value[2..] }));

    // A provider who reads everything there hears nothing of the customer's people.
    let refused = ask(&plane, ADA, &line("{s}", ""), Value::Null).await;
    assert_eq!(code(&refused), (403, "AuthorizationFailed".to_owned()));
    let clerk = samples::principal(samples::CUSTOMER, 0x62);
    let at = samples::resource_group("rg1");
    testkit::put(
        &plane,
        vec![
            Noun::User(samples::user(clerk, "clerk")),
            Noun::RoleAssignment(samples::role_assignment(at, clerk, READER)),
        ],
    )
    .await;
    for scope in ["{s}", "{s}/resourceGroups/rg1"] {
        let refused = ask(&plane, clerk, &line(scope, ""), Value::Null).await;
        assert_eq!(code(&refused), (403, "AuthorizationFailed".to_owned()), "{scope}");
    }
}
