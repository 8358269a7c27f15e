//! Every way a request fails, with its status and code: the one table.

use model::market::submission::FindingNote;
use operations::{
    error::Error,
    market::{Refused, submissions::decide::notes},
    plane::Plane,
};
use serde_json::json;
use store::error::StoreError;
use wire::{
    arm::content::BadContent,
    ingestion::{job::validations, merge::Unfit},
};

use crate::{
    answer::{Answer, Content},
    request::Trace,
};

/// Why a request speaks for nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCaller {
    #[error(
        "No access token came with the request. Sign in, and send it as 'Authorization: Bearer'."
    )]
    Missing,
    #[error("The access token is for another service: ask for one of this one's.")]
    Audience,
    #[error("The access token has expired.")]
    Expired,
    #[error("The access token is not valid.")]
    Invalid,
    #[error("The account of the access token is disabled or no longer exists.")]
    Gone,
}

/// Why a request was not answered as it wished.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    NoCaller(#[from] NoCaller),
    #[error("The resource was not found.")]
    Nothing,
    #[error("The method is not allowed here.")]
    WrongMethod,
    #[error("The query option '{0}' is not understood: {1}.")]
    Query(&'static str, String),
    #[error("The header '{0}' is not understood: {1}.")]
    Header(&'static str, &'static str),
    #[error(
        "A change says which form it is of: send the ETag as 'If-Match', or '*' for any; or 'If-None-Match: *' for what is new."
    )]
    Unconditional,
    #[error("The account has several publishers: name one, as `publisher` of the product.")]
    WhichPublisher,
    #[error("What goes live is a preview: give its durable id as `id` of the submission.")]
    WhichPreview,
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error("The continuation token is not one that this list gave to this caller.")]
    Continuation,
    #[error(transparent)]
    Body(#[from] BadContent),
    #[error("The request is too large.")]
    TooLarge,
    #[error("The request body must not be compressed.")]
    Encoded,
    #[error(
        "Too many ask at once without having signed in. Ask again after the time that 'Retry-After' names."
    )]
    Busy,
    #[error(transparent)]
    Operation(#[from] Error),
}

/// What is told of an answer that is not the client's fault.
const SORRY: &str = "The service could not complete the request. Try again later.";
/// What is told of what the caller may not do; never why, nor what there is.
const DENIED: &str = "You do not have the role that this takes. Ask an owner of the publisher account, or an operator, for it.";

impl Failure {
    /// Status and code (Product Ingestion API; ours where it names none).
    pub(crate) fn verdict(&self) -> (u16, &'static str) {
        match self {
            Self::NoCaller(_) => (401, "unauthorized"),
            Self::Nothing => (404, "resourceNotFound"),
            Self::WrongMethod => (405, "notSupported"),
            Self::Query(..) | Self::Header(..) | Self::Continuation => (400, "invalidRequest"),
            Self::Unconditional => (428, "invalidRequest"),
            Self::WhichPublisher | Self::WhichPreview | Self::Unfit(_) => (400, "invalidResource"),
            Self::Body(_) => (400, "schemaValidationError"),
            Self::TooLarge => (413, "collectionLimitExceeded"),
            Self::Encoded => (415, "invalidRequest"),
            Self::Busy => (429, "tooManyRequests"),
            Self::Operation(error) => operation(error),
        }
    }

    /// What the rules object to, where it is they that refuse.
    pub(crate) fn findings(&self) -> Vec<FindingNote> {
        if let Self::Operation(Error::Market(refused)) = self
            && let Refused::Objections(findings) = &**refused
        {
            return notes(findings);
        }
        Vec::new()
    }

    /// The answer in the API's shape. What broke inside is for the log, never for the client.
    pub(crate) fn into_answer(self, plane: &Plane, trace: &Trace) -> Answer {
        let (status, code) = self.verdict();
        if status >= 500 {
            tracing::error!(error = ?self, request = %trace.request, "a request could not be completed");
        } else {
            tracing::info!(status, code, request = %trace.request, "refused");
        }
        let text = match (&self, status) {
            (_, 500..) => SORRY.to_owned(),
            (Self::Operation(Error::Denied(_)), _) => DENIED.to_owned(),
            _ => self.to_string(),
        };
        let details = validations(&self.findings(), &plane.origins.graph);
        let body = json!({ "error": { "code": code, "message": text, "details": details } });
        let answer = Answer::new(status, Content::Json(body)).with("x-ms-error-code", code);
        match status {
            401 => answer.with("www-authenticate", challenge(plane)),
            429 | 503 => answer.with("retry-after", "5"),
            _ => answer,
        }
    }
}

/// Where to sign in: no tenant is named.
fn challenge(plane: &Plane) -> String {
    let login = &plane.origins.login;
    format!(
        "Bearer realm=\"\", authorization_uri=\"{login}/common/oauth2/v2.0/authorize\", error=\"invalid_token\""
    )
}

fn operation(error: &Error) -> (u16, &'static str) {
    match error {
        Error::Denied(_) | Error::Linked { .. } => (403, "forbidden"),
        Error::Store(error) => store(error),
        Error::Market(refused) => arm::failure::market(refused),
        // ARM's and Graph's; no operation of the marketplace ends so.
        Error::Directory(_)
        | Error::Hashing
        | Error::Policy(_)
        | Error::Disallowed(_)
        | Error::Foreseen(_)
        | Error::Delegation(_)
        | Error::Deployment(_)
        | Error::Group(_)
        | Error::Question(_)
        | Error::Activation(_)
        | Error::Partner(_)
        | Error::Resource(_)
        | Error::Move(_)
        | Error::ManagementGroup(_)
        | Error::NotRegistered(_)
        | Error::NoSubscription(_)
        | Error::Role(_)
        | Error::Lock(_)
        | Error::Tags(_)
        | Error::Activity(_) => (500, "generalException"),
    }
}

fn store(error: &StoreError) -> (u16, &'static str) {
    match error {
        StoreError::Conflict => (409, "invalidState"),
        StoreError::Denied(_) => (403, "forbidden"),
        StoreError::Overgrown(_) | StoreError::TooMany => (400, "collectionLimitExceeded"),
        StoreError::Unavailable(_) => (503, "serviceNotAvailable"),
        StoreError::Corrupt(_) | StoreError::UnknownOutcome { .. } => (500, "generalException"),
    }
}
