//! The marketplace over HTTP: what publishers write (the Product Ingestion API's shape), their
//! accounts, and the storefront's catalog.
//!
//! Translates HTTP, calls one operation, renders. Knows no rule of offers and no store. Mounted at
//! Graph's origin, below paths of its own; tokens are Graph's. Start with [`routes`]; the table of
//! what is served is in `table`, the order of checks in `front_door`, statuses and codes in
//! `failure`.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use identity::resource::Api;
use operations::{market::Operations, sign_in::SignIn};

mod answer;
mod failure;
mod front_door;
mod handlers;
mod request;
mod route;
pub mod table;
mod visitors;

/// What the surface works on.
#[derive(Clone)]
pub struct Surface {
    pub sign_in: Arc<SignIn>,
    /// Every action that is known, which what a manifest gives is asked of.
    pub operations: Operations,
}

/// The whole surface. It answers below its own paths only, and leaves others to what it is merged
/// with.
pub fn routes(surface: Surface) -> Router {
    let below = ["/rp/product-ingestion", "/market", "/catalog", "/policies"];
    let mounted = below.into_iter().fold(Router::new(), |router, path| {
        router.route(&format!("{path}/{{*rest}}"), any(answer))
    });
    mounted.with_state(surface)
}

async fn answer(State(surface): State<Surface>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let plane = surface.sign_in.plane();
    let (trace, now) = (request::trace(&head, &*plane.random), plane.clock.now());
    let verifier = surface.sign_in.verifier(Api::Graph);
    let answer = match request::translate(&head, &trace, &verifier, now) {
        Ok(request) => front_door::answer(&surface, request, &head, body).await,
        Err(failure) => failure.into_answer(plane, &trace),
    };
    answer::render(answer, &trace, &head.method)
}
