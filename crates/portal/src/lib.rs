//! The portal: pages for whoever publishes, buys, delegates and oversees.
//!
//! Rendered by the server, useful without script. Every page and every form does what an API
//! request of the same person would do, through the same front door (`Ask::arm`) or the
//! same question (`Ask::market`), and gets the same refusals; the portal decides nothing
//! and stores nothing but who is signed in, and a form that they left to sign in with more. Start
//! with [`routes`]; what is served is in `table`, the order of checks in `front_door`, what stands
//! around a page in `frame`.

#![expect(
    clippy::needless_pass_by_value,
    reason = "requests are given away to what serves them, and links to what shows them"
)]

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
};
use operations::sign_in::SignIn;

mod agreements;
mod answer;
mod ask;
mod assets;
mod directory;
mod fields;
mod frame;
mod front_door;
mod log;
mod own;
mod pages;
mod paging;
mod permissions;
mod sessions;
mod table;
mod trouble;
mod visitors;
mod words;

pub use sessions::Sessions;
pub use table::{Served, Who, served};

/// What the portal works on.
#[derive(Clone)]
pub struct Surface {
    pub sign_in: Arc<SignIn>,
    /// Every action that is known, which what a manifest gives is asked of.
    pub operations: operations::market::Operations,
    pub sessions: Arc<Sessions>,
}

/// The whole portal, to be mounted at the root of an origin of its own.
pub fn routes(surface: Surface) -> Router {
    Router::new().fallback(answer).with_state(surface)
}

async fn answer(State(surface): State<Surface>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    front_door::answer(surface, head, body).await
}
