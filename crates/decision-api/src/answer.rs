//! What goes back.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use serde::Serialize;

use crate::{failure::Failure, request::REQUEST_ID};

/// An answer before it is HTTP.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Where to sign in, for whoever has not.
    pub(crate) challenge: Option<String>,
    pub(crate) content: Content,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// Good for the moment it was given in, and for nobody else.
    Decision(Vec<u8>),
    /// The same for everybody, and for a while.
    Metadata(Vec<u8>),
    /// What went wrong, in words.
    Text(String),
}

impl Answer {
    /// What is asked, answered.
    pub(crate) fn decision(body: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self::ok(Content::Decision(bytes(body)?)))
    }

    /// What a decision point says of itself.
    pub(crate) fn metadata(body: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self::ok(Content::Metadata(bytes(body)?)))
    }

    fn ok(content: Content) -> Self {
        Self { status: StatusCode::OK, challenge: None, content }
    }
}

fn bytes(body: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(body).map_err(Failure::Unwritten)
}

pub(crate) fn render(answer: Answer, trace: HeaderValue, method: &Method) -> Response {
    let Answer { status, challenge, content } = answer;
    let (kind, kept, body) = match content {
        Content::Decision(body) => ("application/json", "no-store", body),
        Content::Metadata(body) => ("application/json", "max-age=300", body),
        Content::Text(text) => ("text/plain; charset=utf-8", "no-store", text.into_bytes()),
    };
    let body = if method == Method::HEAD { Vec::new() } else { body };
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    let (safe, always) = (header::X_CONTENT_TYPE_OPTIONS, header::STRICT_TRANSPORT_SECURITY);
    headers.insert(safe, HeaderValue::from_static("nosniff"));
    headers.insert(always, HeaderValue::from_static("max-age=31536000"));
    headers.insert(REQUEST_ID, trace);
    let challenge = challenge.and_then(|it| HeaderValue::from_str(&it).ok());
    headers.extend(challenge.map(|it| (header::WWW_AUTHENTICATE, it)));
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
