//! Decisions for enforcement points, over HTTP: the `OpenID` `AuthZEN` Authorization API 1.0
//! (<https://openid.net/specs/authorization-api-1_0.html>).
//!
//! Translates HTTP, calls one operation, renders. Knows no rule of access and no store. Mounted at
//! ARM's origin, with tokens of an audience of its own. Start with [`routes`]; what is served
//! where is in [`endpoint`], the order of checks in `front_door`, statuses in `failure`.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use identity::{resource::Api, verifier::Verifier};
use operations::{decisions::known::Known, sign_in::SignIn};

mod answer;
pub mod endpoint;
mod evaluate;
mod failure;
mod front_door;
mod request;
mod search;

/// What the surface works on.
#[derive(Clone)]
pub struct Surface {
    pub sign_in: Arc<SignIn>,
    /// The operations that are known.
    pub known: Arc<Known>,
}

/// What each request is answered with.
#[derive(Clone)]
struct House {
    surface: Surface,
    verifier: Arc<Verifier>,
}

/// The whole surface. It answers at its own paths only, and leaves others to what it is merged
/// with.
pub fn routes(surface: Surface) -> Router {
    let verifier = surface.sign_in.verifier(Api::Decision);
    let paths = [
        "/access/v1/{*rest}",
        "/beneath/{*rest}",
        "/.well-known/authzen-configuration",
        "/.well-known/authzen-configuration/{*rest}",
    ];
    let mounted = paths.into_iter().fold(Router::new(), |it, path| it.route(path, any(answer)));
    mounted.with_state(House { surface, verifier })
}

async fn answer(State(house): State<House>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let plane = house.surface.sign_in.plane();
    let trace = request::trace(&head, &*plane.random);
    let outcome = front_door::answer(&house, &head, body).await;
    let answer = outcome.unwrap_or_else(|failure| failure.into_answer(plane, &trace));
    answer::render(answer, trace, &head.method)
}
