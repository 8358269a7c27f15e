//! From HTTP to an [`ArmRequest`].

use std::{net::SocketAddr, str::FromStr};

use arm::{
    failure::Failure,
    request::{ArmRequest, Method, NoCaller, Preconditions, Query},
};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, request::Parts},
};
use http_body_util::{BodyExt, Limited};
use ids::{clock::Random, guid::CorrelationId};
use jiff::Timestamp;
use model::event::Caller;
use uuid::Uuid;

use crate::Bearers;

/// As much as ARM takes.
const BODY_BYTES_MAX: usize = 4 << 20;
/// A query longer than this is no client's.
const QUERY_BYTES_MAX: usize = 16 << 10;
/// What of a caller's own text the log keeps.
const CLIENT_REQUEST_CHARS_MAX: usize = 64;

/// What ties a request, its answer and its records together.
pub(crate) struct Trace {
    pub(crate) request: Uuid,
    pub(crate) correlation: CorrelationId,
    pub(crate) client_request: Option<String>,
    /// Whether the client wants its own id back.
    pub(crate) echo: bool,
    pub(crate) head: bool,
}

/// Reads the ids that came with a request, or draws them.
pub(crate) fn trace(head: &Parts, random: &dyn Random) -> Trace {
    let request = random.uuid();
    let correlation = header(&head.headers, "x-ms-correlation-request-id");
    let correlation = correlation.and_then(|text| CorrelationId::from_str(text).ok());
    let printable = |text: &str| {
        let kept = text.chars().filter(char::is_ascii_graphic);
        kept.take(CLIENT_REQUEST_CHARS_MAX).collect::<String>()
    };
    let echo = header(&head.headers, "x-ms-return-client-request-id");
    Trace {
        request,
        correlation: correlation.unwrap_or(CorrelationId::new(request)),
        client_request: header(&head.headers, "x-ms-client-request-id").map(printable),
        echo: echo.is_some_and(|value| value.eq_ignore_ascii_case("true")),
        head: head.method == axum::http::Method::HEAD,
    }
}

pub(crate) fn translate(
    head: &Parts,
    trace: &Trace,
    bearers: &dyn Bearers,
    now: Timestamp,
) -> Result<ArmRequest, Failure> {
    let method = Method::parse(head.method.as_str()).ok_or(Failure::UnknownMethod)?;
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
    let text = |name| header(&head.headers, name).map(str::to_owned);
    let caller = bearer(&head.headers).and_then(|token| bearers.caller(token, now));
    let beside = auxiliary(&head.headers, bearers, now);
    let (caller, auxiliary) = match (caller, beside) {
        (Ok(caller), Ok(auxiliary)) => (Ok(caller), auxiliary),
        (Err(why), _) | (Ok(_), Err(why)) => (Err(why), Vec::new()),
    };
    Ok(ArmRequest {
        method,
        path: head.uri.path().to_owned(),
        query: query(head.uri.query().unwrap_or_default())?,
        caller,
        auxiliary,
        correlation: trace.correlation,
        client_request: trace.client_request.clone(),
        client_address: peer.map(|ConnectInfo(address)| address.ip().to_string()),
        preconditions: Preconditions {
            if_match: text("if-match"),
            if_none_match: text("if-none-match"),
        },
        arrived: now,
    })
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn query(text: &str) -> Result<Query, Failure> {
    if text.len() > QUERY_BYTES_MAX {
        return Err(Failure::Query { name: "?", reason: "it is too long".to_owned() });
    }
    Ok(Query(form_urlencoded::parse(text.as_bytes()).into_owned().collect()))
}

fn bearer(headers: &HeaderMap) -> Result<&str, NoCaller> {
    let value = headers.get("authorization").ok_or(NoCaller::Missing)?;
    bearer_of(value.to_str().unwrap_or_default())
}

fn bearer_of(value: &str) -> Result<&str, NoCaller> {
    let scheme = || NoCaller::Invalid("The authentication scheme must be Bearer.".to_owned());
    let (word, token) = value.split_once(' ').ok_or_else(scheme)?;
    if word.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(scheme()) }
}

/// As many tokens as ARM takes beside the caller's own.
const AUXILIARY_MAX: usize = 3;

/// Who is meant by the tokens beside the caller's own. All must be good (ARM contract, §1.3).
fn auxiliary(
    headers: &HeaderMap,
    bearers: &dyn Bearers,
    now: Timestamp,
) -> Result<Vec<Caller>, NoCaller> {
    let values = headers.get_all("x-ms-authorization-auxiliary").iter();
    let tokens: Vec<&str> =
        values.flat_map(|value| value.to_str().unwrap_or_default().split(',')).collect();
    if tokens.len() > AUXILIARY_MAX {
        let most = format!("There are more than {AUXILIARY_MAX} auxiliary tokens.");
        return Err(NoCaller::Invalid(most));
    }
    let one = |(n, text): (usize, &&str)| {
        let caller = bearer_of(text.trim()).and_then(|token| bearers.caller(token, now));
        caller.map_err(|why| NoCaller::Auxiliary { at: n.saturating_add(1), why: Box::new(why) })
    };
    tokens.iter().enumerate().map(one).collect()
}

/// The body, read only when it is asked for, and only as far as ARM takes it.
pub(crate) fn body(
    head: &Parts,
    body: Body,
) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send + use<> {
    let encoding = header(&head.headers, "content-encoding")
        .filter(|encoding| !encoding.eq_ignore_ascii_case("identity"))
        .map(|encoding| encoding.chars().take(32).collect::<String>());
    async move {
        if let Some(encoding) = encoding {
            return Err(Failure::Encoded(encoding));
        }
        let whole = Limited::new(body, BODY_BYTES_MAX).collect().await;
        whole.map(|it| it.to_bytes().to_vec()).map_err(|_| Failure::TooLong(BODY_BYTES_MAX))
    }
}
