//! Why a page is not shown, or a form not taken.

use arm::failure::Failure;
use axum::http::StatusCode;
use operations::{error::Error, sign_in};

/// Every way a request to the portal can end without what it asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("There is no such page.")]
    Nothing,
    #[error("This page takes no such request.")]
    WrongMethod,
    #[error("Sign in to see this page.")]
    SignedOut,
    #[error(
        "This form was not opened in this browser, or was opened before you signed in. Nothing was changed: open the page again."
    )]
    NotOpenedHere,
    #[error("This sign-in was not begun in this browser, or long ago.")]
    NotBegunHere,
    #[error("Nobody signed in.")]
    SignInCancelled,
    #[error(
        "Too many look around at once without having signed in. Sign in, or come back in a moment."
    )]
    Busy,
    #[error("You search faster than this server finds. Come back in a moment.")]
    Searching,
    #[error("What was sent cannot be read: {0}.")]
    Garbled(&'static str),
    #[error("What was sent is longer than the {0} bytes that this form takes.")]
    TooLarge(usize),
    /// What the API would answer, in its own words.
    #[error("{0}")]
    Refused(Failure),
    #[error("The page could not be put together.")]
    Template(#[from] askama::Error),
    #[error(transparent)]
    SignIn(#[from] sign_in::Error),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Refused(error.into())
    }
}

/// A refusal as it is told: the status, the API's code, and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) heading: &'static str,
    pub(crate) code: String,
    pub(crate) words: String,
    pub(crate) details: Vec<String>,
}

impl Trouble {
    /// What broke inside is for the log, never for the page.
    pub(crate) fn told(&self) -> Told {
        let (status, code) = match self {
            Self::Nothing => (404, ""),
            Self::WrongMethod => (405, ""),
            Self::SignedOut => (401, ""),
            Self::NotOpenedHere | Self::NotBegunHere => (403, ""),
            Self::SignInCancelled | Self::Garbled(_) | Self::SignIn(sign_in::Error::Refused(_)) => {
                (400, "")
            }
            Self::Busy | Self::Searching => (429, ""),
            Self::TooLarge(_) => (413, ""),
            Self::Refused(failure) => failure.verdict(),
            Self::Template(_) => (500, ""),
            Self::SignIn(
                sign_in::Error::Store(_) | sign_in::Error::Key(_) | sign_in::Error::Thread,
            ) => (503, ""),
        };
        let broken = status >= 500;
        if broken {
            tracing::error!(error = ?self, "a page could not be shown");
        }
        let (words, details) = if broken {
            ("Something went wrong here. Please try again.".to_owned(), Vec::new())
        } else if let Self::Refused(failure) = self {
            (failure.message(), failure.beside())
        } else {
            (self.to_string(), Vec::new())
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let heading = match status.as_u16() {
            401 => "Sign in first",
            403 => "You may not do this",
            404 => "Nothing is here",
            409 => "This stands in the way of something",
            429 => "Too much at once",
            500.. => "This did not work",
            _ => "This cannot be done",
        };
        Told { status, heading, code: code.to_owned(), words, details }
    }
}
