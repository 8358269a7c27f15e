//! Resources that go to another group of the tenant.

use ids::{
    guid::RoleId,
    resource::{DenyAssignmentId, LockId, ResourceId},
    scope::Scope,
};
use model::{
    change::Noun,
    role::{Denied, DenyAssignment, Lock, LockLevel, Permission, RoleDefinition},
    samples::{self, ADA, CUSTOMER, OLOF, OWNER, READER},
    settings::{Profile, Settings},
    tree::{ResourceGroup, Subscription},
};
use operations::plane::Plane;
use serde_json::{Value, json};

use super::kit::{NORA, SUBSCRIPTION, ask, code, done, get, header, plane, text};

const GROUP: &str = "{s}/resourceGroups/rg1";
const ACCOUNTS: &str = "providers/Microsoft.Storage/storageAccounts";

fn in_group(group: &str, name: &str) -> String {
    format!("{SUBSCRIPTION}/resourceGroups/{group}/{ACCOUNTS}/{name}")
}

fn line(id: &str) -> String {
    format!("{id}?api-version=2023-01-01")
}

/// `rg1` with the accounts `a`, which acts as itself and holds something, and `b`; `rg2` is empty.
async fn two_groups(more: Vec<Noun>) -> Plane {
    let other = Noun::ResourceGroup(testkit::group("rg2"));
    let plane = plane(more.into_iter().chain([other]).collect()).await;
    let acting = json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" } });
    for (id, body) in [
        (in_group("rg1", "a"), acting),
        (format!("{}/blobServices/default", in_group("rg1", "a")), json!({})),
        (in_group("rg1", "b"), json!({ "location": "westeurope" })),
    ] {
        done(&plane, OLOF, &format!("PUT {}", line(&id)), body).await;
    }
    plane
}

fn moving(names: &[&str], to: &str) -> Value {
    let resources: Vec<String> = names.iter().map(|name| in_group("rg1", name)).collect();
    json!({ "resources": resources, "targetResourceGroup": to })
}

fn rg2() -> String {
    format!("{SUBSCRIPTION}/resourceGroups/rg2")
}

async fn go(plane: &Plane, who: ids::guid::Principal, verb: &str, body: Value) -> (u16, String) {
    let line = format!("POST {GROUP}/{verb}?api-version=2021-04-01");
    let answer = ask(plane, who, &line, body).await;
    if answer.status == 202 {
        let poll = header(&answer, "Location").unwrap();
        let poll = poll.replacen(&testkit::origins().arm, "GET ", 1);
        assert_eq!(ask(plane, who, &poll, Value::Null).await.status, 200);
    }
    let (status, code) = code(&answer);
    (status, code.to_owned())
}

async fn names(plane: &Plane, group: &str) -> Vec<String> {
    let list = format!("{{s}}/resourceGroups/{group}/resources?api-version=2021-04-01");
    let all = get(plane, OLOF, &list).await;
    let items = all["value"].as_array().unwrap().iter();
    items.map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_is_moved_goes_with_what_lies_in_it_and_leaves_its_grants_behind() {
    let plane = two_groups(Vec::new()).await;
    let before = get(&plane, OLOF, &line(&in_group("rg1", "a"))).await;
    let at = Scope::parse(&in_group("rg1", "a"), CUSTOMER).unwrap();
    let grant = samples::role_assignment(at, NORA, READER);
    testkit::put(&plane, vec![Noun::RoleAssignment(grant)]).await;
    let events = testkit::events(&plane).await.len();

    let asked = moving(&["a"], &rg2());
    assert_eq!(go(&plane, OLOF, "validateMoveResources", asked.clone()).await.0, 202);
    assert_eq!(testkit::events(&plane).await.len(), events, "nothing has moved");
    assert_eq!(go(&plane, OLOF, "moveResources", asked).await.0, 202);

    assert_eq!(
        (names(&plane, "rg1").await, names(&plane, "rg2").await.len()),
        (vec!["b".into()], 2)
    );
    let after = get(&plane, OLOF, &line(&in_group("rg2", "a"))).await;
    assert_eq!(after["id"], in_group("rg2", "a"));
    assert_eq!(after["identity"], before["identity"], "it acts as who it was");
    let child = format!("{}/blobServices/default", in_group("rg2", "a"));
    get(&plane, OLOF, &line(&child)).await;
    for group in ["rg1", "rg2"] {
        let read = format!("GET {}", line(&in_group(group, "a")));
        assert_eq!(ask(&plane, NORA, &read, Value::Null).await.status, 403, "{group}");
    }
    let log = "{s}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=eventTimestamp ge '2025-12-31T00:00:00Z'";
    let told = get(&plane, OLOF, log).await;
    let told: Vec<(&str, &str)> = told["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (it["operationName"]["value"].as_str().unwrap(), it["resourceId"].as_str().unwrap())
        })
        .collect();
    let groups = "Microsoft.Resources/subscriptions/resourceGroups";
    let (action, write) = (format!("{groups}/moveResources/action"), format!("{groups}/write"));
    let rg1 = format!("{SUBSCRIPTION}/resourceGroups/rg1");
    assert!(told.contains(&(action.as_str(), rg1.as_str())), "{told:?}");
    assert!(told.contains(&(write.as_str(), rg2().as_str())), "{told:?}");
    // Whoever was the account is the account where it is now, and goes with it.
    let gone = format!("DELETE {}", line(&in_group("rg2", "a")));
    assert_eq!(ask(&plane, OLOF, &gone, Value::Null).await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_moved_is_named_and_nothing_moves() {
    let taken = Scope::parse(&in_group("rg2", "b"), CUSTOMER).unwrap();
    let Scope::Resource(taken) = taken else { unreachable!() };
    let lock = Scope::parse(&in_group("rg1", "a"), CUSTOMER).unwrap();
    let plane = two_groups(vec![Noun::Resource(testkit::resource(taken))]).await;
    testkit::put(&plane, vec![locked(lock)]).await;
    let events = testkit::events(&plane).await.len();
    let many: Vec<String> = (0..801).map(|n| format!("n{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let (free, to) = (format!("{SUBSCRIPTION}/resourceGroups/none"), rg2());
    let cases = [
        (moving(&[], &to), 400, "InvalidMoveResourcesRequest"),
        (moving(&many, &to), 400, "InvalidMoveResourcesRequest"),
        (moving(&["a/blobServices/default"], &to), 400, "InvalidMoveResourcesRequest"),
        (moving(&["b"], &in_group("rg2", "x")), 400, "InvalidMoveResourcesRequest"),
        (moving(&["b"], &to.replace("rg2", "RG1")), 400, "InvalidMoveResourcesRequest"),
        (moving(&["b"], &free), 400, "ResourceGroupNotFound"),
        (moving(&["c"], &to), 404, "ResourceNotFound"),
        (moving(&["b"], &to), 409, "ResourceMoveConflict"),
        (moving(&["a"], &to), 409, "ScopeLocked"),
        (moving(&["b", "a"], &to), 409, "ResourceMoveConflict"),
    ];
    for (body, status, expected) in cases {
        for verb in ["moveResources", "validateMoveResources"] {
            let refused = go(&plane, OLOF, verb, body.clone()).await;
            assert_eq!(refused, (status, expected.to_owned()), "{verb} {body}");
        }
    }
    assert_eq!(testkit::events(&plane).await.len(), events);
}

/// Fabrikam works in the whole of Contoso's subscription.
fn delegated() -> Vec<Noun> {
    vec![
        Noun::Definition(samples::definition(samples::SUBSCRIPTION)),
        Noun::Assignment(samples::assignment(samples::whole())),
    ]
}

async fn in_profile(profile: Profile, more: Vec<Noun>) -> Plane {
    let plane = two_groups(delegated()).await;
    let settings = Noun::Settings(Settings { profile, ..Settings::default() });
    testkit::put(&plane, [vec![settings], more].concat()).await;
    plane
}

fn locked(at: Scope) -> Noun {
    let id = LockId::at(at, "l".parse().unwrap()).unwrap();
    Noun::Lock(Lock { id, level: LockLevel::CanNotDelete, notes: None })
}

/// Something that binds only Nora.
fn denied(at: Scope) -> Noun {
    Noun::DenyAssignment(DenyAssignment {
        id: DenyAssignmentId::at(at, uuid::Uuid::from_u128(0xDE).to_string().parse().unwrap())
            .unwrap(),
        name: "managed".to_owned(),
        description: String::new(),
        permissions: vec![Permission { actions: vec!["*".to_owned()], ..Permission::default() }],
        principals: Denied::These(vec![NORA]),
        exclude: Vec::new(),
        does_not_apply_to_child_scopes: false,
        is_system_protected: true,
    })
}

#[tokio::test]
async fn who_works_for_a_customer_moves_what_is_free_and_leaves_locks_and_denials_where_they_are() {
    for profile in [Profile::Azure, Profile::Strict] {
        for below in ["", "/blobServices/default"] {
            let at = || {
                let path = format!("{}{below}", in_group("rg1", "a"));
                Scope::parse(&path, CUSTOMER).unwrap()
            };
            for (noun, expected) in
                [(locked(at()), "ScopeLocked"), (denied(at()), "ResourceMoveConflict")]
            {
                let plane = in_profile(profile, vec![noun]).await;
                let events = testkit::events(&plane).await.len();
                for verb in ["validateMoveResources", "moveResources"] {
                    let refused = go(&plane, ADA, verb, moving(&["b", "a"], &rg2())).await;
                    assert_eq!(refused, (409, expected.to_owned()), "{profile:?} {verb} {below}");
                }
                assert_eq!(testkit::events(&plane).await.len(), events, "{profile:?} {below}");
            }
        }
        let plane = in_profile(profile, Vec::new()).await;
        let moved = go(&plane, ADA, "moveResources", moving(&["a"], &rg2())).await;
        assert_eq!(moved.0, 202, "{profile:?}: {moved:?}");
        assert_eq!(names(&plane, "rg1").await, ["b"]);
        get(&plane, ADA, &line(&in_group("rg2", "a"))).await;
    }
}

#[tokio::test]
async fn both_logs_tell_of_a_lock_that_who_moves_has_passed() {
    let plane = in_profile(Profile::Azure, vec![locked(samples::resource_group("rg1"))]).await;
    assert_eq!(go(&plane, ADA, "moveResources", moving(&["b"], &rg2())).await.0, 202);
    let log = "{s}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=eventTimestamp ge '2025-12-31T00:00:00Z'";
    let told = get(&plane, OLOF, log).await;
    for group in [format!("{SUBSCRIPTION}/resourceGroups/rg1"), rg2()] {
        let marked = told["value"].as_array().unwrap().iter().any(|it| {
            it["resourceId"] == group.as_str()
                && it["properties"]["copiedDefect"] == "LockPassedByManagingTenant"
        });
        assert!(marked, "{group}: {told:#}");
    }
}

#[tokio::test]
async fn an_identity_does_not_move_along_with_what_it_extends() {
    let kind = "providers/Microsoft.ManagedIdentity/userAssignedIdentities";
    let below = format!("{}/{kind}/i", in_group("rg1", "b"));
    let id = ResourceId::parse(&below, CUSTOMER).unwrap();
    let plane = two_groups(vec![Noun::Resource(testkit::resource(id))]).await;
    let refused = go(&plane, OLOF, "moveResources", moving(&["b"], &rg2())).await;
    assert_eq!(refused, (400, "ResourceMoveNotSupported".to_owned()));
    assert_eq!(go(&plane, OLOF, "moveResources", moving(&["a"], &rg2())).await.0, 202);
}

#[tokio::test]
async fn what_lies_in_what_is_moved_counts_as_what_is_carried() {
    let part = |n: usize| {
        let path = format!("{}/blobServices/default/containers/c{n}", in_group("rg1", "b"));
        Noun::Resource(testkit::resource(ResourceId::parse(&path, CUSTOMER).unwrap()))
    };
    let plane = two_groups((0..1_998).map(part).collect()).await;
    let mut at_most = moving(&["b"], &rg2());
    assert_eq!(go(&plane, OLOF, "validateMoveResources", at_most.clone()).await.0, 202);
    at_most["resources"].as_array_mut().unwrap().push(json!(in_group("rg1", "a")));
    for verb in ["validateMoveResources", "moveResources"] {
        let refused = go(&plane, OLOF, verb, at_most.clone()).await;
        assert_eq!(refused, (400, "InvalidMoveResourcesRequest".to_owned()), "{verb}");
    }
}

/// Nora holds these actions in these groups, by a role of that number.
fn nora(number: u128, actions: &[&str], groups: &[&str]) -> Vec<Noun> {
    let actions = actions.iter().map(ToString::to_string).collect();
    let role = RoleDefinition {
        id: RoleId::new(uuid::Uuid::from_u128(number)),
        name: number.to_string(),
        permissions: vec![Permission { actions, ..Permission::default() }],
        ..samples::custom_role(samples::whole())
    };
    let at = |group: &&str| samples::role_assignment(samples::resource_group(group), NORA, role.id);
    let grants: Vec<Noun> = groups.iter().map(at).map(Noun::RoleAssignment).collect();
    grants.into_iter().chain([Noun::RoleDefinition(role)]).collect()
}

#[tokio::test]
async fn to_move_takes_leave_at_both_places_and_who_lacks_it_hears_nothing() {
    let groups = "Microsoft.Resources/subscriptions/resourceGroups";
    let (moves, writes) = (format!("{groups}/moveResources/action"), format!("{groups}/write"));
    let linked = (403, "LinkedAuthorizationFailed".to_owned());

    let plane = two_groups(nora(0xD1, &["*"], &["rg1"])).await;
    let foreign = "/subscriptions/00000000-0000-0000-0000-0000000000ff/resourceGroups/x";
    for to in [rg2(), rg2().replace("rg2", "none"), foreign.to_owned()] {
        assert_eq!(go(&plane, NORA, "moveResources", moving(&["a"], &to)).await, linked, "{to}");
    }
    let plane = two_groups(nora(0xD1, &[&moves, &writes], &["rg1", "rg2"])).await;
    for name in ["a", "nothing"] {
        assert_eq!(go(&plane, NORA, "moveResources", moving(&[name], &rg2())).await, linked);
    }
    let apart = [nora(0xD1, &["*"], &["rg1"]), nora(0xD2, &[&writes], &["rg2"])].concat();
    let plane = two_groups(apart).await;
    let taken = format!("PUT {}", line(&in_group("rg2", "b")));
    done(&plane, OLOF, &taken, json!({ "location": "westeurope" })).await;
    let refused = (403, "AuthorizationFailed".to_owned());
    for name in ["a", "b"] {
        assert_eq!(go(&plane, NORA, "moveResources", moving(&[name], &rg2())).await, refused);
    }
    let both = "Microsoft.Storage/*";
    let plane = two_groups(nora(0xD1, &[&writes, both], &["rg1", "rg2"])).await;
    assert_eq!(go(&plane, NORA, "moveResources", moving(&["a"], &rg2())).await, refused);
    let plane = two_groups(nora(0xD1, &[&moves, &writes, both], &["rg1", "rg2"])).await;
    assert_eq!(go(&plane, NORA, "moveResources", moving(&["a"], &rg2())).await.0, 202);
}

#[tokio::test]
async fn resources_move_within_one_tenant_and_to_where_their_provider_is_used() {
    let id = |n| ids::guid::SubscriptionId::new(uuid::Uuid::from_u128(n));
    let there = |n, tenant, registered_by_default| {
        let subscription =
            Subscription { registered_by_default, ..samples::subscription(id(n), tenant) };
        let group = ResourceGroup { subscription: id(n), ..testkit::group("rg2") };
        vec![Noun::Subscription(subscription), Noun::ResourceGroup(group)]
    };
    let owner = |n| samples::role_assignment(Scope::Subscription(id(n)), OLOF, OWNER);
    let delegated = samples::assignment(Scope::Subscription(id(0xA3)));
    let other = ids::guid::TenantId::new(uuid::Uuid::from_u128(0xBAD));
    let mut nouns = [there(0xA1, CUSTOMER, true), there(0xA2, CUSTOMER, false)].concat();
    nouns.extend([owner(0xA1), owner(0xA2)].map(Noun::RoleAssignment));
    // The provider works for two customers, and moves nothing from the one to the other.
    nouns.push(Noun::Tenant(samples::tenant(other, "tailspin")));
    nouns.extend(there(0xA3, other, true));
    nouns.push(Noun::Definition(samples::definition(id(0xA3))));
    nouns.push(Noun::Assignment(model::delegation::Assignment {
        definition: samples::definition(id(0xA3)).id,
        ..delegated
    }));
    nouns.push(Noun::Definition(samples::definition(samples::SUBSCRIPTION)));
    nouns.push(Noun::Assignment(samples::assignment(samples::whole())));
    let plane = two_groups(nouns).await;
    let to = |n| moving(&["a"], &format!("/subscriptions/{}/resourceGroups/rg2", id(n)));

    let across = format!("POST {GROUP}/moveResources?api-version=2021-04-01");
    let across = ask(&plane, ADA, &across, to(0xA3)).await;
    assert_eq!(code(&across), (403, "ResourceMoveTenantMismatch"));
    assert!(!text(&across).contains("rg2"), "Contoso's log names no group of Tailspin's");
    let unused = go(&plane, OLOF, "moveResources", to(0xA2)).await;
    assert_eq!(unused, (409, "MissingSubscriptionRegistration".to_owned()));
    assert_eq!(go(&plane, OLOF, "moveResources", to(0xA1)).await.0, 202);
    let moved = format!("/subscriptions/{}/resourceGroups/rg2/{ACCOUNTS}/a", id(0xA1));
    assert_eq!(get(&plane, OLOF, &line(&moved)).await["id"], moved);
    let log = format!(
        "/subscriptions/{}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=eventTimestamp ge '2025-12-31T00:00:00Z'",
        id(0xA1)
    );
    assert!(!get(&plane, OLOF, &log).await["value"].as_array().unwrap().is_empty());
}
