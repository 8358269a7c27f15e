//! ARM over HTTP: translates requests and responses, decides nothing.
//!
//! Knows no routes and no operations; one fallback handler hands everything to [`arm`], since a
//! scope may have any length and ids ignore case. Start with [`routes`].

mod log;
mod rate;
mod request;
mod response;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use arm::{
    failure::Failure,
    front_door,
    request::{ArmResponse, NoCaller},
};
use axum::{
    Router,
    body::{Body, HttpBody},
    extract::{Request, State},
    http::{HeaderValue, Version, header::CONNECTION, request::Parts},
    response::Response,
};
use jiff::Timestamp;
use model::event::Caller;
use operations::plane::Plane;
use tracing::Instrument;

use crate::{rate::Spent, request::Trace};

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
    let plane = &surface.plane;
    let (head, body) = request.into_parts();
    let arrived = plane.clock.now();
    let trace = request::trace(&head, &*plane.random);
    let span = log::span(&trace);
    let unread = AtomicBool::new(!body.is_end_stream());
    let answering = async {
        let (answer, spent) = respond(&surface, &head, body, &unread, &trace, arrived).await;
        let (method, path) = (head.method.as_str(), head.uri.path());
        log::Told { method, path, arrived, now: plane.clock.now() }.tell(&answer);
        let mut rendered = response::render(answer, &trace, &spent, arrived);
        // What nobody read is in the way of the next request, and the client is told so.
        if unread.load(Ordering::Relaxed) && head.version < Version::HTTP_2 {
            rendered.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        rendered
    };
    answering.instrument(span).await
}

async fn respond(
    surface: &Surface,
    head: &Parts,
    body: Body,
    unread: &AtomicBool,
    trace: &Trace,
    now: Timestamp,
) -> (ArmResponse, Spent) {
    let Surface { plane, bearers, rates } = surface;
    let request = match request::translate(head, trace, &**bearers, now) {
        Ok(request) => request,
        Err(failure) => return (response::refused(failure, plane), Spent::default()),
    };
    log::asked(&request);
    let spent = rates.spend(&request, now);
    let body = async {
        let read = request::body(head, body).await;
        unread.store(read.is_err(), Ordering::Relaxed);
        read
    };
    let answer = match spent.refused {
        Some(seconds) => response::refused(Failure::Throttled { seconds }, plane),
        None => front_door::answer(plane, request, body).await,
    };
    (answer, spent)
}

#[cfg(test)]
mod tests;
