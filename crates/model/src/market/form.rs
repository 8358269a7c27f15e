//! What a publisher writes about an offer. A draft may lack anything; what certification asks of
//! it is for the rules of crate `market`.

use std::collections::BTreeMap;

use ids::{guid::SubscriptionId, offer::PlanName, version::Version};
use serde::{Deserialize, Serialize};

use super::{account::Person, manifest::Manifest, media::Picture};

/// All pages of an offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What the publisher calls it; no customer sees it.
    pub alias: String,
    pub leads: Destination,
    /// Categories with their subcategories, by their keys.
    pub categories: BTreeMap<String, Vec<String>>,
    pub terms: Terms,
    pub listing: Listing,
    /// Who may take the preview.
    pub preview_audience: Vec<AudienceEntry>,
    pub plans: Vec<Plan>,
    /// What certification is told.
    pub notes: String,
    pub tests: Vec<Expectation>,
}

/// Where leads go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Destination {
    #[default]
    None,
    HttpsEndpoint {
        /// Its query often is a key.
        url: String,
        /// The query, and what is behind it, as they are kept: sealed. The address above is then
        /// without them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sealed: Option<String>,
        emails: Vec<String>,
    },
}

impl Destination {
    /// The same without the query, which is a key where there is one.
    #[must_use]
    pub fn redacted(&self) -> Self {
        match self {
            Self::None => Self::None,
            Self::HttpsEndpoint { url, sealed: _, emails } => {
                let plain = url.split(['?', '#']).next().unwrap_or_default().to_owned();
                Self::HttpsEndpoint { url: plain, sealed: None, emails: emails.clone() }
            }
        }
    }
}

/// What a customer agrees to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Terms {
    #[default]
    None,
    Text(String),
    Url(String),
}

/// What the storefront shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// `en-us`, if it is not said otherwise.
    pub language: String,
    pub title: String,
    pub summary: String,
    pub short_description: String,
    /// HTML of a few elements.
    pub description: String,
    pub privacy_policy: String,
    pub links: Vec<Link>,
    /// No customer sees either contact.
    pub support: Person,
    pub engineering: Person,
    pub support_global: Option<String>,
    pub support_government: Option<String>,
    pub logo: Option<Picture>,
    /// What stands in for what is made from the logo.
    pub medium_logo: Option<Picture>,
    pub small_logo: Option<Picture>,
    pub screenshots: Vec<Screenshot>,
    pub videos: Vec<Video>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub name: String,
    pub url: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screenshot {
    pub picture: Picture,
    pub caption: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    pub name: String,
    pub url: String,
    pub thumbnail: Option<Picture>,
}

/// A subscription that something is shown to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceEntry {
    pub subscription: SubscriptionId,
    /// For the publisher alone.
    pub description: String,
}

/// One way to take the offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub name: PlanName,
    pub title: String,
    pub summary: String,
    pub description: String,
    pub visibility: Visibility,
    /// Who sees it, if it is private.
    pub audience: Vec<AudienceEntry>,
    /// In the order of their versions; the last is the one offered.
    pub manifests: Vec<VersionedManifest>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Visibility {
    Public,
    Private,
}

/// A manifest with its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionedManifest {
    pub version: Version,
    pub manifest: Manifest,
}

/// What a publisher expects of a plan: run before each submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    pub plan: PlanName,
    /// Who acts: a principal of the manifest, by its object id.
    pub given: ids::guid::ObjectId,
    /// What they do: an action's whole name.
    pub when: String,
    pub expect: Expected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Expected {
    Allow,
    Deny,
}

impl Form {
    /// The plan of that name.
    pub fn plan(&self, name: &PlanName) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.name == *name)
    }
}

impl Plan {
    /// The manifest of the highest version.
    pub fn newest(&self) -> Option<&VersionedManifest> {
        self.manifests.iter().max_by_key(|it| it.version)
    }
}
