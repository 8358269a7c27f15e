//! Who can delegate.

use ids::{guid::AppId, scope::Scope};
use model::{
    change::Noun,
    directory::{ServicePrincipal, ServicePrincipalKind, User, UserKind},
    directory_role::{DIRECTORY_READERS, DirectoryRoleAssignment},
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

/// Azure's roles open no directory: whoever reads every role assignment hears of ids.
#[tokio::test]
async fn who_can_delegate_names_nobody_to_whom_the_directory_shows_nobody() {
    let staff = samples::principal(samples::CUSTOMER, 0x57);
    let guest = samples::principal(samples::CUSTOMER, 0x61);
    let robot = ServicePrincipal {
        principal: BOT,
        app: AppId::new(BOT.object.raw()),
        display_name: "robot".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::Application,
    };
    let reads = |who| Noun::RoleAssignment(samples::role_assignment(samples::whole(), who, READER));
    let plane = plane(vec![
        Noun::ServicePrincipal(robot),
        Noun::User(User { kind: UserKind::Guest { home: ADA }, ..samples::user(guest, "guest") }),
        Noun::Group(samples::group(staff, "staff")),
        Noun::Membership(samples::membership(staff, NORA)),
        Noun::RoleAssignment(samples::role_assignment(samples::whole(), staff, samples::OWNER)),
        reads(guest),
        reads(BOT),
    ])
    .await;
    let line = "GET {s}/providers/Fyr.Access/whoCanDelegate?api-version=2026-12-01";
    for who in [guest, BOT] {
        let told = get(&plane, who, line).await;
        let value = told["value"].as_array().unwrap();
        let ids: Vec<&Value> = value.iter().map(|it| &it["principalId"]).collect();
        assert_eq!(ids, [&json!(OLOF.object), &json!(NORA.object)], "the way is told, by ids");
        assert_eq!(value[1]["paths"][0]["groups"][0]["id"], json!(staff.object));
        let text = told.to_string();
        for name in ["olof", "nora", "staff"] {
            assert!(!text.contains(name), "{who}: {text}");
        }
    }
    let reader = DirectoryRoleAssignment { principal: BOT, role: DIRECTORY_READERS };
    testkit::put(&plane, vec![Noun::DirectoryRoleAssignment(reader)]).await;
    let told = get(&plane, BOT, line).await;
    assert_eq!(told["value"][1]["signInName"], "nora@example");
    assert_eq!(told["value"][1]["paths"][0]["groups"][0]["displayName"], "staff");
}

#[tokio::test]
async fn what_somebody_gives_themselves_where_nothing_happens_shows_them_nobody() {
    let reads = |at| Noun::RoleAssignment(samples::role_assignment(at, NORA, READER));
    let plane = plane(vec![reads(samples::resource_group("rg1"))]).await;
    let fork = plane.fork().await.unwrap();
    testkit::put(&fork, vec![reads(samples::whole())]).await;
    let line =
        "GET {s}/resourceGroups/rg1/providers/Fyr.Access/whoCanDelegate?api-version=2026-12-01";
    let refused = ask(&fork, NORA, line, Value::Null).await;
    assert_eq!(code(&refused), (403, "AuthorizationFailed".to_owned()));
    get(&fork, OLOF, line).await;
    testkit::put(&plane, vec![reads(samples::whole())]).await;
    get(&plane, NORA, line).await;
}
