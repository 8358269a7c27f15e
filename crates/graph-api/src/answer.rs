//! What goes back.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use serde_json::Value;
use wire::graph::View;

use crate::request::Trace;

/// An answer before it is HTTP.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content: Content,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Nothing,
    Json(Value),
    /// A bare number.
    Text(String),
}

const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

impl Answer {
    pub(crate) fn new(status: u16, content: Content) -> Self {
        Self { status, headers: Vec::new(), content }
    }

    /// Done, and nothing to say.
    pub(crate) fn done() -> Self {
        Self::new(204, Content::Nothing)
    }

    /// A thing, or a list.
    pub(crate) fn ok(body: Value) -> Self {
        Self::new(200, Content::Json(body))
    }

    /// A thing with what it is, in front.
    pub(crate) fn entity(status: u16, context: String, view: View) -> Self {
        let context = ("@odata.context".to_owned(), Value::String(context));
        let body = std::iter::once(context).chain(view).collect();
        Self::new(status, Content::Json(Value::Object(body)))
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

pub(crate) fn render(answer: Answer, trace: &Trace, method: &Method) -> Response {
    let Answer { status, headers, content } = answer;
    let (kind, text) = match content {
        Content::Nothing => (None, String::new()),
        Content::Json(body) => (Some(JSON), body.to_string()),
        Content::Text(text) => (Some("text/plain"), text),
    };
    let text = if method == Method::HEAD { String::new() } else { text };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    if let Some(kind) = kind {
        put(header::CONTENT_TYPE, kind);
    }
    put(header::CACHE_CONTROL, "no-cache");
    put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    let request = trace.request.to_string();
    let client = trace.client_request.clone().unwrap_or_else(|| request.clone());
    put(HeaderName::from_static("request-id"), &request);
    put(HeaderName::from_static("client-request-id"), &client);
    put(HeaderName::from_static("odata-version"), "4.0");
    for (name, value) in headers {
        put(HeaderName::from_static(name), &value);
    }
    response
}
