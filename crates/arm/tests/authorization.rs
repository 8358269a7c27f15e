//! Roles, locks, providers and the activity log by the front door, as clients ask for them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod authorization {
    mod conditions;
    mod custom_roles;
    mod delegators;
    mod denials;
    mod elevation;
    mod explain;
    mod propagation;
    mod questions;
}

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use ids::{
    guid::{AppId, Principal, RoleId},
    resource::ResourceId,
};
use model::{
    change::Noun,
    delegation::{Authorization, Definition},
    directory::{ServicePrincipal, ServicePrincipalKind},
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

#[tokio::test]
async fn there_are_no_classic_administrators() {
    let plane = plane(Vec::new()).await;
    let line =
        "GET {s}/providers/Microsoft.Authorization/classicAdministrators?api-version=2015-07-01";
    assert_eq!(get(&plane, OLOF, line).await, json!({ "value": [] }));
    assert_eq!(code(&ask(&plane, NORA, line, Value::Null).await).0, 403);
}
