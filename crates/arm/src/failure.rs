//! The whole contract of what goes wrong at the front door, in one table.

use access::verdict::Refusal;
use ids::{
    guid::{SubscriptionId, TenantId},
    name::{GroupName, Name},
    resource::{ResourceId, ResourceType},
    scope::BadId,
};
use operations::{
    error::Error,
    groups, market, questions,
    resources::{self, relocate::decide as relocate},
};
use store::error::StoreError;
use wire::arm::{
    error::{ErrorBody, ErrorDetail},
    policies,
};

use crate::{
    deployment::refusals as in_deployment,
    handlers::refusals as authorization,
    locations,
    managed_services::refusals,
    request::{ArmResponse, Method, NoCaller},
};

mod challenge;
mod texts;

pub use self::challenge::Challenge;

/// Why a request was not answered with what it asked for. The texts are ARM's own where ARM has
/// one (ARM contract, §1.2).
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("The api-version query parameter (?api-version=) is required for all requests.")]
    NoVersion,
    #[error("The api-version '{version}' is invalid. The supported versions are '{}'.", .supported.join(","))]
    BadVersion { version: String, supported: Vec<&'static str> },
    #[error(
        "No registered resource provider found for location '' and API version '{version}' for type '{}'. The supported api-versions are '{}'. The supported locations are '{}'.",
        type_below(kind), .supported.join(", "), locations::of(&kind.namespace).join(", ")
    )]
    NoVersionOfType { kind: ResourceType, version: String, supported: Vec<&'static str> },
    #[error(transparent)]
    Path(#[from] BadId),
    #[error("The subscription '{0}' could not be found.")]
    NoSubscription(SubscriptionId),
    #[error(transparent)]
    NoCaller(NoCaller),
    #[error(
        "The access token is from the wrong issuer 'https://sts.windows.net/{token}/'. It must match the tenant 'https://sts.windows.net/{home}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/{home}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later."
    )]
    WrongTenant { token: TenantId, home: TenantId },
    #[error("The resource namespace '{0}' is invalid.")]
    NoNamespace(Name),
    #[error(
        "The resource type '{}' could not be found in the namespace '{}' for api version '{version}'. The supported api-versions are '{}'.",
        type_below(kind), kind.namespace, .supported.join(",")
    )]
    NoType { kind: ResourceType, version: String, supported: Vec<&'static str> },
    #[error("The request URI names nothing that there is. Check the path and its spelling.")]
    NoSuchPath,
    #[error("The requested resource does not support http method '{}'.", .0.as_str())]
    WrongMethod(Method),
    #[error(
        "The subscription '{0}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled."
    )]
    ReadOnlySubscription(SubscriptionId),
    #[error("Resource group '{0}' could not be found.")]
    NoGroup(GroupName),
    #[error("The Resource '{name}'{} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix", .group.as_ref().map(|it| format!(" under resource group '{it}'")).unwrap_or_default())]
    NotFound { name: String, group: Option<String> },
    #[error(
        "The action '{action}' of the resource '{id}' was not run. Fyr keeps resources of this type and judges who may do what with them; it does not run them."
    )]
    NotRun { action: Name, id: ResourceId },
    #[error("The request content is longer than the {0} bytes that this operation takes.")]
    TooLong(usize),
    #[error("The request content is encoded as '{0}'. Send it without a content encoding.")]
    Encoded(String),
    #[error("The request content was invalid and could not be deserialized: '{0}'.")]
    Content(String),
    #[error("The query parameter '{name}' is invalid: {reason}.")]
    Query { name: &'static str, reason: String },
    #[error("The request uses an HTTP method that ARM does not know.")]
    UnknownMethod,
    #[error(
        "The request is being throttled as the limit has been reached for this operation type. Retry after {seconds} seconds. For more information, see - https://aka.ms/msdn-throttling"
    )]
    Throttled { seconds: u32 },
    #[error(transparent)]
    Operation(#[from] Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

fn type_below(kind: &ResourceType) -> String {
    kind.path.iter().map(Name::as_str).collect::<Vec<_>>().join("/")
}

impl Failure {
    /// HTTP status and ARM code. No arm is a wildcard, so a new refusal does not compile until
    /// someone has chosen them.
    pub fn verdict(&self) -> (u16, &'static str) {
        match self {
            Self::NoVersion => (400, "MissingApiVersionParameter"),
            Self::BadVersion { .. } => (400, "InvalidApiVersionParameter"),
            Self::NoVersionOfType { .. } => (400, "NoRegisteredProviderFound"),
            Self::Path(bad) => path(bad),
            Self::NoSubscription(_) => (404, "SubscriptionNotFound"),
            Self::NoCaller(why) => (401, no_caller(why)),
            Self::WrongTenant { .. } => (401, "InvalidAuthenticationTokenTenant"),
            Self::NoNamespace(_) => (404, "InvalidResourceNamespace"),
            Self::NoType { .. } => (404, "InvalidResourceType"),
            Self::NoSuchPath => (404, "NotFound"),
            Self::WrongMethod(_) | Self::UnknownMethod => (405, "MethodNotAllowed"),
            Self::ReadOnlySubscription(_) => (409, "ReadOnlyDisabledSubscription"),
            Self::NoGroup(_) => (404, "ResourceGroupNotFound"),
            Self::NotFound { .. } => (404, "ResourceNotFound"),
            Self::NotRun { .. } => (400, "OperationNotSupported"),
            Self::TooLong(_) => (413, "RequestEntityTooLarge"),
            Self::Encoded(_) => (415, "UnsupportedMediaType"),
            Self::Content(_) => (400, "InvalidRequestContent"),
            Self::Query { .. } => (400, "InvalidQueryParameter"),
            Self::Throttled { .. } => (429, "TooManyRequests"),
            Self::Operation(error) => operation(error),
        }
    }

    /// The answer in ARM's shape. What broke inside is for the log, never for the client.
    pub fn into_response(self, challenge: &Challenge) -> ArmResponse {
        let (status, code) = self.verdict();
        if status >= 500 {
            tracing::error!(error = ?self, "a request could not be completed");
        }
        let text = if status >= 500 { SORRY.to_owned() } else { self.message() };
        let mut error = ErrorDetail::new(code, text.clone());
        error.details = self.details();
        if let Self::Operation(Error::Deployment(refused)) = &self {
            error.additional_info = in_deployment::additional_info(refused);
        } else if let Self::Operation(Error::Disallowed(refused)) = &self {
            error = policies::disallowed(refused);
        }
        let cause = if self.is_gateways() { "gateway" } else { "service" };
        let wait = self.wait();
        let response =
            ArmResponse::json(status, ErrorBody { error }).with("x-ms-failure-cause", cause);
        match status {
            401 => response.with("WWW-Authenticate", challenge.text(&self)),
            429 => response.with("Retry-After", wait.unwrap_or(1).to_string()),
            503 => response.with("Retry-After", "5"),
            _ => response,
        }
    }

    /// In how many seconds it is worth asking again, where that is known.
    fn wait(&self) -> Option<u32> {
        if let Self::Throttled { seconds } = self {
            Some(*seconds)
        } else if let Self::Operation(Error::Question(questions::Refused::Often(seconds))) = self {
            Some(*seconds)
        } else {
            None
        }
    }

    /// Whether it is the front door's own refusal, and not that of whoever keeps the thing.
    fn is_gateways(&self) -> bool {
        let Self::Operation(error) = self else { return true };
        match error {
            Error::Denied(_)
            | Error::Linked { .. }
            | Error::NotRegistered(_)
            | Error::NoSubscription(_)
            | Error::Disallowed(_)
            | Error::Group(groups::Refused::NotFound(_)) => true,
            Error::Store(_)
            | Error::Policy(_)
            | Error::Foreseen(_)
            | Error::Delegation(_)
            | Error::Deployment(_)
            | Error::Group(_)
            | Error::Resource(_)
            | Error::Move(_)
            | Error::ManagementGroup(_)
            | Error::Role(_)
            | Error::Lock(_)
            | Error::Tags(_)
            | Error::Activity(_)
            | Error::Directory(_)
            | Error::Question(_)
            | Error::Activation(_)
            | Error::Partner(_)
            | Error::Market(_)
            | Error::Hashing => false,
        }
    }

    /// The first line of the answer, in ARM's own words where ARM has them.
    pub fn message(&self) -> String {
        if let Self::Operation(Error::Denied(denied)) = self {
            texts::denied(denied)
        } else if let Self::Operation(Error::Linked { asked, linked }) = self {
            texts::linked(asked, linked)
        } else if let Self::Path(BadId::Subscription(bad)) = self {
            format!("The provided subscription identifier '{}' is malformed or invalid.", bad.0)
        } else if let Self::Operation(Error::Delegation(refused)) = self {
            refusals::text(refused)
        } else if let Self::Operation(Error::Role(refused)) = self {
            authorization::role_text(refused)
        } else {
            self.to_string()
        }
    }

    /// What the answer says beyond its first line, as text.
    pub fn beside(&self) -> Vec<String> {
        self.details().into_iter().map(|it| it.message).collect()
    }

    /// The parts of the answer that say more than its first line.
    fn details(&self) -> Vec<ErrorDetail> {
        if let Self::Operation(Error::NotRegistered(namespace)) = self {
            let mut same = ErrorDetail::new(self.verdict().1, self.to_string());
            same.target = Some(namespace.to_string());
            vec![same]
        } else if let Self::Operation(Error::Delegation(refused)) = self {
            refusals::details(refused)
        } else if let Self::Operation(Error::Role(refused)) = self {
            authorization::role_details(refused)
        } else if let Self::Operation(Error::Denied(denied)) = self {
            refusals::denied_details(denied)
        } else if let Self::Operation(Error::Foreseen(all)) = self {
            all.iter().map(policies::disallowed).collect()
        } else {
            Vec::new()
        }
    }
}

/// All that a client learns of what broke inside.
const SORRY: &str = "The request could not be completed. Try again; the log of the server says more under the correlation id of this answer.";

fn path(bad: &BadId) -> (u16, &'static str) {
    match bad {
        BadId::Subscription(_) => (400, "InvalidSubscriptionId"),
        BadId::Tenant(_) => (400, "InvalidTenantId"),
        BadId::UnknownShape | BadId::Segment(_) | BadId::OtherType(_) | BadId::TooLong(_) => {
            (400, "InvalidResourceId")
        }
    }
}

fn no_caller(why: &NoCaller) -> &'static str {
    match why {
        NoCaller::Missing => "AuthenticationFailed",
        NoCaller::Invalid(_) | NoCaller::Auxiliary { .. } => "InvalidAuthenticationToken",
        NoCaller::Expired { .. } => "ExpiredAuthenticationToken",
        NoCaller::Audience(_) => "InvalidAuthenticationTokenAudience",
        NoCaller::Issuer(_) => "InvalidAuthenticationTokenTenant",
    }
}

fn operation(error: &Error) -> (u16, &'static str) {
    match error {
        Error::Denied(denied) => match &denied.refusal {
            Refusal::NoGrant if refusals::lacks_delete_role(denied) => {
                (403, refusals::INSUFFICIENT)
            }
            Refusal::NoGrant => (403, "AuthorizationFailed"),
            Refusal::Denied { .. } => (403, "DenyAssignmentAuthorizationFailed"),
            Refusal::NotOwner(_) => (403, refusals::INSUFFICIENT),
            Refusal::Locked { .. } => (409, "ScopeLocked"),
        },
        Error::Linked { .. } => (403, "LinkedAuthorizationFailed"),
        Error::Store(error) => store(error),
        Error::Policy(refused) => authorization::policy(refused),
        Error::Disallowed(_) => (403, policies::DISALLOWED),
        Error::Foreseen(_) => (400, "InvalidTemplateDeployment"),
        Error::Delegation(refused) => refusals::verdict(refused),
        Error::Activation(refused) => authorization::activation(refused),
        Error::Deployment(refused) => in_deployment::verdict(refused),
        Error::Group(refused) => group(refused),
        Error::Resource(refused) => resource(refused),
        Error::Move(refused) => relocated(refused),
        Error::ManagementGroup(refused) => authorization::management_group(refused),
        Error::NotRegistered(_) => (409, "MissingSubscriptionRegistration"),
        Error::NoSubscription(_) => (404, "SubscriptionNotFound"),
        Error::Role(refused) => authorization::role(refused),
        Error::Lock(refused) => authorization::lock(refused),
        Error::Tags(refused) => authorization::tags(refused),
        Error::Activity(refused) => authorization::activity(refused),
        // Graph's: nothing of ARM's asks a directory.
        Error::Directory(_) => (400, "BadRequest"),
        Error::Market(refused) => market(refused),
        Error::Question(refused) => authorization::question(refused),
        Error::Partner(refused) => authorization::partner(refused),
        Error::Hashing => (500, "InternalServerError"),
    }
}

/// The same of what publishers and storefront are refused (Product Ingestion API; ours where it
/// names none).
pub fn market(refused: &market::Refused) -> (u16, &'static str) {
    match refused {
        market::Refused::NotFound(_) | market::Refused::NoAccount => (404, "resourceNotFound"),
        market::Refused::AccountExists
        | market::Refused::PublisherTaken(_)
        | market::Refused::OfferTaken(_) => (409, "invalidId"),
        market::Refused::Stale { .. } => (412, "invalidState"),
        market::Refused::Stage { .. }
        | market::Refused::LastOwner
        | market::Refused::Verified(_)
        | market::Refused::State(_)
        | market::Refused::Plan(_)
        | market::Refused::OtherPreview { .. }
        | market::Refused::Testing
        | market::Refused::NoReview => (409, "invalidEntityStatus"),
        market::Refused::TestedLately { .. } => (429, "tooManyRequests"),
        market::Refused::TooMany { .. } => (400, "collectionLimitExceeded"),
        market::Refused::Objections(_) => (422, "businessValidationError"),
        market::Refused::NoWorkAccount
        | market::Refused::NoMember
        | market::Refused::Invalid { .. }
        | market::Refused::NoPicture { .. }
        | market::Refused::Picture(_)
        | market::Refused::Audience(_)
        | market::Refused::NotPrivate(_) => (400, "invalidResource"),
    }
}

fn group(refused: &groups::Refused) -> (u16, &'static str) {
    match refused {
        groups::Refused::NoLocation => (400, "LocationRequired"),
        groups::Refused::OtherLocation { .. } => (409, "InvalidResourceGroupLocation"),
        groups::Refused::NotFound(_) => (404, "ResourceGroupNotFound"),
        groups::Refused::Location(_) => (400, "LocationNotAvailableForResourceGroup"),
        groups::Refused::Tags(bad) => tags(bad),
    }
}

pub(crate) fn tags(bad: &groups::BadTags) -> (u16, &'static str) {
    match bad {
        groups::BadTags::TooMany => (400, "InvalidTags"),
        groups::BadTags::Name(_) => (400, "InvalidTagNameCharacters"),
        groups::BadTags::Value(_) => (400, "InvalidTagValueLength"),
        groups::BadTags::Twice(..) => (400, "DuplicateTagName"),
    }
}

fn resource(refused: &resources::Refused) -> (u16, &'static str) {
    match refused {
        resources::Refused::NotFound(_) => (404, "ResourceNotFound"),
        resources::Refused::NoParent { .. } => (404, "ParentResourceNotFound"),
        resources::Refused::OtherLocation { .. } => (409, "InvalidResourceLocation"),
        resources::Refused::Precondition { .. } => (412, "PreconditionFailed"),
        resources::Refused::IdentityType(_) => (400, "InvalidIdentityType"),
        resources::Refused::NoIdentity(_) => (400, "FailedIdentityOperation"),
        resources::Refused::ReadOnly(_) => (400, "PropertyChangeNotAllowed"),
        resources::Refused::Location(_) => (400, "LocationNotAvailableForResourceType"),
        resources::Refused::Tags(bad) => tags(bad),
        resources::Refused::TooLarge(_) => (400, "RequestContentTooLarge"),
    }
}

fn relocated(refused: &relocate::Refused) -> (u16, &'static str) {
    match refused {
        relocate::Refused::Nothing
        | relocate::Refused::TooMany
        | relocate::Refused::TooHeavy
        | relocate::Refused::Elsewhere { .. }
        | relocate::Refused::Target(_) => (400, "InvalidMoveResourcesRequest"),
        relocate::Refused::NoTarget(_) => (400, "ResourceGroupNotFound"),
        relocate::Refused::Stays(_) => (400, "ResourceMoveNotSupported"),
        relocate::Refused::OtherTenant => (403, "ResourceMoveTenantMismatch"),
        relocate::Refused::Taken(_) | relocate::Refused::Denied { .. } => {
            (409, "ResourceMoveConflict")
        }
    }
}

fn store(error: &StoreError) -> (u16, &'static str) {
    match error {
        StoreError::Conflict => (409, "Conflict"),
        StoreError::Denied(_) => (403, "AuthorizationFailed"),
        StoreError::TooMany | StoreError::Overgrown(_) => (409, "TooManyItems"),
        StoreError::Unavailable(_) | StoreError::UnknownOutcome { .. } => {
            (503, "ServerUnavailable")
        }
        StoreError::Corrupt(_) => (500, "InternalServerError"),
    }
}
