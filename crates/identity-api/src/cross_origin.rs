//! What a page's script at another origin may read (the Fetch standard's CORS protocol). Never
//! with credentials: nothing here hears of cookies but the pages that people see.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use ids::guid::AppId;
use operations::sign_in::Error;

use crate::Surface;

/// What MSAL may send beside a form.
const HEADERS: &str = "content-type, client-request-id, x-anchormailbox, x-client-current-telemetry, x-client-last-telemetry, x-client-os, x-client-sku, x-client-ver, x-ms-lib-capability";
/// How long a browser need not ask again, in seconds.
const REMEMBERED: &str = "600";

/// Lets any page read what anybody may.
pub(crate) fn public(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// Lets a page read what its own application is answered at that tenant, be it an error.
pub(crate) async fn own(
    surface: &Surface,
    (tenant, asked): (&str, &HeaderMap),
    app: Option<AppId>,
    mut response: Response,
) -> Response {
    let Some(origin) = asked.get(header::ORIGIN) else { return response };
    match of(surface, (tenant, origin), app).await {
        Ok(true) => {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        }
        Ok(false) => {}
        Err(error) => tracing::error!(?error, "an application's pages cannot be looked up"),
    }
    response
}

async fn of(
    surface: &Surface,
    (tenant, origin): (&str, &HeaderValue),
    app: Option<AppId>,
) -> Result<bool, Error> {
    let (Ok(origin), Some(app)) = (origin.to_str(), app) else { return Ok(false) };
    match surface.sign_in.directory(tenant).await {
        Ok(directory) => surface.sign_in.has_page(app, directory, origin).await,
        Err(Error::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// `OPTIONS`: whether a page may ask at all. Whose it is, only the request itself will say, and a
/// plain form could be sent without this question.
pub(crate) async fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let named: [(HeaderName, &'static str); 4] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ];
    for (name, value) in named {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
