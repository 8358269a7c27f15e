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

use crate::answer;

/// What the cloud is called. Not one of Azure's own names: clients treat those specially.
const NAME: &str = "Fyr";

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
        Some("2019-05-01") => json!([cloud(&origins)]),
        // Later versions ask for what the newest known one says.
        Some(_) => cloud(&origins),
        None => return no_version(),
    };
    answer::json(StatusCode::OK, &body)
}

fn no_version() -> Response {
    let message = "The api-version query parameter (?api-version=) is required for all requests.";
    let error = json!({ "code": "MissingApiVersionParameter", "message": message });
    answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error }))
}

/// ARM's audiences: `az` takes the first, and writes `/.default` behind it.
fn audiences(origins: &Origins) -> Value {
    json!([format!("{}/", origins.arm), origins.arm])
}

/// What `az cloud register` and Terraform read. What Fyr has no service for has a name that
/// leads nowhere, so that no client strays into somebody's real cloud.
fn cloud(origins: &Origins) -> Value {
    json!({
        "name": NAME,
        "portal": origins.portal,
        "authentication": {
            "loginEndpoint": origins.login,
            "audiences": audiences(origins),
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "resourceManager": origins.arm,
        "microsoftGraphResourceId": origins.graph,
        "graph": origins.graph,
        "graphAudience": origins.graph,
        "media": nowhere("media"),
        "batch": nowhere("batch"),
        "gallery": nowhere("gallery"),
        "sqlManagement": nowhere("sql-management"),
        "activeDirectoryDataLake": nowhere("datalake"),
        "vmImageAliasDoc": nowhere("images"),
        "appInsightsResourceId": nowhere("appinsights"),
        "appInsightsTelemetryChannelResourceId": nowhere("appinsights-telemetry"),
        "appServiceResourceId": nowhere("appservice"),
        "attestationResourceId": nowhere("attest"),
        "logAnalyticsResourceId": nowhere("loganalytics"),
        "ossrdbmsResourceId": nowhere("ossrdbms"),
        "synapseAnalyticsResourceId": nowhere("synapse"),
        "suffixes": {
            "acrLoginServer": "azurecr.fyr.invalid",
            "attestationEndpoint": "attest.fyr.invalid",
            "azureDataLakeAnalyticsCatalogAndJob": "datalakeanalytics.fyr.invalid",
            "azureDataLakeStoreFileSystem": "datalakestore.fyr.invalid",
            "keyVaultDns": "vault.fyr.invalid",
            "mariadbServerEndpoint": "mariadb.fyr.invalid",
            "mhsmDns": "managedhsm.fyr.invalid",
            "mysqlServerEndpoint": "mysql.fyr.invalid",
            "postgresqlServerEndpoint": "postgres.fyr.invalid",
            "sqlServerHostname": "database.fyr.invalid",
            "storage": "core.fyr.invalid",
            "storageSyncEndpointSuffix": "afs.fyr.invalid",
            "synapseAnalytics": "dev.synapse.fyr.invalid",
        },
    })
}

fn nowhere(service: &str) -> String {
    format!("https://{service}.fyr.invalid/")
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
            "audiences": audiences(origins),
        },
    })
}
