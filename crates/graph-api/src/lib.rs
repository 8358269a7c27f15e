//! Microsoft Graph v1.0 over HTTP: a tenant's directory, as `az ad` and the Graph SDKs use it.
//!
//! Translates HTTP, calls one operation, renders. Knows no rule of directories and no store. One
//! fallback handler takes every path apart itself, since keys stand in parentheses as well as
//! between slashes. Start with [`routes`]; the table of what is served is in `table`, the order
//! of checks in `front_door`, statuses and codes in `failure`.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
};
use identity::resource::Api;
use operations::sign_in::SignIn;

mod answer;
mod batch;
mod budget;
mod failure;
mod front_door;
mod handlers;
mod list;
mod path;
mod request;
mod route;
pub mod table;

/// What the surface works on.
#[derive(Clone)]
pub struct Surface {
    pub sign_in: Arc<SignIn>,
}

/// The whole surface, to be mounted at the root of its origin.
pub fn routes(surface: Surface) -> Router {
    Router::new().fallback(answer).with_state(surface)
}

async fn answer(State(surface): State<Surface>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let plane = surface.sign_in.plane();
    let (trace, now) = (request::trace(&head, &*plane.random), plane.clock.now());
    let verifier = surface.sign_in.verifier(Api::Graph);
    let answer = match request::translate(&head, &trace, &verifier, now) {
        Ok(request) => {
            let body = request::body(&head, body);
            front_door::answer(&surface.sign_in, request, body).await
        }
        Err(failure) => failure.into_answer(plane, &trace),
    };
    answer::render(answer, &trace, &head.method)
}
