//! Why nobody signs in: every answer of Entra's that Fyr gives, with its status, its OAuth name
//! and its `AADSTS` number, in one table.

use ids::guid::AppId;
use jiff::SignedDuration;

/// The longest piece of somebody's text that an error repeats.
const QUOTED_CHARS_MAX: usize = 80;

/// Somebody's text as an error may repeat it: short, on one line.
pub(crate) fn quoted(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(QUOTED_CHARS_MAX).collect()
}

/// Every way a sign-in can end without a token.
///
/// The texts are Entra's where it documents them: clients and scripts look for them
/// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The request body must contain the following parameter: '{0}'.")]
    Missing(&'static str),
    #[error("The request is malformed: {0}.")]
    Malformed(&'static str),
    #[error("The app requested an unsupported grant type '{0}'.")]
    UnsupportedGrant(String),
    #[error(
        "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
    )]
    TenantNotFound(String),
    #[error(
        "No tenant-identifying information found in either the request or implied by any provided credentials."
    )]
    NoTenant,
    #[error(
        "Application with identifier '{app}' was not found in the directory '{directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
    )]
    ClientNotFound { app: String, directory: String },
    #[error("Application '{0}' is disabled.")]
    ClientDisabled(AppId),
    #[error(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'."
    )]
    WrongSecret(AppId),
    #[error("The provided client secret keys for app '{0}' are expired.")]
    ExpiredSecret(AppId),
    #[error(
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
    )]
    NoSecret,
    #[error(
        "Client assertion failed signature validation. The certificate used to sign the client assertion is not registered on application '{0}'."
    )]
    UnknownCertificate(AppId),
    #[error(
        "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the application '{app}'. Make sure the redirect URI sent in the request matches one added to your application."
    )]
    RedirectUnknown { redirect: String, app: AppId },
    #[error("The certificate used to sign the client assertion for app '{0}' is not valid now.")]
    ExpiredCertificate(AppId),
    #[error("JWT token is invalid or malformed.")]
    AssertionMalformed,
    #[error("Client assertion application identifier doesn't match 'client_id' parameter.")]
    AssertionSubject,
    #[error("Client assertion audience claim does not match Realm issuer.")]
    AssertionAudience,
    #[error("Client assertion is not within its valid time range.")]
    AssertionUntimely,
    #[error(
        "Assertion failed signature validation. The key was not found, or the signature is wrong."
    )]
    AssertionSignature,
    #[error("No matching federated identity record found for presented assertion issuer '{0}'.")]
    FederatedIssuer(String),
    #[error("No matching federated identity record found for presented assertion subject '{0}'.")]
    FederatedSubject(String),
    #[error("No matching federated identity record found for presented assertion audience '{0}'.")]
    FederatedAudience(String),
    #[error(
        "Request to External OIDC endpoint failed. The keys of issuer '{0}' are not known here: name it with --trust-issuer."
    )]
    IssuerUnknown(String),
    #[error(
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented for app '{0}'."
    )]
    PublicClient(AppId),
    #[error("The response mode '{0}' is not supported.")]
    UnsupportedMode(String),
    #[error("response_type '{0}' is not enabled for the application.")]
    UnsupportedResponse(String),
    #[error(
        "Proof Key for Code Exchange is required for public clients: code_challenge with S256."
    )]
    ChallengeNeeded,
    #[error(
        "The provided authorization code is not valid, or it was issued to another client or tenant."
    )]
    CodeInvalid,
    #[error("The provided authorization code has expired. Send a new interactive request.")]
    CodeExpired,
    #[error("OAuth2 Authorization code was already redeemed, please retry with a new valid code.")]
    CodeUsed,
    #[error(
        "The reply address does not match the reply address provided when requesting Authorization code."
    )]
    RedirectChanged,
    #[error(
        "The Code_Verifier does not match the code_challenge supplied in the authorization request."
    )]
    WrongVerifier,
    #[error("Session information is not sufficient for single-sign-on.")]
    LoginRequired,
    #[error("Interaction is required: an account must be chosen, or confirmed.")]
    InteractionRequired,
    #[error(
        "The user or administrator has not consented to use the application with ID '{app}' named '{name}'. Send an interactive authorization request for this user and resource. Whoever manages a directory signs in to Azure's own clients and to applications that manage it themselves; ask with another account."
    )]
    ConsentRequired { app: AppId, name: String },
    #[error(
        "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests."
    )]
    PagesOnly,
    #[error(
        "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{0}'."
    )]
    NotAcrossOrigins(String),
    #[error(
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 24 hours, which can't be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page."
    )]
    PageExpired,
    #[error("The user declined to sign in.")]
    Cancelled,
    #[error(
        "The provided value for the input parameter 'scope' is not valid. The scope '{0}' is not valid."
    )]
    InvalidScope(String),
    #[error(
        "The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
    )]
    NotDefaultScope(String),
    #[error(
        "Provided value for the input parameter scope is not valid because it contains more than one resource."
    )]
    TwoResources,
    #[error(
        "The resource principal named {0} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
    )]
    UnknownResource(String),
    #[error("Error validating credentials due to invalid username or password.")]
    WrongPassword,
    #[error(
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource."
    )]
    SecondFactorNeeded,
    #[error(
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource."
    )]
    SecondFactorMissing,
    #[error("Authentication failed during strong authentication request: the code is not right.")]
    WrongCode,
    #[error("The sign-in has taken too long, or its password has changed. Begin anew.")]
    HalfwayLost,
    #[error("The user account is disabled.")]
    UserDisabled,
    #[error(
        "User account from identity provider '{home}' does not exist in tenant '{tenant}' and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different user account."
    )]
    NotInTenant { home: String, tenant: String },
    #[error(
        "You've tried to sign in too many times with an incorrect user ID or password. Try again in {} seconds.", .0.as_secs()
    )]
    SlowedDown(SignedDuration),
    #[error(
        "Too many codes are open that were asked for from here. Try again in {} seconds.", .0.as_secs()
    )]
    TooManyCodes(SignedDuration),
    #[error("OAuth 2.0 device flow error. Authorization is pending. Continue polling.")]
    DevicePending,
    #[error("OAuth 2.0 device flow error. Polling too often. Wait longer between two polls.")]
    DevicePolledTooOften,
    #[error("OAuth 2.0 device flow error. The user declined to sign in.")]
    DeviceDeclined,
    #[error("OAuth 2.0 device flow error. The device code has expired. Start again.")]
    DeviceExpired,
    #[error("OAuth 2.0 device flow error. The device code was not recognized.")]
    DeviceUnknown,
    #[error("The refresh token is not valid, or it was issued to another client.")]
    RefreshInvalid,
    #[error(
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have signed out, or the token was used twice."
    )]
    SessionEnded,
}

/// What a refusal is called on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// OAuth's name for it.
    pub error: &'static str,
    /// The number after `AADSTS`.
    pub code: u32,
}

impl Refused {
    /// What MSAL looks for beside the name, and what a browser comes back with.
    pub fn detail(&self) -> Option<&'static str> {
        if matches!(self, Self::PageExpired) {
            return Some("bad_token");
        }
        if matches!(self, Self::SecondFactorNeeded | Self::SecondFactorMissing) {
            return Some("basic_action");
        }
        matches!(self, Self::ConsentRequired { .. }).then_some("consent_required")
    }

    /// Status, name and number: the one table.
    pub fn answer(&self) -> Answer {
        let (status, error, code) = match self {
            Self::Missing(_) => (400, "invalid_request", 900_144),
            Self::Malformed(_) | Self::UnsupportedMode(_) => (400, "invalid_request", 90_013),
            Self::UnsupportedGrant(_) => (400, "unsupported_grant_type", 70_003),
            Self::TenantNotFound(_) => (400, "invalid_request", 90_002),
            Self::NoTenant => (400, "invalid_request", 50_059),
            Self::ClientNotFound { .. } => (400, "unauthorized_client", 700_016),
            Self::ClientDisabled(_) => (400, "unauthorized_client", 7_000_112),
            Self::WrongSecret(_) => (401, "invalid_client", 7_000_215),
            Self::ExpiredSecret(_) => (401, "invalid_client", 7_000_222),
            Self::NoSecret => (401, "invalid_client", 7_000_218),
            Self::UnknownCertificate(_) | Self::ExpiredCertificate(_) => {
                (401, "invalid_client", 700_027)
            }
            Self::AssertionMalformed => (401, "invalid_client", 50_027),
            Self::AssertionSubject => (401, "invalid_client", 700_021),
            Self::AssertionAudience => (401, "invalid_client", 700_023),
            Self::AssertionUntimely => (401, "invalid_client", 700_024),
            Self::AssertionSignature => (401, "invalid_client", 50_013),
            Self::FederatedIssuer(_) => (401, "invalid_client", 700_211),
            Self::FederatedSubject(_) => (401, "invalid_client", 700_213),
            Self::FederatedAudience(_) => (401, "invalid_client", 700_212),
            Self::IssuerUnknown(_) => (401, "invalid_client", 50_166),
            Self::PublicClient(_) => (401, "invalid_client", 700_025),
            Self::UnsupportedResponse(_) => (400, "unsupported_response_type", 700_051),
            Self::ChallengeNeeded => (400, "invalid_request", 9_002_325),
            Self::CodeExpired => (400, "invalid_grant", 70_008),
            Self::CodeUsed => (400, "invalid_grant", 54_005),
            Self::RedirectChanged => (400, "invalid_grant", 500_112),
            Self::WrongVerifier => (400, "invalid_grant", 501_481),
            Self::LoginRequired => (400, "login_required", 50_058),
            Self::InteractionRequired => (400, "interaction_required", 16_000),
            Self::ConsentRequired { .. } => (400, "invalid_grant", 65_001),
            Self::PagesOnly => (400, "invalid_request", 9_002_327),
            Self::NotAcrossOrigins(_) => (400, "invalid_request", 9_002_326),
            Self::PageExpired => (400, "invalid_grant", 700_084),
            Self::Cancelled => (400, "access_denied", 65_004),
            Self::RedirectUnknown { .. } => (400, "invalid_request", 50_011),
            Self::InvalidScope(_) => (400, "invalid_scope", 70_011),
            Self::NotDefaultScope(_) => (400, "invalid_scope", 1_002_012),
            Self::TwoResources => (400, "invalid_scope", 28_000),
            Self::UnknownResource(_) => (400, "invalid_resource", 500_011),
            Self::WrongPassword => (400, "invalid_grant", 50_126),
            Self::SecondFactorNeeded => (400, "invalid_grant", 50_076),
            Self::SecondFactorMissing => (400, "invalid_grant", 50_079),
            Self::WrongCode => (400, "invalid_grant", 500_121),
            Self::HalfwayLost => (400, "invalid_grant", 50_089),
            Self::UserDisabled => (400, "invalid_grant", 50_057),
            Self::NotInTenant { .. } => (400, "invalid_grant", 50_020),
            Self::SlowedDown(_) => (400, "invalid_grant", 50_053),
            Self::TooManyCodes(_) => (429, "slow_down", 50_196),
            Self::DevicePending => (400, "authorization_pending", 70_016),
            Self::DevicePolledTooOften => (400, "slow_down", 70_016),
            Self::DeviceDeclined => (400, "authorization_declined", 65_004),
            Self::DeviceExpired => (400, "expired_token", 70_020),
            Self::DeviceUnknown => (400, "bad_verification_code", 70_018),
            Self::RefreshInvalid | Self::CodeInvalid => (400, "invalid_grant", 70_000),
            Self::SessionEnded => (400, "invalid_grant", 50_173),
        };
        Answer { status, error, code }
    }
}
