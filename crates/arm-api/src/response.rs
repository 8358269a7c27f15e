//! From an [`ArmResponse`] to HTTP, with the headers that every answer of ARM's has (ARM
//! contract, §1.3).

use arm::{
    failure::{Challenge, Failure},
    request::ArmResponse,
};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use jiff::Timestamp;
use operations::plane::Plane;

use crate::{rate::Spent, request::Trace};

/// The region that Fyr calls itself in `x-ms-routing-request-id`.
const REGION: &str = "FYR";

/// A refusal before the front door was reached.
pub(crate) fn refused(failure: Failure, plane: &Plane) -> ArmResponse {
    let challenge = Challenge { authority: format!("{}/common", plane.origins.login) };
    failure.into_response(&challenge)
}

pub(crate) fn render(
    answer: ArmResponse,
    trace: &Trace,
    spent: &Spent,
    now: Timestamp,
) -> Response {
    let ArmResponse { status, headers, body } = answer;
    let body = body.filter(|_| !trace.head).map(|body| body.to_string());
    let has_body = body.is_some();
    let mut response = Response::new(body.map_or_else(Body::empty, Body::from));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    if has_body {
        put(header::CONTENT_TYPE, "application/json; charset=utf-8");
    }
    put(header::CACHE_CONTROL, "no-cache");
    put(header::PRAGMA, "no-cache");
    put(header::EXPIRES, "-1");
    put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    let mut own = |name: &'static str, value: &str| put(HeaderName::from_static(name), value);
    own("x-ms-request-id", &trace.request.to_string());
    own("x-ms-correlation-request-id", &trace.correlation.to_string());
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    own("x-ms-routing-request-id", &format!("{REGION}:{stamp}:{}", trace.request));
    if let (true, Some(id)) = (trace.echo, &trace.client_request) {
        own("x-ms-client-request-id", id);
    }
    for (name, left) in &spent.remaining {
        own(name, &left.to_string());
    }
    for (name, value) in headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            put(name, &value);
        }
    }
    response
}
