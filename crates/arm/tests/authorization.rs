//! Roles, locks, providers and the activity log by the front door, as clients ask for them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use ids::{
    guid::{AppId, Principal, RoleId},
    resource::ResourceId,
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::{Authorization, Definition},
    directory::{OPERATORS, ServicePrincipal, ServicePrincipalKind, User, UserKind},
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR},
    samples::{self, ADA, OLOF, PROVIDER, READER},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use uuid::Uuid;

const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";
const ASSIGNMENT: &str = "64c3c69c-6601-437c-890e-e30573931e51";
/// The identity of a policy assignment of Contoso's.
const BOT: Principal = samples::principal(samples::CUSTOMER, 0xB07);
const NORA: Principal = samples::principal(samples::CUSTOMER, 0x40);

/// Asks as that principal. `line` is method, path and query as they stand in a request line,
/// the query decoded.
async fn ask(plane: &Plane, who: Principal, line: &str, body: Value) -> ArmResponse {
    let (method, rest) = line.split_once(' ').unwrap();
    let (path, query) = rest.split_once('?').unwrap();
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    let request = ArmRequest {
        method: Method::parse(method).unwrap(),
        path: path.replace("{s}", SUBSCRIPTION),
        query: Query(query.split('&').map(pair).collect()),
        caller: Ok(samples::caller(who)),
        auxiliary: Vec::new(),
        correlation: samples::correlation(),
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    let body = serde_json::to_vec(&body).unwrap();
    front_door::answer(plane, request, async { Ok(body) }).await
}

async fn get(plane: &Plane, who: Principal, line: &str) -> Value {
    let answer = ask(plane, who, line, Value::Null).await;
    assert_eq!(answer.status, 200, "{line}: {answer:?}");
    answer.body.unwrap()
}

fn code(answer: &ArmResponse) -> (u16, String) {
    let body = answer.body.clone().unwrap_or_default();
    (answer.status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
}

async fn plane(mut more: Vec<Noun>) -> Plane {
    more.push(Noun::User(samples::user(NORA, "nora")));
    more.push(Noun::ResourceGroup(testkit::group("rg1")));
    testkit::plane(more).await
}

fn line(method: &str) -> String {
    format!(
        "{method} {{s}}/providers/Microsoft.Authorization/roleAssignments/{ASSIGNMENT}?api-version=2022-04-01"
    )
}

fn role_id(role: RoleId) -> String {
    format!("/providers/Microsoft.Authorization/roleDefinitions/{role}")
}

fn role() -> String {
    role_id(READER)
}

fn policy() -> String {
    format!("{SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/p")
}

#[tokio::test]
async fn az_creates_lists_and_deletes_a_role_assignment() {
    let plane = plane(Vec::new()).await;
    let sent = json!({ "properties": {
        "principalId": NORA.object, "roleDefinitionId": role(), "principalType": "User"
    } });

    let made = ask(&plane, OLOF, &line("PUT"), sent.clone()).await;

    assert_eq!(made.status, 201, "{made:?}");
    let made = made.body.unwrap();
    let prefixed = format!("{SUBSCRIPTION}{}", role());
    assert_eq!(made["properties"]["roleDefinitionId"], prefixed);
    let all = "GET {s}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=atScope()";
    let listed = get(&plane, OLOF, all).await;
    assert!(listed["value"].as_array().unwrap().contains(&made), "{listed}");
    assert_eq!(listed.get("nextLink"), None);
    let across = format!("{all}&tenantId={}", samples::CUSTOMER);
    assert_eq!(get(&plane, OLOF, &across).await, listed);
    // az joins the two lists by the letters of the id.
    let roles = "GET {s}/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-05-01-preview&$filter=roleName eq 'Reader'";
    let roles = get(&plane, OLOF, roles).await;
    assert_eq!(roles["value"][0]["id"], prefixed);
    assert_eq!(roles["value"].as_array().unwrap().len(), 1);

    assert_eq!(ask(&plane, OLOF, &line("PUT"), sent).await.status, 200);
    let gone = ask(&plane, OLOF, &line("DELETE"), Value::Null).await;
    assert_eq!((gone.status, gone.body), (200, Some(made)));
    let again = ask(&plane, OLOF, &line("DELETE"), Value::Null).await;
    assert_eq!((again.status, again.body), (204, None));
}

#[tokio::test]
async fn a_bad_role_assignment_is_refused_as_arm_refuses_it() {
    let plane = plane(Vec::new()).await;
    let events = testkit::events(&plane).await.len();
    let sent = |principal: Value, role: &str, kind: Value| json!({ "properties": { "principalId": principal, "roleDefinitionId": role, "principalType": kind } });
    let (nora, nobody) = (json!(NORA.object), json!(samples::object(0x99)));
    let unknown = role().replace(&READER.to_string(), ASSIGNMENT);
    let named = line("PUT").replace(ASSIGNMENT, "reader");
    let cases = [
        (line("PUT"), sent(nobody, &role(), Value::Null), (400, "PrincipalNotFound")),
        (line("PUT"), sent(nora.clone(), &role(), json!("Group")), (400, "UnmatchedPrincipalType")),
        (
            line("PUT"),
            sent(nora.clone(), &unknown, Value::Null),
            (400, "RoleDefinitionDoesNotExist"),
        ),
        (line("PUT"), sent(nora.clone(), "Reader", Value::Null), (400, "InvalidRequestContent")),
        (line("PUT"), json!({}), (400, "InvalidRequestContent")),
        (named, sent(nora, &role(), Value::Null), (400, "InvalidRoleAssignmentId")),
    ];
    for (line, body, (status, expected)) in cases {
        let answer = ask(&plane, OLOF, &line, body).await;
        assert_eq!(code(&answer), (status, expected.to_owned()), "{line} {answer:?}");
    }
    assert_eq!(testkit::events(&plane).await.len(), events);
}

/// Fabrikam's engineers read, and may make readers of Contoso's managed identities.
fn administrators() -> Vec<Noun> {
    let bot = ServicePrincipal {
        principal: BOT,
        app: AppId::new(Uuid::from_u128(0xB07)),
        display_name: "p".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::ManagedIdentity {
            resource: ResourceId::parse(&policy(), samples::CUSTOMER).unwrap(),
        },
    };
    let administrator = Authorization {
        delegated_roles: Some(vec![READER]),
        ..samples::authorization(samples::TIER1, samples::USER_ACCESS_ADMINISTRATOR)
    };
    let reader = samples::authorization(samples::TIER1, READER);
    let authorizations = vec![administrator, reader];
    let definition = samples::definition(samples::SUBSCRIPTION);
    vec![
        Noun::ServicePrincipal(bot),
        Noun::Definition(Definition { authorizations, ..definition }),
        Noun::Assignment(samples::assignment(samples::whole())),
    ]
}

#[tokio::test]
async fn a_delegated_administrator_serves_managed_identities_and_nobody_else() {
    let plane = plane(administrators()).await;
    let sent = |who: Principal, role: RoleId, resource: Value| {
        let role = role_id(role);
        json!({ "properties": {
            "principalId": who.object,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": role,
            "delegatedManagedIdentityResourceId": resource,
        } })
    };
    let elsewhere = policy().replace("policyAssignments/p", "policyAssignments/q");
    let cases = [
        ("no resource", sent(BOT, READER, Value::Null), true),
        ("another resource", sent(BOT, READER, json!(elsewhere)), true),
        ("a user", sent(NORA, READER, json!(policy())), true),
        ("an unlisted role", sent(BOT, samples::CONTRIBUTOR, json!(policy())), false),
    ];
    for (name, body, told) in cases {
        let answer = ask(&plane, ADA, &line("PUT"), body).await;
        assert_eq!(code(&answer), (403, "AuthorizationFailed".to_owned()), "{name} {answer:?}");
        let details = &answer.body.unwrap()["error"]["details"];
        assert_eq!(details[0]["code"] == "DelegatedRoleAssignment", told, "{name} {details}");
    }
    // B34: older versions do not read whose identity it is.
    let older = line("PUT").replace("2022-04-01", "2018-09-01-preview");
    let unread = ask(&plane, ADA, &older, sent(BOT, READER, json!(policy()))).await;
    assert_eq!(code(&unread), (403, "AuthorizationFailed".to_owned()), "{unread:?}");
    let made = ask(&plane, ADA, &line("PUT"), sent(BOT, READER, json!(policy()))).await;
    assert_eq!(made.status, 201, "{made:?}");
    let all = "GET {s}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01";
    let seen = |listed: Value| listed["value"].as_array().unwrap().len();
    assert_eq!(seen(get(&plane, OLOF, all).await), 2);
    // A reader lists role assignments; the customer's people stay out of a provider's sight.
    assert_eq!(get(&plane, ADA, all).await["value"], json!([made.body.unwrap()]));
    let gone = ask(&plane, ADA, &line("DELETE"), Value::Null).await;
    assert_eq!(gone.status, 200, "{gone:?}");
}

#[tokio::test]
async fn a_lock_stops_writes_below_it_until_it_goes() {
    let plane = plane(Vec::new()).await;
    let lock = |method: &str| {
        format!(
            "{method} {{s}}/resourceGroups/rg1/providers/Microsoft.Authorization/locks/l?api-version=2016-09-01"
        )
    };
    let body = json!({ "properties": { "level": "CanNotDelete", "notes": "keep" } });
    let made = ask(&plane, OLOF, &lock("PUT"), body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let group = "DELETE {s}/resourcegroups/rg1?api-version=2024-11-01";
    let barred = ask(&plane, OLOF, group, Value::Null).await;
    assert_eq!(code(&barred), (409, "ScopeLocked".to_owned()));
    let list = "GET {s}/providers/Microsoft.Authorization/locks?api-version=2016-09-01";
    assert_eq!(get(&plane, OLOF, list).await["value"], json!([made.body]));
    assert_eq!(ask(&plane, OLOF, &lock("DELETE"), Value::Null).await.status, 200);
    assert_eq!(ask(&plane, OLOF, &lock("DELETE"), Value::Null).await.status, 204);
    assert_eq!(ask(&plane, OLOF, group, Value::Null).await.status, 202);
}

#[tokio::test]
async fn a_provider_is_given_up_and_registered_again() {
    let plane = plane(Vec::new()).await;
    let line = |verb: &str, method: &str| {
        format!("{method} {{s}}/providers/microsoft.managedservices{verb}?api-version=2024-11-01")
    };
    let state = async |line: &str| {
        let answer = ask(&plane, OLOF, line, Value::Null).await;
        assert_eq!(answer.status, 200, "{line}: {answer:?}");
        answer.body.unwrap()["registrationState"].clone()
    };
    assert_eq!(state(&line("", "GET")).await, "Registered");
    assert_eq!(state(&line("/unregister", "POST")).await, "Unregistered");
    let definition = format!(
        "PUT {{s}}/providers/Microsoft.ManagedServices/registrationDefinitions/{ASSIGNMENT}?api-version=2022-10-01"
    );
    let refused = ask(&plane, OLOF, &definition, json!({})).await;
    assert_eq!(code(&refused), (409, "MissingSubscriptionRegistration".to_owned()));
    assert_eq!(state(&line("/register", "POST")).await, "Registered");
    let unknown = "POST {s}/providers/Microsoft.Nothing/register?api-version=2024-11-01";
    let unknown = ask(&plane, OLOF, unknown, Value::Null).await;
    assert_eq!(code(&unknown), (404, "InvalidResourceNamespace".to_owned()));
    let all = get(&plane, OLOF, "GET {s}/providers?api-version=2024-11-01").await;
    assert!(all["value"].as_array().unwrap().len() > 250);
    let operations = "GET /providers/Microsoft.Authorization/providerOperations/microsoft.managedservices?api-version=2022-04-01&$expand=resourceTypes";
    assert_eq!(get(&plane, NORA, operations).await["name"], "Microsoft.ManagedServices");
}

#[tokio::test]
async fn the_activity_log_is_read_as_az_reads_it() {
    let plane = plane(Vec::new()).await;
    let sent = json!({ "properties": { "principalId": NORA.object, "roleDefinitionId": role() } });
    ask(&plane, OLOF, &line("PUT"), sent).await;
    let log =
        "GET {s}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01";
    let filter = "&$filter=eventTimestamp ge 2025-12-31T00:00:00.000000 and eventTimestamp le 2026-01-02T00:00:00.000000";

    let read = get(&plane, OLOF, &format!("{log}{filter}")).await;
    let names: Vec<(&Value, &Value)> = read["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["operationName"]["value"], &it["status"]["value"]))
        .collect();
    let action = json!("Microsoft.Authorization/roleAssignments/write");
    assert!(names.contains(&(&action, &json!("Succeeded"))), "{names:?}");
    assert!(names.contains(&(&action, &json!("Started"))), "{names:?}");

    let selected = get(&plane, OLOF, &format!("{log}{filter}&$select=caller,level&$top=1")).await;
    assert_eq!(selected["value"][0].as_object().unwrap().len(), 2);
    assert!(
        selected["nextLink"].as_str().unwrap().starts_with("https://localhost:8443/subscriptions/")
    );
    let endless = ask(&plane, OLOF, log, Value::Null).await;
    assert_eq!(code(&endless), (400, "BadRequest".to_owned()));
}

#[tokio::test]
async fn a_tenants_log_takes_a_grant_at_the_root_and_begins_with_an_empty_page() {
    let plane = plane(Vec::new()).await;
    let log = "GET /providers/microsoft.insights/eventtypes/management/values?api-version=2015-04-01&$filter=eventTimestamp ge '2025-12-31T00:00:00Z'";
    let refused = ask(&plane, ADA, log, Value::Null).await;
    assert_eq!(code(&refused), (403, "AuthorizationFailed".to_owned()));
    let root = samples::role_assignment(ids::scope::Scope::Tenant(PROVIDER), ADA, READER);
    testkit::put(&plane, vec![Noun::RoleAssignment(root)]).await;

    let first = get(&plane, ADA, log).await;

    assert_eq!(first["value"], json!([]));
    let link = first["nextLink"].as_str().unwrap();
    let token = link.rsplit_once("$skipToken=").unwrap().1;
    let second = get(&plane, ADA, &format!("{log}&$skipToken={token}")).await;
    assert_eq!(second, json!({ "value": [] }));
}

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

const ROLE: &str = "5e1b7b3a-4c1e-4c5b-9f0e-2f7f4a4e4b11";

fn role_line(method: &str) -> String {
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

#[tokio::test]
async fn there_are_no_classic_administrators() {
    let plane = plane(Vec::new()).await;
    let line =
        "GET {s}/providers/Microsoft.Authorization/classicAdministrators?api-version=2015-07-01";
    assert_eq!(get(&plane, OLOF, line).await, json!({ "value": [] }));
    assert_eq!(code(&ask(&plane, NORA, line, Value::Null).await).0, 403);
}

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
