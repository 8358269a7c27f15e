//! What a person sees who may not have what they asked for.

use askama::Template;
use axum::http::StatusCode;

use crate::{
    answer::Answer,
    ask::Ask,
    frame::Frame,
    trouble::{Told, Trouble},
};

#[derive(Template)]
#[template(path = "trouble.html")]
struct View {
    frame: Frame,
    told: Told,
    /// By which the server's log finds it.
    correlation: String,
    /// Where to go on.
    next: (String, &'static str),
}

/// The page of a refusal. Where even that cannot be put together, a bare sentence.
pub(crate) async fn page(ask: &Ask, trouble: &Trouble) -> Answer {
    let told = trouble.told();
    let frame = match ask.frame(told.heading).await {
        Ok(frame) => frame,
        Err(_) => ask.bare(told.heading),
    };
    let next = match trouble {
        Trouble::NotOpenedHere | Trouble::SignedOut => (ask.here.clone(), "Open the page again"),
        Trouble::NotBegunHere | Trouble::SignInCancelled => ("/sign-in".to_owned(), "Sign in"),
        Trouble::Nothing
        | Trouble::WrongMethod
        | Trouble::Busy
        | Trouble::Searching
        | Trouble::Garbled(_)
        | Trouble::TooLarge(_)
        | Trouble::Refused(_)
        | Trouble::Template(_)
        | Trouble::SignIn(_) => ("/".to_owned(), "Go to the overview"),
    };
    let status = told.status;
    let view = View { frame, told, correlation: ask.correlation.to_string(), next };
    Answer::with(status, &view).unwrap_or_else(|_| {
        let words = "<!doctype html><title>Fyr</title><p>Something went wrong here.".to_owned();
        Answer::Page(StatusCode::INTERNAL_SERVER_ERROR, words)
    })
}
