//! From HTTP to a request of the marketplace's.

use std::net::{IpAddr, SocketAddr};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, request::Parts},
};
use http_body_util::{BodyExt, Limited};
use identity::{
    throttle::network,
    verifier::{Untrusted, Verifier},
};
use ids::{clock::Random, guid::CorrelationId};
use jiff::Timestamp;
use model::event::Caller;
use uuid::Uuid;

use crate::failure::{Failure, NoCaller};

/// A query longer than this is no client's.
const QUERY_BYTES_MAX: usize = 16 << 10;
/// A path longer than this leads nowhere.
const PATH_BYTES_MAX: usize = 2 << 10;
/// What of a caller's own text the log keeps.
const CLIENT_REQUEST_CHARS_MAX: usize = 64;

/// What ties a request, its answer and its records together.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) request: Uuid,
    pub(crate) client_request: Option<String>,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct MarketRequest {
    pub(crate) method: Method,
    pub(crate) segments: Vec<String>,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) caller: Result<Caller, NoCaller>,
    /// The version that a change is of, as `If-Match` says it.
    pub(crate) if_match: Option<String>,
    /// `*`: what is written is to be new.
    pub(crate) if_none_match: Option<String>,
    pub(crate) address: Option<String>,
    /// Whom strangers from there are counted with.
    pub(crate) network: Option<IpAddr>,
    pub(crate) trace: Trace,
    pub(crate) arrived: Timestamp,
}

/// The query's pairs, decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(pub(crate) Vec<(String, String)>);

impl Query {
    /// The option of that name, with or without its dollar sign.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let is = |it: &&(String, String)| plain(&it.0).eq_ignore_ascii_case(plain(name));
        self.0.iter().find(is).map(|(_, value)| value.as_str())
    }
}

/// An option's name without the dollar sign, which some write.
pub(crate) fn plain(name: &str) -> &str {
    name.strip_prefix('$').unwrap_or(name)
}

/// Reads the ids that came with a request, or draws them.
pub(crate) fn trace(head: &Parts, random: &dyn Random) -> Trace {
    let printable = |text: &str| {
        let kept = text.chars().filter(char::is_ascii_graphic);
        kept.take(CLIENT_REQUEST_CHARS_MAX).collect::<String>()
    };
    let client_request = header(&head.headers, "client-request-id").map(printable);
    Trace { request: random.uuid(), client_request }
}

impl Trace {
    /// The id by which the log finds it: the client's, if it is a GUID.
    pub(crate) fn correlation(&self) -> CorrelationId {
        let given = self.client_request.as_deref().and_then(|text| text.parse().ok());
        given.unwrap_or(CorrelationId::new(self.request))
    }
}

pub(crate) fn translate(
    head: &Parts,
    trace: &Trace,
    verifier: &Verifier,
    now: Timestamp,
) -> Result<MarketRequest, Failure> {
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
    let (path, query) = (head.uri.path(), head.uri.query().unwrap_or_default());
    if path.len() > PATH_BYTES_MAX || query.len() > QUERY_BYTES_MAX {
        return Err(Failure::TooLarge);
    }
    Ok(MarketRequest {
        method: head.method.clone(),
        segments: segments(path)?,
        path: path.to_owned(),
        query: Query(form_urlencoded::parse(query.as_bytes()).into_owned().collect()),
        caller: caller(&head.headers, verifier, now),
        if_match: header(&head.headers, "if-match").map(str::to_owned),
        if_none_match: header(&head.headers, "if-none-match").map(str::to_owned),
        address: peer.map(|ConnectInfo(address)| address.ip().to_string()),
        network: peer.map(|ConnectInfo(address)| network(address.ip())),
        trace: trace.clone(),
        arrived: now,
    })
}

/// Ids of the marketplace need no escapes, and none is taken.
fn segments(path: &str) -> Result<Vec<String>, Failure> {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let all: Vec<String> = path.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    if all.iter().all(|it| plain(it)) { Ok(all) } else { Err(Failure::Nothing) }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn caller(headers: &HeaderMap, verifier: &Verifier, now: Timestamp) -> Result<Caller, NoCaller> {
    let value = header(headers, "authorization").ok_or(NoCaller::Missing)?;
    let (word, token) = value.split_once(' ').ok_or(NoCaller::Missing)?;
    if !word.eq_ignore_ascii_case("bearer") {
        return Err(NoCaller::Missing);
    }
    let verified = verifier.verify(token.trim(), now);
    verified.map(|it| Caller::clone(&it)).map_err(|why| match why {
        Untrusted::Audience(_) => NoCaller::Audience,
        Untrusted::Expired(_) => NoCaller::Expired,
        Untrusted::Issuer(_)
        | Untrusted::SessionEnded
        | Untrusted::Outgrown
        | Untrusted::Malformed
        | Untrusted::Algorithm
        | Untrusted::UnknownKey
        | Untrusted::Signature
        | Untrusted::NotAnAccessToken
        | Untrusted::NotYetValid(_) => {
            tracing::debug!(reason = %why, "a token was not believed");
            NoCaller::Invalid
        }
    })
}

/// The body, read only when it is asked for, and only as far as the route takes it.
pub(crate) async fn body(head: &Parts, body: Body, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let encoding = header(&head.headers, "content-encoding");
    if encoding.is_some_and(|it| !it.eq_ignore_ascii_case("identity")) {
        return Err(Failure::Encoded);
    }
    let whole = Limited::new(body, bytes_max).collect().await;
    whole.map(|it| it.to_bytes().to_vec()).map_err(|_| Failure::TooLarge)
}
