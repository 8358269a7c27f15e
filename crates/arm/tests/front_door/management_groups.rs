//! Management groups as `az account management-group` and Terraform make and read them.

use ids::scope::Scope;
use model::{
    change::Noun,
    samples::{self, ADA, CUSTOMER, OLOF, OWNER, READER, SUBSCRIPTION as ID},
    tree::ManagementGroup,
};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{self, NORA, SUBSCRIPTION, ask, code, done, get, header};

const GROUPS: &str = "/providers/Microsoft.Management/managementGroups";
const VERSION: &str = "api-version=2020-05-01";

fn path(name: &str) -> String {
    format!("{GROUPS}/{name}?{VERSION}")
}

fn id(name: &str) -> String {
    format!("{GROUPS}/{name}")
}

fn sent(display_name: &str, parent: Option<&str>) -> Value {
    let details = parent.map(|name| json!({ "parent": { "id": id(name) } }));
    json!({ "properties": { "displayName": display_name, "details": details } })
}

fn group(name: &str, parent: Option<&str>) -> Noun {
    Noun::ManagementGroup(ManagementGroup {
        tenant: CUSTOMER,
        name: name.parse().unwrap(),
        display_name: name.to_owned(),
        parent: parent.map(|it| it.parse().unwrap()),
    })
}

fn scope(name: &str) -> Scope {
    Scope::ManagementGroup(CUSTOMER, name.parse().unwrap())
}

fn root() -> String {
    CUSTOMER.to_string()
}

/// Contoso with `corp`, `prod` in it, and `lab`; Olof owns all of the tenant.
async fn plane(mut more: Vec<Noun>) -> Plane {
    let root = samples::role_assignment(Scope::Tenant(CUSTOMER), OLOF, OWNER);
    more.extend([group("corp", None), group("prod", Some("corp")), group("lab", None)]);
    more.push(Noun::RoleAssignment(root));
    kit::plane(more).await
}

fn grant(role: ids::guid::RoleId, at: Scope) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(at, NORA, role))
}

#[tokio::test]
async fn a_group_is_made_renamed_moved_and_deleted() {
    let plane = plane(Vec::new()).await;
    let events = testkit::events(&plane).await.len();
    let line = |method: &str| format!("{method} {}", path("new"));

    let made = ask(&plane, OLOF, &line("PUT"), sent("New", Some("corp"))).await;

    assert_eq!(made.status, 200, "az takes no other: {made:?}");
    let made = made.body.unwrap();
    assert_eq!(made["properties"]["displayName"], "New");
    assert_eq!(made["properties"]["details"]["parent"]["id"], id("corp"));
    let same = done(&plane, OLOF, &line("PUT"), sent("New", None)).await;
    assert_eq!(same, made);
    assert_eq!(testkit::events(&plane).await.len(), events + 1);
    let body = json!({ "displayName": "Newer", "parentGroupId": id("lab") });
    let moved = done(&plane, OLOF, &line("PATCH"), body).await;
    assert_eq!(moved["properties"]["displayName"], "Newer");
    assert_eq!(moved["properties"]["details"]["parent"]["name"], "lab");
    let at_root = done(&plane, OLOF, &line("PATCH"), json!({ "parentGroupId": id(&root()) })).await;
    assert_eq!(at_root["properties"]["details"]["parent"]["name"], root());
    let shown = get(&plane, OLOF, &path("new")).await;
    assert_eq!(shown["properties"]["details"]["parent"]["displayName"], "Tenant Root Group");

    let gone = ask(&plane, OLOF, &line("DELETE"), Value::Null).await;
    assert_eq!(gone.status, 202, "{gone:?}");
    let location = header(&gone, "Location").unwrap();
    let poll = location.strip_prefix("https://localhost:8443").unwrap();
    assert_eq!(ask(&plane, OLOF, &format!("GET {poll}"), Value::Null).await.status, 200);
    assert_eq!(ask(&plane, NORA, &format!("GET {poll}"), Value::Null).await.status, 404);
    assert_eq!(ask(&plane, OLOF, &line("DELETE"), Value::Null).await.status, 204);
    let missing = ask(&plane, OLOF, &line("GET"), Value::Null).await;
    assert_eq!(code(&missing), (404, "NotFound"));
}

#[tokio::test]
async fn a_tree_has_no_circle_no_seventh_level_and_no_orphans() {
    let plane = plane(Vec::new()).await;
    let mut above = "prod".to_owned();
    for level in 3..=6 {
        let name = format!("level{level}");
        done(&plane, OLOF, &format!("PUT {}", path(&name)), sent("x", Some(&above))).await;
        above = name;
    }
    let put = |name: &str| format!("PUT {}", path(name));
    let cases = [
        (put("level7"), sent("x", Some("level6")), (400, "BadRequest")),
        (put("corp"), sent("x", Some("level3")), (400, "BadRequest")),
        (put("new"), sent("x", Some("nowhere")), (404, "NotFound")),
        (put("a b"), sent("x", None), (400, "BadRequest")),
        (put("new"), sent("", None), (400, "BadRequest")),
        (put(&root()), sent("x", None), (400, "BadRequest")),
        (format!("DELETE {}", path("prod")), Value::Null, (400, "BadRequest")),
        (format!("DELETE {}", path(&root())), Value::Null, (400, "BadRequest")),
        (format!("PATCH {}", path("none")), json!({}), (404, "NotFound")),
    ];
    let events = testkit::events(&plane).await.len();
    for (line, body, expected) in cases {
        let answer = ask(&plane, OLOF, &line, body).await;
        assert_eq!(code(&answer), expected, "{line}: {answer:?}");
    }
    assert_eq!(testkit::events(&plane).await.len(), events);
}

#[tokio::test]
async fn a_subscription_takes_the_access_of_the_group_it_is_put_in() {
    let plane = plane(vec![grant(READER, scope("corp"))]).await;
    let read = format!("GET {SUBSCRIPTION}/resourceGroups/rg1?api-version=2021-04-01");
    let at = |group: &str| format!("{GROUPS}/{group}{SUBSCRIPTION}?{VERSION}");
    let send = async |method: &str, group: &str| {
        ask(&plane, OLOF, &format!("{method} {}", at(group)), Value::Null).await
    };
    let may_read = async || ask(&plane, NORA, &read, Value::Null).await.status == 200;
    assert!(!may_read().await);

    let put = send("PUT", "prod").await;

    assert_eq!(put.status, 200, "{put:?}");
    let put = put.body.unwrap();
    assert_eq!(put["properties"]["parent"]["id"], id("prod"));
    assert_eq!(put["properties"]["state"], "Active");
    assert_eq!(get(&plane, OLOF, &at("prod")).await, put);
    assert!(may_read().await);
    let full = ask(&plane, OLOF, &format!("DELETE {}", path("prod")), Value::Null).await;
    assert_eq!(code(&full), (400, "BadRequest"));
    assert_eq!(code(&send("GET", "corp").await), (404, "NotFound"));
    assert_eq!(send("DELETE", "corp").await.status, 204);
    assert_eq!(send("DELETE", "prod").await.status, 200);
    assert!(!may_read().await);
    assert_eq!(code(&send("PUT", "nowhere").await), (404, "NotFound"));
}

#[tokio::test]
async fn to_move_takes_leave_at_both_places_and_to_give_access_away() {
    let contributor = |at| grant(samples::CONTRIBUTOR, at);
    let owner = |at| grant(OWNER, at);
    let (corp, prod, lab, whole) = (scope("corp"), scope("prod"), scope("lab"), samples::whole());
    let subscription = format!("PUT {GROUPS}/lab{SUBSCRIPTION}?{VERSION}");
    let group = format!("PUT {}", path("prod"));
    let (linked, plain) = (Some("LinkedAuthorizationFailed"), Some("AuthorizationFailed"));
    let cases = [
        (vec![contributor(lab.clone()), contributor(whole.clone())], &subscription, linked),
        (vec![owner(lab.clone())], &subscription, linked),
        (vec![owner(whole.clone())], &subscription, plain),
        (vec![contributor(lab.clone()), owner(whole)], &subscription, None),
        (vec![owner(prod), owner(lab.clone())], &group, linked),
        (vec![owner(corp.clone())], &group, linked),
        (vec![contributor(corp.clone()), contributor(lab.clone())], &group, linked),
        (vec![owner(corp), contributor(lab)], &group, None),
    ];
    for (grants, line, refused) in cases {
        let name = format!("{line} {grants:?}");
        let plane = plane(grants).await;
        let events = testkit::events(&plane).await.len();
        let answer = ask(&plane, NORA, line, sent("prod", Some("lab"))).await;
        match refused {
            Some(expected) => assert_eq!(code(&answer), (403, expected), "{name}: {answer:?}"),
            None => assert_eq!(answer.status, 200, "{name}: {answer:?}"),
        }
        let more = usize::from(refused.is_none());
        assert_eq!(testkit::events(&plane).await.len(), events + more, "{name}");
    }
}

#[tokio::test]
async fn no_tree_takes_another_tenants_subscription() {
    let theirs = samples::PROVIDER;
    let own = Noun::ManagementGroup(ManagementGroup {
        tenant: theirs,
        name: "ops".parse().unwrap(),
        display_name: "ops".to_owned(),
        parent: None,
    });
    let root = Noun::RoleAssignment(samples::role_assignment(Scope::Tenant(theirs), ADA, OWNER));
    let plane = plane(vec![
        own,
        root,
        Noun::Definition(samples::definition(ID)),
        Noun::Assignment(samples::assignment(samples::whole())),
    ])
    .await;
    let unknown = SUBSCRIPTION.replace("05", "99");
    let mut told = Vec::new();
    for subscription in [SUBSCRIPTION, &unknown] {
        let line = format!("PUT {GROUPS}/ops{subscription}?{VERSION}");
        let answer = ask(&plane, ADA, &line, Value::Null).await;
        assert_eq!(code(&answer), (403, "LinkedAuthorizationFailed"), "{answer:?}");
        told.push(answer.body.unwrap().to_string().replace(subscription, ""));
    }
    assert_eq!(told[0], told[1]);
    // Contoso's groups are not there for Fabrikam.
    let answer = ask(&plane, ADA, &format!("GET {}", path("corp")), Value::Null).await;
    assert_eq!(code(&answer), (404, "NotFound"));
}

fn names(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_tree_is_shown_as_far_as_one_may_see_it() {
    let plane = plane(vec![grant(READER, scope("corp"))]).await;
    let put = format!("PUT {GROUPS}/prod{SUBSCRIPTION}?{VERSION}");
    done(&plane, OLOF, &put, Value::Null).await;
    let (root, subscription) = (root(), ID.to_string());
    let expanded = |name: &str, more: &str| format!("{}&$expand=children{more}", path(name));

    let whole = get(&plane, OLOF, &expanded(&root, "&$recurse=true")).await;
    let children = &whole["properties"]["children"];
    assert_eq!(names(children), ["corp", "lab"]);
    let prod = &children[0]["children"][0];
    assert_eq!(prod["name"], "prod");
    assert_eq!(prod["children"][0]["type"], "/subscriptions");
    assert_eq!(prod["children"][0]["id"], SUBSCRIPTION);
    let near = get(&plane, OLOF, &expanded("corp", "")).await;
    assert_eq!(names(&near["properties"]["children"]), ["prod"]);
    assert_eq!(near["properties"]["children"][0].get("children"), None);
    assert_eq!(get(&plane, OLOF, &path("corp")).await["properties"].get("children"), None);

    let below = get(&plane, NORA, &format!("{GROUPS}/corp/descendants?{VERSION}")).await;
    assert_eq!(names(&below["value"]), ["prod", &subscription]);
    assert_eq!(below["value"][1]["properties"]["parent"]["id"], id("prod"));
    let all = format!("{GROUPS}?{VERSION}");
    assert_eq!(names(&get(&plane, OLOF, &all).await["value"]), [&root, "corp", "lab", "prod"]);
    assert_eq!(names(&get(&plane, NORA, &all).await["value"]), ["corp", "prod"]);
    let inside = get(&plane, NORA, &format!("{GROUPS}/prod/subscriptions?{VERSION}")).await;
    assert_eq!(names(&inside["value"]), [&subscription]);
}

#[tokio::test]
async fn entities_are_what_one_may_see_with_what_one_may_do_there() {
    let plane = plane(vec![grant(READER, scope("corp"))]).await;
    let put = format!("PUT {GROUPS}/prod{SUBSCRIPTION}?{VERSION}");
    done(&plane, OLOF, &put, Value::Null).await;
    let entities = format!("POST /providers/Microsoft.Management/getEntities?{VERSION}");
    let seen = done(&plane, NORA, &entities, Value::Null).await;
    assert_eq!(names(&seen["value"]), ["corp", "prod", &ID.to_string()]);
    assert_eq!(seen["count"], 3);
    let prod = &seen["value"][1]["properties"];
    assert_eq!(prod["parentNameChain"], json!(["corp"]));
    assert_eq!(
        (&prod["permissions"], &prod["inheritedPermissions"]),
        (&json!("view"), &json!("view"))
    );
    let corp = &seen["value"][0]["properties"];
    assert_eq!(corp["numberOfDescendants"], 2);
    assert_eq!(corp["inheritedPermissions"], "noaccess");
    assert_eq!(corp["parentNameChain"], json!([]));
    let all = done(&plane, OLOF, &entities, Value::Null).await;
    assert_eq!(all["count"], 5);
    assert_eq!(all["value"][0]["properties"]["numberOfDescendants"], 4);
    assert_eq!(all["value"][0]["properties"]["permissions"], "edit");
    assert_eq!(done(&plane, ADA, &entities, Value::Null).await["count"], 0);
}

#[tokio::test]
async fn what_was_granted_in_a_group_goes_with_it() {
    let plane = plane(vec![grant(READER, scope("lab"))]).await;
    let line = |method: &str| format!("{method} {}", path("lab"));
    assert_eq!(ask(&plane, NORA, &line("GET"), Value::Null).await.status, 200);
    assert_eq!(ask(&plane, OLOF, &line("DELETE"), Value::Null).await.status, 202);
    done(&plane, OLOF, &line("PUT"), sent("lab", None)).await;
    assert_eq!(ask(&plane, NORA, &line("GET"), Value::Null).await.status, 403);
}
