//! A client of Microsoft.ManagedServices, and a small world to delegate in.

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use ids::guid::Principal;
use model::{
    change::Noun,
    samples::{self, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, OLOF, PROVIDER, TIER1},
};
use operations::plane::Plane;
use serde_json::{Value, json};

pub(super) const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";
pub(super) const DEFINITIONS: &str = "providers/Microsoft.ManagedServices/registrationDefinitions";
pub(super) const ASSIGNMENTS: &str = "providers/Microsoft.ManagedServices/registrationAssignments";
pub(super) const GUID: &str = "22222222-0000-4000-8000-000000000001";
pub(super) const OTHER: &str = "22222222-0000-4000-8000-000000000002";
pub(super) const LATEST: &str = "2022-10-01";
/// The version that `az managedservices` speaks.
pub(super) const AZ: &str = "2019-06-01";
/// A customer's Contributor.
pub(super) const INGA: Principal = samples::principal(CUSTOMER, 0x16A);

/// A request in the making: what it does, in the newest version, by the customer's owner.
pub(super) struct Asked<'a> {
    plane: &'a Plane,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    version: &'a str,
    who: Principal,
    body: Value,
}

pub(super) fn asking(plane: &Plane, method: Method, path: impl Into<String>) -> Asked<'_> {
    let (query, body) = (Vec::new(), Value::Null);
    Asked { plane, method, path: path.into(), query, version: LATEST, who: OLOF, body }
}

impl<'a> Asked<'a> {
    pub(super) fn with(self, body: Value) -> Self {
        Self { body, ..self }
    }

    pub(super) fn by(self, who: Principal) -> Self {
        Self { who, ..self }
    }

    pub(super) fn speaking(self, version: &'a str) -> Self {
        Self { version, ..self }
    }

    pub(super) fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    pub(super) async fn send(mut self) -> ArmResponse {
        self.query.push(("api-version".to_owned(), self.version.to_owned()));
        let request = ArmRequest {
            method: self.method,
            path: self.path,
            query: Query(self.query),
            caller: Ok(samples::caller(self.who)),
            auxiliary: Vec::new(),
            correlation: samples::correlation(),
            client_request: None,
            client_address: None,
            preconditions: Preconditions::default(),
            arrived: self.plane.store.now(),
        };
        let body = if self.body.is_null() { Vec::new() } else { self.body.to_string().into() };
        front_door::answer(self.plane, request, async { Ok(body) }).await
    }
}

pub(super) fn header<'a>(response: &'a ArmResponse, name: &str) -> Option<&'a str> {
    let found = response.headers.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value.as_str())
}

pub(super) fn body(response: &ArmResponse) -> Value {
    response.body.clone().unwrap_or_default()
}

pub(super) async fn plane() -> Plane {
    testkit::plane(vec![
        Noun::ResourceGroup(testkit::group("app")),
        Noun::User(samples::user(INGA, "inga")),
        Noun::RoleAssignment(samples::role_assignment(samples::whole(), INGA, CONTRIBUTOR)),
    ])
    .await
}

pub(super) fn definition(name: &str) -> String {
    format!("{SUBSCRIPTION}/{DEFINITIONS}/{name}")
}

pub(super) fn offer() -> Value {
    json!({ "properties": {
        "registrationDefinitionName": "Fabrikam Ops",
        "managedByTenantId": PROVIDER,
        "authorizations": [
            { "principalId": TIER1.object, "roleDefinitionId": CONTRIBUTOR },
            { "principalId": TIER1.object, "roleDefinitionId": DELETE_ROLE },
        ],
    }})
}

/// The same with that member of the properties.
pub(super) fn offering(member: &str, value: Value) -> Value {
    let mut offer = offer();
    let properties = offer.pointer_mut("/properties").and_then(Value::as_object_mut).unwrap();
    properties.insert(member.to_owned(), value);
    offer
}

pub(super) fn granting(role: impl std::fmt::Display) -> Value {
    offering(
        "authorizations",
        json!([{ "principalId": TIER1.object, "roleDefinitionId": role.to_string() }]),
    )
}

pub(super) fn accepting(name: &str) -> Value {
    json!({ "properties": { "registrationDefinitionId": definition(name) } })
}

/// The definition, accepted by the whole subscription.
pub(super) async fn delegated() -> Plane {
    let plane = plane().await;
    let made = asking(&plane, Method::Put, definition(GUID)).with(offer()).send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let path = format!("{SUBSCRIPTION}/{ASSIGNMENTS}/{GUID}");
    let accepted = asking(&plane, Method::Put, path).with(accepting(GUID)).send().await;
    assert_eq!(accepted.status, 201, "{accepted:?}");
    plane
}

/// What polling that link answers.
pub(super) async fn polled(plane: &Plane, link: &str, who: Principal) -> ArmResponse {
    let path = link.strip_prefix("https://localhost:8443").unwrap().split('?').next().unwrap();
    asking(plane, Method::Get, path).by(who).send().await
}

#[track_caller]
pub(super) fn refuses(answer: &ArmResponse, status: u16, code: &str, text: &str) {
    let sent = body(answer);
    let member = |name: &str| sent.pointer(&format!("/error/{name}")).and_then(Value::as_str);
    assert_eq!((answer.status, member("code")), (status, Some(code)), "{answer:?}");
    assert!(member("message").unwrap().contains(text), "{sent}");
}
