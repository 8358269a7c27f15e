//! Offers, and what is published of them.

use std::collections::BTreeMap;

use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{OfferId, PartnerId, PlanId, PlanName, Slot},
    version::Version,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    form::{AudienceEntry, Form},
    manifest::Manifest,
    submission::SubmissionId,
};

/// An offer as its publisher works on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub id: OfferId,
    /// Whose account it is of.
    pub tenant: TenantId,
    /// The GUID in its durable ids (Product Ingestion API).
    pub durable: Uuid,
    /// The draft.
    pub form: Form,
    /// Counts the changes of the draft; its entity tag.
    pub revision: u64,
    pub state: OfferState,
    /// What is known of each plan that was ever saved, beside what the draft says.
    pub plans: BTreeMap<PlanName, PlanFacts>,
    /// The submission that runs; at most one does.
    pub running: Option<SubmissionId>,
    pub created: Timestamp,
}

/// Where an offer stands between draft and storefront. That an earlier version is live meanwhile
/// is told by its edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OfferState {
    Draft,
    Publishing(Slot),
    AttentionNeeded,
    Preview,
    Live,
    PendingStop,
    NotAvailable,
}

/// What outlives a plan's draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFacts {
    /// The GUID in its durable ids.
    pub durable: Uuid,
    pub distribution: Distribution,
}

/// Whether new customers can take a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Distribution {
    /// Never published.
    Draft,
    Distributed,
    /// From the next publication on it is not.
    StopRequested,
    Stopped,
}

/// Which copy of an offer's form an edition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// The draft as it was submitted: what certification looks at.
    Submitted,
    Published(Slot),
}

impl Stage {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Published(slot) => slot.as_str(),
        }
    }
}

/// An offer's form as it was submitted or published. Whom private plans are for stands in
/// [`Audience`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    pub offer: OfferId,
    /// Whose account it is of.
    pub tenant: TenantId,
    pub stage: Stage,
    pub form: Form,
    /// Frozen: delegations born of this edition count for it.
    pub partner: PartnerId,
    pub submission: SubmissionId,
    /// The plans that nobody new may take.
    pub stopped: Vec<PlanName>,
    pub at: Timestamp,
}

/// A plan's manifest of one version. Never changes once it was in a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanManifest {
    pub plan: PlanId,
    pub tenant: TenantId,
    pub version: Version,
    pub manifest: Manifest,
    pub previewed: Timestamp,
    /// Since when it is live; never, if it was in previews only.
    pub live: Option<Timestamp>,
}

/// Who sees a private plan, or may take a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    pub of: Audienced,
    /// Whose account it is of.
    pub tenant: TenantId,
    pub entries: Vec<AudienceEntry>,
}

/// What an audience is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Audienced {
    /// Of what is being certified, of a preview.
    Preview(OfferId, Stage),
    /// Of a private plan.
    Plan(PlanId, Stage),
}

impl Audience {
    /// Whether it is for that subscription.
    pub fn names(&self, subscription: SubscriptionId) -> bool {
        self.entries.iter().any(|it| it.subscription == subscription)
    }
}

/// Something that happened to an offer, as its history shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Ordered by time.
    pub id: Uuid,
    pub offer: OfferId,
    pub tenant: TenantId,
    pub at: Timestamp,
    /// `Created plan: core`.
    pub event: String,
    /// Who did it; nobody, where a step did.
    pub by: Option<String>,
}
