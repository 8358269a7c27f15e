//! Where clients learn the whole cloud from: `GET /metadata/endpoints`, in the shapes that `az`,
//! Terraform and the PowerShell modules ask for (`contracts`: clients, metadata JSON).

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use identity::form::Form;
use operations::plane::Origins;
use serde_json::{Value, json};
use wire::cloud::{Cloud, NAME, nowhere};

use crate::answer;

/// The metadata, to be mounted at the root of ARM's origin. Needs no token.
pub fn metadata(origins: Origins) -> Router {
    // A slash too many in front is what `az cloud register` makes of an endpoint that ends in one.
    Router::new()
        .route("/metadata/endpoints", get(endpoints))
        .route("//metadata/endpoints", get(endpoints))
        .with_state(Arc::new(origins))
}

async fn endpoints(State(origins): State<Arc<Origins>>, request: Request) -> Response {
    let query = Form::parse(request.uri().query().unwrap_or_default().as_bytes());
    let version = query.ok().and_then(|it| it.get("api-version").map(str::to_owned));
    let body = match version.as_deref() {
        Some("2015-01-01" | "1.0") => first_shape(&origins),
        Some("2018-01-01") => locations(&origins),
        Some("2019-05-01") => json!([cloud(&origins).metadata()]),
        // Later versions ask for what the newest known one says.
        Some(_) => cloud(&origins).metadata(),
        None => return no_version(),
    };
    answer::json(StatusCode::OK, &body)
}

fn no_version() -> Response {
    let message = "The api-version query parameter (?api-version=) is required for all requests.";
    let error = json!({ "code": "MissingApiVersionParameter", "message": message });
    answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error }))
}

fn cloud(origins: &Origins) -> Cloud<'_> {
    let Origins { arm, login, graph, portal } = origins;
    Cloud { arm, login, graph, portal }
}

/// What Terraform's cache of locations reads.
fn locations(origins: &Origins) -> Value {
    let host = origins.arm.rsplit('/').next().unwrap_or_default();
    let locations = ["eastus", "westeurope", "northeurope"];
    json!({ "cloudEndpoint": { NAME: { "endpoint": host, "locations": locations } } })
}

/// What `Add-AzEnvironment` reads.
fn first_shape(origins: &Origins) -> Value {
    json!({
        "galleryEndpoint": nowhere("gallery"),
        "graphEndpoint": origins.graph,
        "portalEndpoint": origins.portal,
        "authentication": {
            "loginEndpoint": origins.login,
            "audiences": cloud(origins).audiences(),
        },
    })
}
