//! From HTTP to a question.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, request::Parts},
};
use http_body_util::{BodyExt, Collected, Limited};
use identity::verifier::{Untrusted, Verifier};
use ids::clock::Random;
use jiff::Timestamp;
use model::event::Caller;

use crate::{
    endpoint::Endpoint,
    failure::{Failure, NoCaller},
};

/// A thousand evaluations with long names fit.
const BATCH_BYTES_MAX: usize = 1 << 20;
/// One question with all the properties that anybody sends.
const BODY_BYTES_MAX: usize = 64 << 10;

/// What ties a request and its answer together: the client's own word, sent back as it is.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id that came with a request, or one that is drawn.
pub(crate) fn trace(head: &Parts, random: &dyn Random) -> HeaderValue {
    head.headers.get(REQUEST_ID).cloned().unwrap_or_else(|| {
        let drawn = HeaderValue::from_str(&random.uuid().to_string());
        drawn.unwrap_or_else(|_| HeaderValue::from_static("none"))
    })
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Who asks, as the token says.
pub(crate) fn caller(
    head: &Parts,
    verifier: &Verifier,
    now: Timestamp,
) -> Result<Arc<Caller>, NoCaller> {
    let value = header(&head.headers, "authorization").ok_or(NoCaller::Missing)?;
    let (word, token) = value.split_once(' ').ok_or(NoCaller::Missing)?;
    if !word.eq_ignore_ascii_case("bearer") {
        return Err(NoCaller::Missing);
    }
    verifier.verify(token.trim(), now).map_err(|why| match why {
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

/// The body, read only when it is asked for, and only as far as a question goes.
pub(crate) async fn body(head: &Parts, body: Body, endpoint: Endpoint) -> Result<Bytes, Failure> {
    let kind = header(&head.headers, "content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Failure::ContentType);
    }
    let encoding = header(&head.headers, "content-encoding");
    if encoding.is_some_and(|it| !it.eq_ignore_ascii_case("identity")) {
        return Err(Failure::Encoded);
    }
    let bytes_max = match endpoint {
        Endpoint::Evaluations => BATCH_BYTES_MAX,
        Endpoint::Evaluation | Endpoint::Subjects | Endpoint::Resources | Endpoint::Actions => {
            BODY_BYTES_MAX
        }
    };
    let whole = Limited::new(body, bytes_max).collect().await;
    whole.map(Collected::to_bytes).map_err(|_| Failure::TooLarge)
}
