//! What clients ask before they sign in: where the endpoints are, which keys count, whether an
//! account has a password.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use identity::account::Directory;
use model::directory::SigningKey;
use serde_json::{Value, json};

use crate::{
    Surface,
    answer::{self, Failure},
    cross_origin::public,
    request,
};

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`.
pub(crate) async fn configuration(
    State(surface): State<Surface>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    let (head, _) = request.into_parts();
    let plane = surface.sign_in.plane();
    match surface.sign_in.directory(&tenant).await {
        Ok(directory) => {
            let body = described(&plane.origins.login, directory, &tenant);
            public(answer::json(StatusCode::OK, &body))
        }
        Err(error) => {
            public(Failure::from(error).render(plane, request::correlation(&head, plane)))
        }
    }
}

/// `az` finds a domain's tenant by the fourth part of the issuer; where no tenant is named,
/// Entra writes `{tenantid}` there, and so do we.
fn described(login: &str, directory: Directory, asked: &str) -> Value {
    let (tenant, issued_by) = match directory {
        Directory::Tenant(tenant) => (tenant.to_string(), tenant.to_string()),
        Directory::Home => (asked.to_ascii_lowercase(), "{tenantid}".to_owned()),
    };
    let endpoint = |path: &str| format!("{login}/{tenant}/{path}");
    json!({
        "token_endpoint": endpoint("oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": [
            "client_secret_post", "private_key_jwt", "client_secret_basic",
        ],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256"],
        "jwks_uri": endpoint("discovery/v2.0/keys"),
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": format!("{login}/{issued_by}/v2.0"),
        "request_uri_parameter_supported": false,
        "authorization_endpoint": endpoint("oauth2/v2.0/authorize"),
        "end_session_endpoint": endpoint("oauth2/v2.0/logout"),
        "device_authorization_endpoint": endpoint("oauth2/v2.0/devicecode"),
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nbf", "auth_time", "amr", "nonce", "preferred_username", "name",
            "tid", "oid", "ver",
        ],
    })
}

/// `GET /{tenant}/discovery/v2.0/keys`: one set for all tenants.
pub(crate) async fn keys(State(surface): State<Surface>) -> Response {
    let keys = surface.sign_in.published_keys();
    let keys = json!({ "keys": keys.iter().map(key).collect::<Vec<_>>() });
    public(answer::json(StatusCode::OK, &keys))
}

fn key(key: &SigningKey) -> Value {
    let SigningKey { id, modulus, exponent, .. } = key;
    json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": modulus, "e": exponent })
}

/// `GET /common/discovery/instance`: Fyr is a cloud of its own.
pub(crate) async fn instance(State(surface): State<Surface>) -> Response {
    let login = &surface.sign_in.plane().origins.login;
    let host = login.rsplit('/').next().unwrap_or_default();
    let body = json!({
        "tenant_discovery_endpoint": format!("{login}/common/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
    });
    public(answer::json(StatusCode::OK, &body))
}

/// `GET /common/userrealm/{user}`: everyone signs in with a password, whoever that is. Who
/// exists is not told.
pub(crate) async fn realm(Path(user): Path<String>) -> Response {
    let domain = user.rsplit('@').next().unwrap_or_default();
    let body = json!({
        "ver": "1.0",
        "account_type": "Managed",
        "domain_name": domain,
        "cloud_instance_name": "localhost",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    });
    answer::json(StatusCode::OK, &body)
}
