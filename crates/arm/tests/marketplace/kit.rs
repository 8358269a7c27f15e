//! Fabrikam publishes; Contoso and Northwind are customers.

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use ids::{
    guid::{Principal, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    directory::UserKind,
    question::Question,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, NEIGHBOUR, OWNER, READER},
};
use operations::plane::Plane;
use serde_json::Value;
use testkit::shop::{Shop, publisher};
use uuid::Uuid;

pub(super) const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";
pub(super) const THEIRS: &str = "/subscriptions/00000000-0000-0000-0000-000000000006";
pub(super) const NORTHWIND: TenantId = TenantId::new(Uuid::from_u128(0x9));
pub(super) const NORA: Principal = samples::principal(NORTHWIND, 0x40);
/// Contoso's Contributor, its Reader, and a guest who is Owner.
pub(super) const INGA: Principal = samples::principal(CUSTOMER, 0x16A);
pub(super) const RITA: Principal = samples::principal(CUSTOMER, 0x217);
pub(super) const GUEST: Principal = samples::principal(CUSTOMER, 0x6E57);
/// Someone of Contoso's to whom nothing was granted.
pub(super) const STRANGER: Principal = samples::principal(CUSTOMER, 0x5742);

pub(super) async fn plane(shops: &[Shop]) -> Plane {
    let mut guest = samples::user(GUEST, "guest");
    guest.kind = UserKind::Guest { home: NORA };
    let grant = |scope, who, role| Noun::RoleAssignment(samples::role_assignment(scope, who, role));
    let people = vec![
        Noun::Tenant(samples::tenant(NORTHWIND, "northwind")),
        Noun::User(samples::user(NORA, "nora")),
        Noun::User(samples::user(INGA, "inga")),
        Noun::User(samples::user(RITA, "rita")),
        Noun::User(samples::user(STRANGER, "stranger")),
        Noun::User(guest),
        Noun::Subscription(samples::subscription(NEIGHBOUR, NORTHWIND)),
        grant(Scope::Subscription(NEIGHBOUR), NORA, OWNER),
        grant(samples::whole(), INGA, CONTRIBUTOR),
        grant(samples::whole(), RITA, READER),
        grant(samples::whole(), GUEST, OWNER),
    ];
    let published = shops.iter().flat_map(Shop::nouns);
    testkit::plane(people.into_iter().chain(publisher()).chain(published).collect()).await
}

/// `PUT /path?api-version[&more]` by that principal.
pub(super) async fn ask(plane: &Plane, who: Principal, line: &str, body: &Value) -> ArmResponse {
    let (verb, rest) = line.split_once(' ').unwrap();
    let (path, query) = rest.split_once('?').unwrap();
    let mut pairs = query.split('&');
    let version = pairs.next().unwrap().to_owned();
    let mut query = vec![("api-version".to_owned(), version)];
    query.extend(pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    }));
    let request = ArmRequest {
        method: Method::parse(verb).unwrap(),
        path: path.to_owned(),
        query: Query(query),
        caller: Ok(samples::caller(who)),
        auxiliary: Vec::new(),
        correlation: samples::correlation(),
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    front_door::answer(plane, request, async { Ok(body) }).await
}

/// A list as short pages tell it, each with whether another is promised.
pub(super) async fn one_by_one(plane: &Plane, who: Principal, line: &str) -> Vec<(Value, bool)> {
    let (mut pages, mut more) = (Vec::new(), String::new());
    loop {
        let line = format!("{line}&$top=1{more}");
        let answer = ask(plane, who, &line, &Value::Null).await;
        assert_eq!(answer.status, 200, "{line}: {answer:?}");
        let told = body(&answer);
        let next = told["nextLink"].as_str().map(str::to_owned);
        pages.push((told["value"].clone(), next.is_some()));
        let Some(next) = next else { return pages };
        let token = next.split("$skipToken=").nth(1).unwrap().split('&').next().unwrap();
        more = format!("&$skipToken={token}");
    }
}

pub(super) fn code(answer: &ArmResponse) -> String {
    body(answer)["error"]["code"].as_str().unwrap_or_default().to_owned()
}

pub(super) fn body(answer: &ArmResponse) -> Value {
    answer.body.clone().unwrap_or_default()
}

/// Whether Fabrikam's engineer may write in Contoso's subscription, and read.
pub(super) fn rights(plane: &Plane) -> (bool, bool) {
    let may = |action: Action| {
        let question = Question::any(action, samples::whole());
        plane.index().check(ADA, &question, samples::now()).is_allowed()
    };
    (may(Action::GROUPS_WRITE), may(Action::GROUPS_READ))
}
