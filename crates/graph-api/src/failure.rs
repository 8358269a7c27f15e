//! Every way a request fails, with Graph's status and code: the one table.

use ids::guid::Principal;
use operations::{directory::Refused, error::Error, plane::Plane};
use store::error::StoreError;
use wire::graph::{self, body::BadBody, query::BadQuery};

use crate::{
    answer::{Answer, Content},
    request::Trace,
};

/// Why a request speaks for nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCaller {
    #[error("Access token is empty.")]
    Missing,
    #[error("Access token validation failure. Invalid audience.")]
    Audience,
    #[error("Access token validation failure. Invalid issuer.")]
    Issuer,
    #[error("Lifetime validation failed, the token is expired.")]
    Expired,
    #[error("Access token validation failure. The token is not valid.")]
    Invalid,
    #[error("The account {} of the tenant {} is disabled or no longer exists.", .0.object, .0.tenant)]
    Gone(Principal),
}

/// Why a request was not answered as it wished.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    NoCaller(#[from] NoCaller),
    #[error("The API version is not found. Only v1.0 is served.")]
    NoVersion,
    #[error("Resource not found for the segment '{0}'.")]
    NoSegment(String),
    #[error("Specified HTTP method is not allowed for the request target.")]
    WrongMethod,
    #[error("/me request is only valid with delegated authentication flow.")]
    NobodysMe,
    #[error("Invalid object identifier '{0}'.")]
    BadId(String),
    #[error(transparent)]
    Query(#[from] BadQuery),
    #[error("The continuation token is not one that this list gave to this caller.")]
    Continuation,
    #[error(transparent)]
    Body(#[from] BadBody),
    #[error("The request is too large.")]
    TooLarge,
    #[error("The request body must not be compressed.")]
    Encoded,
    #[error("{0}")]
    Batch(&'static str),
    #[error("The request looks through too much at once. Ask for less.")]
    Spent,
    #[error(transparent)]
    Operation(#[from] Error),
}

/// What is told of an answer that is not the client's fault.
const SORRY: &str = "The service could not complete the request. Try again later.";
/// What is told of what the caller may not do; never why, nor what there is.
const DENIED: &str = "Insufficient privileges to complete the operation.";

impl Failure {
    /// Status and code.
    pub(crate) fn verdict(&self) -> (u16, &'static str) {
        match self {
            Self::NoCaller(_) => (401, "InvalidAuthenticationToken"),
            Self::NoVersion => (404, "ResourceNotFound"),
            Self::NoSegment(_) | Self::NobodysMe | Self::Batch(_) => (400, "BadRequest"),
            Self::WrongMethod => (405, "Request_BadRequest"),
            Self::Query(BadQuery::Unsupported(_) | BadQuery::Option(_)) => {
                (400, "Request_UnsupportedQuery")
            }
            Self::BadId(_) | Self::Body(_) | Self::Continuation | Self::Query(_) => {
                (400, "Request_BadRequest")
            }
            Self::TooLarge => (413, "Request_BadRequest"),
            Self::Encoded => (415, "Request_BadRequest"),
            Self::Spent => (429, "TooManyRequests"),
            Self::Operation(error) => operation(error),
        }
    }

    /// The answer in Graph's shape. What broke inside is for the log, never for the client.
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
        let date = plane.clock.now().strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let request = trace.request.to_string();
        let client = trace.client_request.as_deref().unwrap_or(&request);
        let body = graph::error(code, &text, &date, &request, client);
        let answer = Answer::new(status, Content::Json(body));
        match status {
            401 => answer.with("www-authenticate", challenge(plane)),
            429 | 503 => answer.with("retry-after", "5".to_owned()),
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
        Error::Denied(_) | Error::Linked { .. } => (403, "Authorization_RequestDenied"),
        Error::Directory(refused) => directory(refused),
        Error::Store(error) => store(error),
        // All but the first are ARM's; no operation of a directory ends so.
        Error::Hashing
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
        | Error::Activity(_)
        | Error::Market(_) => (500, "generalException"),
    }
}

fn directory(refused: &Refused) -> (u16, &'static str) {
    match refused {
        Refused::NotFound(_) | Refused::NoSecondFactor => (404, "Request_ResourceNotFound"),
        Refused::PrincipalExists(_) => (409, "Request_MultipleObjectsWithSameKeyValue"),
        Refused::RoleHeld => (400, "Request_MultipleObjectsWithSameKeyValue"),
        Refused::LastAdministrator | Refused::OwnSecondFactor => {
            (403, "Authorization_RequestDenied")
        }
        Refused::NoApplication(_)
        | Refused::Taken(_)
        | Refused::Invalid(..)
        | Refused::ForeignDomain
        | Refused::WeakPassword
        | Refused::AlreadyMember
        | Refused::AlreadyOwner
        | Refused::GroupOwner
        | Refused::LastOwner
        | Refused::TooManyOwners(_)
        | Refused::OwnsTooMuch(_)
        | Refused::NotAMember(_)
        | Refused::TooManyGroups
        | Refused::ManagedIdentity
        | Refused::NoRole(_)
        | Refused::GroupRole
        | Refused::NoCredential
        | Refused::TooManyCredentials(_)
        | Refused::Certificate(_)
        | Refused::Federated(_)
        | Refused::Redirect(_)
        | Refused::OwnAccount(_) => (400, "Request_BadRequest"),
    }
}

fn store(error: &StoreError) -> (u16, &'static str) {
    match error {
        StoreError::Conflict => (409, "Directory_ConcurrencyViolation"),
        StoreError::Denied(_) => (403, "Authorization_RequestDenied"),
        StoreError::Overgrown(_) | StoreError::TooMany => (400, "Directory_QuotaExceeded"),
        StoreError::Unavailable(_) => (503, "serviceNotAvailable"),
        StoreError::Corrupt(_) | StoreError::UnknownOutcome { .. } => (500, "generalException"),
    }
}
