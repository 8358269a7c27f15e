//! ARM over HTTP: translates requests and responses, decides nothing.
//!
//! Knows no routes and no operations; one fallback handler hands everything to [`arm`], since a
//! scope may have any length and ids ignore case. Start with [`routes`].

mod rate;
mod request;
mod response;

use std::sync::Arc;

use arm::{failure::Failure, front_door, request::NoCaller};
use axum::{
    Router,
    extract::{Request, State},
    response::Response,
};
use jiff::Timestamp;
use model::event::Caller;
use operations::plane::Plane;

pub use rate::{Enforcement, Rates};

/// Tells who a bearer token speaks for.
pub trait Bearers: Send + Sync {
    /// The caller of a token that is good for ARM at that time.
    fn caller(&self, token: &str, now: Timestamp) -> Result<Caller, NoCaller>;
}

/// What the ARM surface works on.
#[derive(Clone)]
pub struct Surface {
    pub plane: Arc<Plane>,
    pub bearers: Arc<dyn Bearers>,
    pub rates: Arc<Rates>,
}

/// The whole ARM surface, to be mounted at the root of its origin.
pub fn routes(surface: Surface) -> Router {
    Router::new().fallback(answer).with_state(surface)
}

async fn answer(State(surface): State<Surface>, request: Request) -> Response {
    let Surface { plane, bearers, rates } = &surface;
    let (head, body) = request.into_parts();
    let now = plane.clock.now();
    let trace = request::trace(&head, &*plane.random);
    let translated = request::translate(&head, &trace, &**bearers, now);
    let request = match translated {
        Ok(request) => request,
        Err(failure) => return response::refuse(failure, &trace, now, plane),
    };
    let spent = rates.spend(&request, now);
    let answered = match spent.refused {
        Some(wait) => Err(Failure::Throttled { seconds: wait }),
        None => Ok(front_door::answer(plane, request, request::body(&head, body)).await),
    };
    match answered {
        Ok(answer) => response::render(answer, &trace, &spent, now),
        Err(failure) => response::refuse(failure, &trace, now, plane),
    }
}

#[cfg(test)]
mod tests;
