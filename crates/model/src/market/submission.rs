//! Publications under way.

use ids::{
    guid::TenantId,
    offer::{OfferId, Slot},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubmissionId(pub Uuid);

impl std::fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What became, or becomes, of an offer on its way to a preview or to the storefront.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    pub id: SubmissionId,
    pub offer: OfferId,
    /// Whose account it is of.
    pub tenant: TenantId,
    pub target: Slot,
    pub outcome: Outcome,
    pub steps: Vec<Step>,
    /// What the rules object to, once they were asked.
    pub findings: Vec<FindingNote>,
    /// Which draft was submitted.
    pub revision: u64,
    /// Who submitted it, by name.
    pub by: String,
    pub created: Timestamp,
}

impl Submission {
    /// Whether its certification waits for an operator.
    pub fn awaits_review(&self) -> bool {
        let waits =
            |it: &Step| it.kind == StepKind::Certification && it.status == StepStatus::Waiting;
        self.outcome == Outcome::Running && self.steps.iter().any(waits)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// One step, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub kind: StepKind,
    pub status: StepStatus,
    /// When it last moved on.
    pub at: Option<Timestamp>,
    /// What there is to say of it.
    pub message: Option<String>,
}

/// The steps, in their order. The first four lead to a preview, the others to the storefront.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepKind {
    /// The account, the form's completeness.
    Prerequisites,
    /// The rules, and an operator where one is asked for.
    Certification,
    /// A test lead.
    Leads,
    Preview,
    /// The publisher looks at the preview and goes live.
    PublisherSignOff,
    Live,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepStatus {
    NotStarted,
    InProgress,
    /// Certification waits for an operator, the sign-off for the publisher.
    Waiting,
    Complete,
    Rejected,
    Cancelled,
}

/// What a rule objected to, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingNote {
    /// The rule's id.
    pub rule: String,
    pub field: String,
    pub reason: String,
}

/// An operator's word on a submission that waits for one. Only operators write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub submission: SubmissionId,
    /// The publisher's account.
    pub tenant: TenantId,
    pub is_approved: bool,
    /// For the publisher to read.
    pub report: String,
    pub at: Timestamp,
}
