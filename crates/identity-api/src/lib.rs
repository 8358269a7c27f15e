//! The sign-in endpoints, in the shape of Microsoft Entra ID, and the metadata that clients
//! learn the whole cloud from.
//!
//! Translates HTTP, calls one operation, renders. Knows no rule of signing in and no store.
//! Start with [`routes`]. Our absolute URLs come from the plane's origins, never from the
//! request.

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use operations::sign_in::SignIn;

use crate::cross_origin::preflight;

mod answer;
mod authorize;
mod cross_origin;
mod device_page;
mod discovery;
mod logout;
mod metadata;
mod page;
mod picture;
mod request;
mod second_page;
mod sign_in_page;
mod token;

pub use metadata::metadata;

/// What the sign-in endpoints work on.
#[derive(Clone)]
pub struct Surface {
    pub sign_in: Arc<SignIn>,
}

/// The sign-in endpoints, to be mounted at the root of their origin. What they do not know is
/// left to the router's fallback.
pub fn routes(surface: Surface) -> Router {
    Router::new()
        .route(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            get(discovery::configuration).options(preflight),
        )
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys).options(preflight))
        .route("/common/discovery/instance", get(discovery::instance).options(preflight))
        .route("/{tenant}/oauth2/v2.0/authorize", get(authorize::asked).post(authorize::posted))
        .route("/{tenant}/login", post(authorize::entered))
        .route("/{tenant}/oauth2/v2.0/logout", get(logout::asked).post(logout::posted))
        .route("/{tenant}/oauth2/v2.0/token", post(token::token).options(preflight))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(token::device_code))
        .route("/common/oauth2/deviceauth", get(device_page::form).post(device_page::answer))
        .route(second_page::PATH, get(second_page::form).post(second_page::answer))
        .with_state(surface)
        .merge(realm())
}

/// The one request that MSAL for Python sends to port 443, having lost the port of the
/// authority: whether an account signs in with a password here (`contracts`: clients, gotcha 3).
pub fn realm() -> Router {
    Router::new().route("/common/userrealm/{user}", get(discovery::realm))
}
