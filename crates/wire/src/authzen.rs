//! The `OpenID` `AuthZEN` Authorization API 1.0: what enforcement points send and get
//! (<https://openid.net/specs/authorization-api-1_0.html>).
//!
//! What is not known is passed over, as the specification asks; what is sent twice is refused,
//! since the sender and we could mean different ones of the two.

use serde::Serialize;

mod read;

pub use read::{action_search, evaluation, evaluations, resource_search, subject_search};

/// So many evaluations come in one request, at most.
pub const EVALUATIONS_MAX: usize = 1_000;
/// Objects and lists stand in each other so deep, at most: properties are free, and few are deep.
pub const DEPTH_MAX: usize = 32;

/// Why a request is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    #[error("the body is empty")]
    Empty,
    #[error("the body is no such JSON: {0}")]
    Json(String),
    #[error("objects and lists stand in each other deeper than {DEPTH_MAX}")]
    Depth,
    #[error("`{0}` is missing")]
    Missing(&'static str),
    #[error("`{0}` is empty")]
    Nothing(&'static str),
    #[error("a request has at most {EVALUATIONS_MAX} evaluations")]
    TooMany,
    #[error(
        "`options.evaluations_semantic` is none of `execute_all`, `deny_on_first_deny` and `permit_on_first_permit`"
    )]
    Semantic,
}

/// Whom a question is about, as the enforcement point calls them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: String,
    pub id: String,
    /// `properties.tenant_id`: whose principal it is.
    pub tenant: Option<String>,
}

/// All of that type: of whom a search is to find some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subjects {
    pub kind: String,
    pub tenant: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub name: String,
    /// `properties.is_data_action`: whether it is done to what a resource holds.
    pub is_data: bool,
}

/// What it is to be done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub kind: String,
    pub id: String,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    pub subject: Subject,
    pub action: Action,
    pub resource: Resource,
    /// `context.fyr_reasons`: whether the answer is to come with its reasons.
    pub reasons: bool,
}

/// What is posted to the evaluations' endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evaluations {
    /// Without a list it is a question like any.
    One(Evaluation),
    Many(Batch),
}

/// Several questions. One that is not understood spoils no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub semantic: Semantic,
    pub items: Vec<Result<Evaluation, BadRequest>>,
}

/// How far a batch is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Semantic {
    #[default]
    ExecuteAll,
    /// Up to and with the first no.
    DenyOnFirstDeny,
    /// Up to and with the first yes.
    PermitOnFirstPermit,
}

/// Which part of a search's results is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub token: Option<String>,
    pub limit: Option<usize>,
}

/// Who may do that?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectSearch {
    pub subjects: Subjects,
    pub action: Action,
    pub resource: Resource,
    pub page: Page,
}

/// To what may they do that?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceSearch {
    pub subject: Subject,
    pub action: Action,
    /// Of this type.
    pub kind: String,
    pub page: Page,
}

/// What may they do there?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionSearch {
    pub subject: Subject,
    pub resource: Resource,
    pub page: Page,
}

impl Semantic {
    /// Whether an answer ends the batch.
    pub fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionBody {
    pub decision: bool,
    pub context: ContextBody,
}

/// What is told beside the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ContextBody {
    /// The revision whose facts were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// For administrators alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_admin: Option<ReasonBody>,
    /// For whoever was to be let in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_user: Option<ReasonBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
}

/// A reason by language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonBody {
    pub en: String,
}

/// Why one evaluation of several was not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorBody {
    pub status: u16,
    pub message: String,
}

/// The answers to a batch, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvaluationsBody {
    pub evaluations: Vec<DecisionBody>,
}

/// A page of what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SearchBody {
    pub page: PageBody,
    pub context: ContextBody,
    pub results: Vec<FoundBody>,
}

/// Where the next page begins: nothing where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageBody {
    pub next_token: String,
    pub count: usize,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum FoundBody {
    /// A subject or a resource.
    Entity {
        #[serde(rename = "type")]
        kind: String,
        id: String,
    },
    Action {
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        properties: Option<ActionPropertiesBody>,
    },
}

/// What tells a data action from another of its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionPropertiesBody {
    pub is_data_action: bool,
}

/// What a decision point says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MetadataBody {
    pub policy_decision_point: String,
    pub access_evaluation_endpoint: String,
    pub access_evaluations_endpoint: String,
    pub search_subject_endpoint: String,
    pub search_resource_endpoint: String,
    pub search_action_endpoint: String,
}

impl MetadataBody {
    /// Of the decision point at that address, which ends without a slash.
    pub fn at(base: &str) -> Self {
        let endpoint = |name: &str| format!("{base}/access/v1/{name}");
        Self {
            policy_decision_point: base.to_owned(),
            access_evaluation_endpoint: endpoint("evaluation"),
            access_evaluations_endpoint: endpoint("evaluations"),
            search_subject_endpoint: endpoint("search/subject"),
            search_resource_endpoint: endpoint("search/resource"),
            search_action_endpoint: endpoint("search/action"),
        }
    }
}

#[cfg(test)]
mod tests;
