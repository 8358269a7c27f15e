//! A small world, and how a request line is sent to it.

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use ids::guid::Principal;
use model::{change::Noun, samples};
use operations::plane::Plane;
use serde_json::Value;

pub(crate) const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";
pub(crate) const GUID: &str = "64c3c69c-6601-437c-890e-e30573931e51";
/// One of Contoso's people, who holds nothing.
pub(crate) const NORA: Principal = samples::principal(samples::CUSTOMER, 0x40);

/// Asks as that principal. `line` is method, path and query as they stand in a request line,
/// the query decoded; `{s}` stands for Contoso's subscription.
pub(crate) async fn ask(plane: &Plane, who: Principal, line: &str, body: Value) -> ArmResponse {
    ask_with(plane, (who, &[]), line, body).await
}

/// The same, with the tokens of others beside the caller's own.
pub(crate) async fn ask_with(
    plane: &Plane,
    (who, beside): (Principal, &[Principal]),
    line: &str,
    body: Value,
) -> ArmResponse {
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
        auxiliary: beside.iter().copied().map(samples::caller).collect(),
        correlation: samples::correlation(),
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    let body = if body.is_null() { Vec::new() } else { body.to_string().into() };
    front_door::answer(plane, request, async { Ok(body) }).await
}

/// The body of an answer that must be 200 or 201.
pub(crate) async fn done(plane: &Plane, who: Principal, line: &str, body: Value) -> Value {
    let answer = ask(plane, who, line, body).await;
    assert!(matches!(answer.status, 200 | 201), "{line}: {answer:?}");
    answer.body.unwrap_or_default()
}

/// The body of a read.
pub(crate) async fn get(plane: &Plane, who: Principal, line: &str) -> Value {
    done(plane, who, &format!("GET {line}"), Value::Null).await
}

/// Status and code of a refusal.
pub(crate) fn code(answer: &ArmResponse) -> (u16, &str) {
    let body = answer.body.as_ref();
    (answer.status, body.and_then(|it| it["error"]["code"].as_str()).unwrap_or_default())
}

/// What a refusal says.
pub(crate) fn text(answer: &ArmResponse) -> &str {
    let body = answer.body.as_ref();
    body.and_then(|it| it["error"]["message"].as_str()).unwrap_or_default()
}

pub(crate) fn header<'a>(answer: &'a ArmResponse, name: &str) -> Option<&'a str> {
    let found = answer.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// Contoso with a group `rg1` and Nora, and what a test is about.
pub(crate) async fn plane(mut more: Vec<Noun>) -> Plane {
    more.push(Noun::User(samples::user(NORA, "nora")));
    more.push(Noun::ResourceGroup(testkit::group("rg1")));
    testkit::plane(more).await
}
