//! What goes back.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use serde_json::Value;

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
    Html(String),
    /// A table to be saved, and under which name.
    Csv(&'static str, String),
    Png(Vec<u8>),
}

impl Answer {
    pub(crate) fn new(status: u16, content: Content) -> Self {
        Self { status, headers: Vec::new(), content }
    }

    /// Done, and nothing to say.
    pub(crate) fn done() -> Self {
        Self::new(204, Content::Nothing)
    }

    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self::new(status, Content::Json(body))
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What is shown loads nothing and runs nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

pub(crate) fn render(answer: Answer, trace: &Trace, method: &Method) -> Response {
    let Answer { status, headers, content } = answer;
    let file = if let Content::Csv(name, _) = &content { Some(*name) } else { None };
    let (kind, bytes) = match content {
        Content::Nothing => (None, Vec::new()),
        Content::Json(body) => {
            (Some("application/json; charset=utf-8"), body.to_string().into_bytes())
        }
        Content::Html(text) => (Some("text/html; charset=utf-8"), text.into_bytes()),
        Content::Csv(_, text) => (Some("text/csv; charset=utf-8"), text.into_bytes()),
        Content::Png(bytes) => (Some("image/png"), bytes),
    };
    let bytes = if method == Method::HEAD { Vec::new() } else { bytes };
    let mut response = Response::new(Body::from(bytes));
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
    if let Some(name) = file {
        put(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
    }
    put(header::CACHE_CONTROL, "no-cache");
    put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    let request = trace.request.to_string();
    let client = trace.client_request.clone().unwrap_or_else(|| request.clone());
    put(HeaderName::from_static("request-id"), &request);
    put(HeaderName::from_static("client-request-id"), &client);
    for (name, value) in headers {
        put(HeaderName::from_static(name), &value);
    }
    response
}
