use axum::{
    body::{Body, to_bytes},
    http::Request as HttpRequest,
};
use model::samples;
use serde_json::{Value, json};

use super::*;

/// Takes any token that names a person of the samples.
struct Names;

impl Bearers for Names {
    fn caller(&self, token: &str, _: Timestamp) -> Result<Caller, NoCaller> {
        match token {
            "olof" => Ok(samples::caller(samples::OLOF)),
            "ada" => Ok(samples::caller(samples::ADA)),
            _ => Err(NoCaller::Invalid("The access token is invalid.".to_owned())),
        }
    }
}

pub(crate) struct Answered {
    pub(crate) status: u16,
    headers: axum::http::HeaderMap,
    body: Value,
    text: String,
}

impl Answered {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|it| it.to_str().unwrap()).unwrap_or_default()
    }
}

pub(crate) async fn surface(enforcement: Enforcement) -> Surface {
    let plane = testkit::plane(vec![]).await;
    let rates = Arc::new(Rates::new(enforcement));
    Surface { plane: Arc::new(plane), bearers: Arc::new(Names), rates }
}

pub(crate) async fn send(surface: &Surface, request: HttpRequest<Body>) -> Answered {
    let (head, body) = answer(State(surface.clone()), request).await.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answered {
        status: head.status.as_u16(),
        headers: head.headers,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

pub(crate) const GROUP: &str =
    "/subscriptions/00000000-0000-0000-0000-000000000005/resourcegroups/app?api-version=2024-11-01";

pub(crate) fn request(method: &str, uri: &str, token: &str, body: &str) -> HttpRequest<Body> {
    let builder = HttpRequest::builder().method(method).uri(uri);
    let builder = if token.is_empty() {
        builder
    } else {
        builder.header("authorization", format!("Bearer {token}"))
    };
    builder.body(Body::from(body.to_owned())).unwrap()
}

#[tokio::test]
async fn tokens_beside_the_callers_own_must_all_be_good() {
    let surface = surface(Enforcement::Off).await;
    let cases = [
        ("Bearer ada", 200, ""),
        ("Bearer ada, Bearer olof,bearer ada", 200, ""),
        ("Bearer ada, Bearer nobody", 401, "The token 2 of the header"),
        ("Bearer ada, ada", 401, "The token 2 of the header"),
        ("", 401, "The token 1 of the header"),
        ("Bearer ada, Bearer ada, Bearer ada, Bearer ada", 401, "There are more than 3"),
    ];
    for (value, status, said) in cases {
        let mut asked = request("GET", "/tenants?api-version=2022-12-01", "olof", "");
        asked.headers_mut().insert("x-ms-authorization-auxiliary", value.parse().unwrap());
        let answer = send(&surface, asked).await;
        assert_eq!(answer.status, status, "{value}: {}", answer.text);
        assert!(status == 200 || answer.text.contains(said), "{value}: {}", answer.text);
        assert_eq!(status == 401, !answer.header("www-authenticate").is_empty(), "{value}");
    }
    let mut alone = request("GET", "/tenants?api-version=2022-12-01", "", "");
    alone.headers_mut().insert("x-ms-authorization-auxiliary", "Bearer olof".parse().unwrap());
    assert_eq!(send(&surface, alone).await.code(), "AuthenticationFailed", "no caller of its own");
}

#[tokio::test]
async fn what_was_put_comes_back_with_arms_headers() {
    let surface = surface(Enforcement::Off).await;
    let body = json!({ "location": "West Europe", "tags": { "a": "b" } }).to_string();
    let made = send(&surface, request("PUT", GROUP, "olof", &body)).await;
    assert_eq!((made.status, &made.body["location"]), (201, &json!("westeurope")), "{}", made.text);
    let read = send(&surface, request("GET", GROUP, "olof", "")).await;
    assert_eq!(read.body, made.body);
    assert_eq!(read.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(read.header("x-ms-ratelimit-remaining-subscription-reads"), "249");
    assert_eq!(read.header("x-ms-ratelimit-remaining-subscription-global-reads"), "3749");
    assert_eq!(read.header("cache-control"), "no-cache");
    assert_eq!(read.header("x-ms-request-id").len(), 36);
}

#[tokio::test]
async fn a_head_and_an_empty_answer_have_no_body() {
    let surface = surface(Enforcement::Off).await;
    let missing = send(&surface, request("HEAD", GROUP, "olof", "")).await;
    assert_eq!((missing.status, missing.text.as_str()), (404, ""));
    send(&surface, request("PUT", GROUP, "olof", r#"{"location":"eastus"}"#)).await;
    let there = send(&surface, request("HEAD", GROUP, "olof", "")).await;
    assert_eq!((there.status, there.text.as_str(), there.header("content-type")), (204, "", ""));
}

#[tokio::test]
async fn bad_bodies_are_told_apart_and_change_nothing() {
    let surface = surface(Enforcement::Off).await;
    let before = testkit::events(&surface.plane).await.len();
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (body, status, code) in [
        ("{".to_owned(), 400, "InvalidRequestContent"),
        ("[]".to_owned(), 400, "InvalidRequestContent"),
        ("{\"location\":7}".to_owned(), 400, "InvalidRequestContent"),
        (format!("{{\"location\":{deep}}}"), 400, "InvalidRequestContent"),
        ("{}".to_owned(), 400, "LocationRequired"),
        ("x".repeat((4 << 20) + 1), 413, "RequestEntityTooLarge"),
    ] {
        let answer = send(&surface, request("PUT", GROUP, "olof", &body)).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.text);
    }
    let mut packed = request("PUT", GROUP, "olof", "{}");
    packed.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
    let answer = send(&surface, packed).await;
    assert_eq!((answer.status, answer.code()), (415, "UnsupportedMediaType"));
    assert_eq!(testkit::events(&surface.plane).await.len(), before);
}

/// What delegates, and what deploys, takes no larger, packed or deeper body than the rest.
#[tokio::test]
async fn delegations_and_deployments_are_bounded_like_everything_else() {
    let surface = surface(Enforcement::Off).await;
    let before = testkit::events(&surface.plane).await.len();
    let whole = "/subscriptions/00000000-0000-0000-0000-000000000005/providers";
    let name = "22222222-0000-4000-8000-000000000001";
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for kind in [
        "Microsoft.ManagedServices/registrationDefinitions",
        "Microsoft.ManagedServices/registrationAssignments",
        "Microsoft.Resources/deployments",
    ] {
        let version = if kind.ends_with("deployments") { "2022-09-01" } else { "2022-10-01" };
        let uri = format!("{whole}/{kind}/{name}?api-version={version}");
        for (body, status, code) in [
            ("x".repeat((4 << 20) + 1), 413, "RequestEntityTooLarge"),
            (format!("{{\"properties\":{deep}}}"), 400, "InvalidRequestContent"),
            (String::new(), 400, "InvalidRequestContent"),
        ] {
            let answer = send(&surface, request("PUT", &uri, "olof", &body)).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{kind} {}", answer.text);
        }
        let mut packed = request("PUT", &uri, "olof", "{}");
        packed.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
        let answer = send(&surface, packed).await;
        assert_eq!((answer.status, answer.code()), (415, "UnsupportedMediaType"), "{kind}");
    }
    assert_eq!(testkit::events(&surface.plane).await.len(), before);
}

#[tokio::test]
async fn who_may_not_send_a_body_hears_of_that_first() {
    let surface = surface(Enforcement::Off).await;
    for (token, status, code) in [
        ("", 401, "AuthenticationFailed"),
        ("forged", 401, "InvalidAuthenticationToken"),
        ("ada", 401, "InvalidAuthenticationTokenTenant"),
    ] {
        let answer = send(&surface, request("PUT", GROUP, token, "{")).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{token}");
        let home = format!("authorization_uri=\"https://localhost:8443/{}\"", samples::CUSTOMER);
        assert!(answer.header("www-authenticate").contains(&home), "{token}");
    }
}

#[tokio::test]
async fn a_body_that_nobody_read_ends_the_connection_and_the_client_is_told() {
    let surface = surface(Enforcement::Off).await;
    let sent = r#"{"location":"westeurope"}"#;
    let cases = [
        (request("PUT", GROUP, "", sent), 401, "close"),
        (request("PUT", GROUP, "ada", sent), 401, "close"),
        (request("PUT", GROUP, "olof", sent), 201, ""),
        (request("PUT", GROUP, "ada", ""), 401, ""),
        (request("GET", GROUP, "", ""), 401, ""),
    ];
    for (request, status, connection) in cases {
        let line = format!("{} {:?}", request.method(), request.headers());
        let answer = send(&surface, request).await;
        assert_eq!((answer.status, answer.header("connection")), (status, connection), "{line}");
    }
}

#[tokio::test]
async fn malformed_ids_and_versions_are_named() {
    let surface = surface(Enforcement::Off).await;
    for (uri, status, code) in [
        ("/subscriptions/x?api-version=2022-12-01", 400, "InvalidSubscriptionId"),
        ("/subscriptions/x", 400, "MissingApiVersionParameter"),
        ("/subscriptions?api-version=", 400, "MissingApiVersionParameter"),
        ("/subscriptions?api-version=latest", 400, "InvalidApiVersionParameter"),
        ("/subscriptions?api-version=1999-01-01", 400, "InvalidApiVersionParameter"),
        ("/nothing?api-version=2022-12-01", 404, "NotFound"),
        ("/subscriptions/a%2Fb?api-version=2022-12-01", 400, "InvalidSubscriptionId"),
        (
            "/subscriptions/00000000-0000-0000-0000-0000000000ff?api-version=2022-12-01",
            404,
            "SubscriptionNotFound",
        ),
        (
            "/subscriptions/00000000-0000-0000-0000-000000000005/providers/No.Such/t/n?api-version=2022-12-01",
            404,
            "InvalidResourceNamespace",
        ),
        (
            "/subscriptions/00000000-0000-0000-0000-000000000005/providers/Microsoft.Storage/t/n?api-version=2022-12-01",
            404,
            "InvalidResourceType",
        ),
        (
            "/subscriptions/00000000-0000-0000-0000-000000000005/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/n?api-version=2023-01-01",
            404,
            "ResourceGroupNotFound",
        ),
    ] {
        let answer = send(&surface, request("GET", uri, "olof", "")).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{uri}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_empty_bucket_refuses_only_where_that_is_wanted() {
    let relaxed = surface(Enforcement::Off).await;
    let strict = surface(Enforcement::On).await;
    let uri = "/subscriptions?api-version=2022-12-01";
    for _ in 0..250 {
        assert_eq!(send(&strict, request("GET", uri, "olof", "")).await.status, 200);
        assert_eq!(send(&relaxed, request("GET", uri, "olof", "")).await.status, 200);
    }
    assert_eq!(send(&relaxed, request("GET", uri, "olof", "")).await.status, 200);
    let refused = send(&strict, request("GET", uri, "olof", "")).await;
    assert_eq!((refused.status, refused.code()), (429, "TooManyRequests"));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(send(&strict, request("GET", uri, "ada", "")).await.status, 200, "another's bucket");
}

#[tokio::test]
async fn the_clients_own_id_comes_back_only_if_it_asks() {
    let surface = surface(Enforcement::Off).await;
    for (ask, expected) in [("false", ""), ("true", "my-id")] {
        let mut sent = request("GET", "/subscriptions?api-version=2022-12-01", "olof", "");
        sent.headers_mut().insert("x-ms-client-request-id", "my-id".parse().unwrap());
        sent.headers_mut().insert("x-ms-return-client-request-id", ask.parse().unwrap());
        assert_eq!(send(&surface, sent).await.header("x-ms-client-request-id"), expected);
    }
}
