//! Every way a request fails, with its status: the one table. A no is no failure.

use axum::http::{HeaderValue, StatusCode};
use operations::{error::Error, plane::Plane};
use store::error::StoreError;
use wire::authzen::BadRequest;

use crate::answer::{Answer, Content};

/// Why a request speaks for nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCaller {
    #[error(
        "no access token came with the request; sign in, and send it as `Authorization: Bearer`"
    )]
    Missing,
    #[error("the access token is for another service; ask for one of the decisions' own")]
    Audience,
    #[error("the access token has expired")]
    Expired,
    #[error("the access token is not valid")]
    Invalid,
    #[error("the account of the access token is disabled or no longer exists")]
    Gone,
}

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    NoCaller(#[from] NoCaller),
    #[error("nothing is served at this path")]
    Nothing,
    #[error("questions are posted, and what a decision point says of itself is read")]
    WrongMethod,
    #[error("the body's content type must be `application/json`")]
    ContentType,
    #[error("the body must not be compressed")]
    Encoded,
    #[error("the body is too large")]
    TooLarge,
    #[error(transparent)]
    Body(#[from] BadRequest),
    #[error("`page.token` is not one that this search gave to this caller; begin it anew")]
    Continuation,
    #[error("the caller may not ask about others there")]
    NoLeave,
    #[error("an answer could not be written down")]
    Unwritten(#[source] serde_json::Error),
    #[error(transparent)]
    Operation(#[from] Error),
}

/// What is told of an answer that is not the client's fault.
const SORRY: &str = "the decision point could not answer; whatever is asked stays closed";

impl Failure {
    /// The status, of those that `AuthZEN` names, and of HTTP's for what is no question.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NoCaller(_) => StatusCode::UNAUTHORIZED,
            Self::Nothing => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::ContentType
            | Self::Encoded
            | Self::TooLarge
            | Self::Body(_)
            | Self::Continuation => StatusCode::BAD_REQUEST,
            Self::NoLeave => StatusCode::FORBIDDEN,
            Self::Unwritten(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Operation(error) => operation(error),
        }
    }

    /// The answer. What broke inside is for the log, never for the client, and a refusal says
    /// nothing of what there is.
    pub(crate) fn into_answer(self, plane: &Plane, trace: &HeaderValue) -> Answer {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = ?self, request = ?trace, "a question could not be answered");
        } else {
            tracing::debug!(%status, reason = %self, request = ?trace, "refused");
        }
        let text = match (&self, status) {
            (_, StatusCode::INTERNAL_SERVER_ERROR) => SORRY.to_owned(),
            (_, StatusCode::FORBIDDEN) => Self::NoLeave.to_string(),
            _ => self.to_string(),
        };
        let challenge = (status == StatusCode::UNAUTHORIZED).then(|| challenge(plane));
        Answer { status, challenge, content: Content::Text(text) }
    }
}

/// Where to sign in, and for what: no tenant is named.
fn challenge(plane: &Plane) -> String {
    let (login, arm) = (&plane.origins.login, &plane.origins.arm);
    format!(
        "Bearer realm=\"\", authorization_uri=\"{login}/common/oauth2/v2.0/authorize\", resource_id=\"{arm}/access\", error=\"invalid_token\""
    )
}

fn operation(error: &Error) -> StatusCode {
    match error {
        Error::Denied(_) | Error::Linked { .. } => StatusCode::FORBIDDEN,
        Error::Store(error) => store(error),
        // ARM's, Graph's and the marketplace's; no question ends so.
        Error::Directory(_)
        | Error::Hashing
        | Error::Policy(_)
        | Error::Disallowed(_)
        | Error::Foreseen(_)
        | Error::Delegation(_)
        | Error::Deployment(_)
        | Error::Group(_)
        | Error::Partner(_)
        | Error::Resource(_)
        | Error::Move(_)
        | Error::ManagementGroup(_)
        | Error::NotRegistered(_)
        | Error::NoSubscription(_)
        | Error::Role(_)
        | Error::Lock(_)
        | Error::Tags(_)
        | Error::Activity(_)
        | Error::Market(_)
        | Error::Activation(_)
        | Error::Question(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn store(error: &StoreError) -> StatusCode {
    match error {
        StoreError::Denied(_) => StatusCode::FORBIDDEN,
        StoreError::Conflict
        | StoreError::Overgrown(_)
        | StoreError::TooMany
        | StoreError::Unavailable(_)
        | StoreError::Corrupt(_)
        | StoreError::UnknownOutcome { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
