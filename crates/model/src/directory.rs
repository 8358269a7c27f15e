//! Tenants, and who is in them.

use ids::{
    guid::{AppId, ObjectId, Principal, TenantId},
    resource::ResourceId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub mod edit;

/// The tenant of those who run the installation: what a world file calls `fyr`. There is none
/// until a file declares it. Roles at its root are leave for what the platform alone does.
pub const OPERATORS: TenantId =
    TenantId::new(Uuid::from_u128(0x9736_422f_eca7_513b_9ae5_9317_2584_5ce2));

/// A directory: an organisation's own people, groups and applications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    pub id: TenantId,
    pub display_name: String,
    /// The domain behind the `@` of its people's sign-in names; unique among tenants.
    pub domain: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// A person in a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub principal: Principal,
    /// The sign-in name, `name@domain`; unique in the tenant.
    pub user_principal_name: String,
    pub display_name: String,
    pub enabled: bool,
    pub kind: UserKind,
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
}

/// What a directory may say of a person beside the name. It decides nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<String>,
    /// Of a guest: the address that was invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
}

/// One thing that a profile may say; by Graph's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    GivenName,
    Surname,
    JobTitle,
    Department,
    OfficeLocation,
    MobilePhone,
    PreferredLanguage,
    Mail,
    MailNickname,
}

impl Detail {
    pub const ALL: [Self; 9] = [
        Self::GivenName,
        Self::Surname,
        Self::JobTitle,
        Self::Department,
        Self::OfficeLocation,
        Self::MobilePhone,
        Self::PreferredLanguage,
        Self::Mail,
        Self::MailNickname,
    ];

    /// What Graph calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "givenName",
            Self::Surname => "surname",
            Self::JobTitle => "jobTitle",
            Self::Department => "department",
            Self::OfficeLocation => "officeLocation",
            Self::MobilePhone => "mobilePhone",
            Self::PreferredLanguage => "preferredLanguage",
            Self::Mail => "mail",
            Self::MailNickname => "mailNickname",
        }
    }
}

impl Profile {
    /// Where that is kept.
    pub fn slot(&mut self, detail: Detail) -> &mut Option<String> {
        match detail {
            Detail::GivenName => &mut self.given_name,
            Detail::Surname => &mut self.surname,
            Detail::JobTitle => &mut self.job_title,
            Detail::Department => &mut self.department,
            Detail::OfficeLocation => &mut self.office_location,
            Detail::MobilePhone => &mut self.mobile_phone,
            Detail::PreferredLanguage => &mut self.preferred_language,
            Detail::Mail => &mut self.mail,
            Detail::MailNickname => &mut self.mail_nickname,
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How a person belongs to a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserKind {
    /// One of the tenant's own people.
    Member,
    /// Someone who signs in with another tenant's account.
    Guest { home: Principal },
}

/// A group of a tenant's principals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub principal: Principal,
    pub display_name: String,
    pub kind: GroupKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What Graph wants of every group, with mail or without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GroupKind {
    /// Carries rights to its members, through nesting too.
    Security,
    /// Never carries rights.
    Microsoft365,
}

/// That a principal is a direct member of a group of its own tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub group: Principal,
    pub member: ObjectId,
}

impl Membership {
    /// The member, which is of the group's own tenant.
    pub fn who(&self) -> Principal {
        Principal { tenant: self.group.tenant, object: self.member }
    }
}

/// An application's registration, in the tenant that owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub tenant: TenantId,
    pub app: AppId,
    pub object: ObjectId,
    pub display_name: String,
    #[serde(default)]
    pub audience: Audience,
    /// The names of the API that the application is, if it is one.
    #[serde(default)]
    pub identifier_uris: Vec<String>,
    #[serde(default)]
    pub redirects: Redirects,
    /// Whether it counts as public where the flow does not tell (Graph:
    /// `isFallbackPublicClient`).
    #[serde(default)]
    pub public_by_default: bool,
    /// Where its own sign-out is.
    #[serde(default)]
    pub logout_url: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
}

impl Application {
    /// A registration that says no more than what the application is called.
    pub fn new(tenant: TenantId, app: AppId, object: ObjectId, display_name: String) -> Self {
        Self {
            tenant,
            app,
            object,
            display_name,
            audience: Audience::default(),
            identifier_uris: Vec::new(),
            redirects: Redirects::default(),
            public_by_default: false,
            logout_url: None,
            tags: Vec::new(),
        }
    }

    /// Whether accounts of that tenant may sign in to it, and it may be a principal there.
    pub fn is_meant_for(&self, tenant: TenantId) -> bool {
        match self.audience {
            Audience::Home => self.tenant == tenant,
            Audience::Organizations => true,
        }
    }
}

/// Whose accounts an application is meant for. Beside that, it must be a principal of theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Audience {
    /// Those of the tenant that owns it.
    #[default]
    Home,
    /// Those of any tenant.
    Organizations,
}

/// Where a browser may be sent with a code, by what kind of client waits there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirects {
    /// A server, which can keep a secret.
    #[serde(default)]
    pub web: Vec<String>,
    /// A page's script, which cannot.
    #[serde(default)]
    pub spa: Vec<String>,
    /// A program on somebody's machine, which cannot either.
    #[serde(default)]
    pub public: Vec<String>,
}

impl Redirects {
    /// All of them, whatever waits there.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.web.iter().chain(&self.spa).chain(&self.public).map(String::as_str)
    }
}

/// An application as a principal of a tenant: what can be granted something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePrincipal {
    pub principal: Principal,
    pub app: AppId,
    pub display_name: String,
    pub enabled: bool,
    pub kind: ServicePrincipalKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ServicePrincipalKind {
    /// Signs in with the secrets of its application.
    Application,
    /// Belongs to a resource, which came with it and takes it along.
    ManagedIdentity { resource: ResourceId },
}

/// What proves that somebody is who they say. Journalled without the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    pub holder: Holder,
    /// Tells a holder's secrets apart (Graph: `keyId`); the password of a user is its object id.
    pub key: Uuid,
    pub display_name: String,
    pub secret: Secret,
    pub expires: Option<Timestamp>,
}

/// Whose credential it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Holder {
    User(Principal),
    Application(TenantId, AppId),
}

impl Holder {
    pub fn tenant(&self) -> TenantId {
        match self {
            Self::User(principal) => principal.tenant,
            Self::Application(tenant, _) => *tenant,
        }
    }
}

/// What is kept of what a holder shows: never the secret itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Secret {
    /// A password that a person or a file chose: argon2id, in PHC form.
    Chosen(String),
    /// A secret that Fyr drew itself: SHA-256, lower-case hex.
    Drawn(String),
    /// The public half of a key, which signs what the holder says.
    Certificate(Certificate),
    /// Another issuer's word for who the holder is. No secret at all.
    Federated(Federated),
    /// What a person's authenticator and Fyr compute the same one-time codes from, sealed under
    /// the master key.
    Seed(String),
    /// What the journal shows of a secret.
    Redacted,
}

impl Secret {
    /// The same as the journal keeps it: public halves are facts.
    #[must_use]
    pub fn redacted(&self) -> Self {
        match self {
            Self::Chosen(_) | Self::Drawn(_) | Self::Seed(_) | Self::Redacted => Self::Redacted,
            Self::Certificate(_) | Self::Federated(_) => self.clone(),
        }
    }
}

/// The key of a person's second factor among what they sign in with: nobody has two.
pub fn second_factor_key(who: Principal) -> Uuid {
    Uuid::new_v5(&who.object.raw(), b"second factor")
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An X.509 certificate of an RSA key, as far as it matters. When it ends is said by its
/// credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The whole, DER in base64.
    pub der: String,
    /// SHA-1 of the whole, base64url: `x5t`.
    pub thumbprint: String,
    /// SHA-256 of the whole, base64url: `x5t#S256`.
    pub thumbprint_sha256: String,
    /// The public key: RSA modulus and exponent, base64url.
    pub modulus: String,
    pub exponent: String,
    pub starts: Timestamp,
}

/// Whose tokens count as the holder's word. What it is called is its credential's display name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Federated {
    pub issuer: String,
    pub subject: String,
    pub audiences: Vec<String>,
    pub description: String,
}

/// A key that signs tokens. Journalled without its private half.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKey {
    /// The key id in a token's header.
    pub id: String,
    /// PKCS #8, sealed under the master key, base64; absent in the journal.
    pub sealed: Option<String>,
    /// The public half: RSA modulus and exponent, base64url.
    pub modulus: String,
    pub exponent: String,
    pub published: Timestamp,
    /// Signs from here on, until another key does.
    pub active_from: Timestamp,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({:?}, …)", self.id)
    }
}
