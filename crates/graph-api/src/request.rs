//! From HTTP to a request of Graph's.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, request::Parts},
};
use http_body_util::{BodyExt, Limited};
use identity::verifier::{Untrusted, Verifier};
use ids::{clock::Random, guid::CorrelationId};
use jiff::Timestamp;
use model::event::Caller;
use uuid::Uuid;

use crate::{
    budget::Budget,
    failure::{Failure, NoCaller},
};

/// Far more than any client sends; a batch of twenty fits.
const BODY_BYTES_MAX: usize = 1 << 20;
/// A query longer than this is no client's.
const QUERY_BYTES_MAX: usize = 16 << 10;
/// What of a caller's own text the log keeps.
const CLIENT_REQUEST_CHARS_MAX: usize = 64;

/// What ties a request, its answer and its records together.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) request: Uuid,
    pub(crate) client_request: Option<String>,
}

/// One request, whoever carried it.
#[derive(Clone, Debug)]
pub(crate) struct GraphRequest {
    pub(crate) method: Method,
    /// As it was asked for, with the version.
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) caller: Result<Caller, NoCaller>,
    /// Whether a client is content with counts that lag behind; ours do not.
    pub(crate) eventual: bool,
    pub(crate) address: Option<String>,
    pub(crate) trace: Trace,
    pub(crate) arrived: Timestamp,
    /// What it may look at, with all others of the same batch.
    pub(crate) budget: Budget,
}

/// The query's pairs, decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(pub(crate) Vec<(String, String)>);

impl Query {
    /// Reads what stands behind the question mark.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if text.len() > QUERY_BYTES_MAX {
            return Err(Failure::TooLarge);
        }
        Ok(Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect()))
    }

    /// The option of that name, with or without its dollar sign.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let is = |it: &&(String, String)| plain(&it.0).eq_ignore_ascii_case(plain(name));
        self.0.iter().find(is).map(|(_, value)| value.as_str())
    }
}

/// An option's name without the dollar sign, which Graph does not ask for.
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
) -> Result<GraphRequest, Failure> {
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
    let level = header(&head.headers, "consistencylevel");
    Ok(GraphRequest {
        method: head.method.clone(),
        path: head.uri.path().to_owned(),
        query: Query::parse(head.uri.query().unwrap_or_default())?,
        caller: caller(&head.headers, verifier, now),
        eventual: level.is_some_and(|it| it.eq_ignore_ascii_case("eventual")),
        address: peer.map(|ConnectInfo(address)| address.ip().to_string()),
        trace: trace.clone(),
        arrived: now,
        budget: Budget::default(),
    })
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
        Untrusted::Issuer(_) => NoCaller::Issuer,
        Untrusted::Expired(_) => NoCaller::Expired,
        Untrusted::SessionEnded
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

/// The body, read only when it is asked for, and only as far as Graph takes it.
pub(crate) fn body(
    head: &Parts,
    body: Body,
) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send + use<> {
    let encoding = header(&head.headers, "content-encoding");
    let is_plain = encoding.is_none_or(|it| it.eq_ignore_ascii_case("identity"));
    async move {
        if !is_plain {
            return Err(Failure::Encoded);
        }
        let whole = Limited::new(body, BODY_BYTES_MAX).collect().await;
        whole.map(|it| it.to_bytes().to_vec()).map_err(|_| Failure::TooLarge)
    }
}
