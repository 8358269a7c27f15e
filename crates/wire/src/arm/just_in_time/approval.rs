//! `roleAssignmentApprovals`: who has to agree, and what they said (2021-01-01-preview).

use ids::guid::ObjectId;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{text, time};
use crate::arm::content::{BadContent, Content};

const KIND: &str = "Microsoft.Authorization/roleAssignmentApprovals";

/// What somebody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Review {
    Approve,
    Deny,
}

/// `PATCH …/stages/{id}`, the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagePatch {
    pub review: Review,
    pub justification: Option<String>,
}

/// Reads the body of a `PATCH`: clients send its members bare, or below `properties`.
pub fn read(body: &[u8]) -> Result<StagePatch, BadContent> {
    let content = Content::parse(body)?;
    let outer = content.fields()?;
    let it = match outer.find("properties") {
        Some(field) => field.fields()?,
        None => outer,
    };
    let field = it.get("reviewResult")?;
    let review = match field.text()? {
        text if text.eq_ignore_ascii_case("Approve") => Review::Approve,
        text if text.eq_ignore_ascii_case("Deny") => Review::Deny,
        _ => return Err(field.refused("must be 'Approve' or 'Deny'")),
    };
    Ok(StagePatch { review, justification: text(&it, "justification")? })
}

/// The id of an approval: it lies at no scope.
pub fn id(approval: Uuid) -> String {
    format!("/providers/{KIND}/{approval}")
}

/// How it stands with one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub id: Uuid,
    pub name: String,
    /// Whether the caller may decide it.
    pub is_mine: bool,
    pub progress: Progress,
}

/// How far a side has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Open,
    /// Nobody has to say anything any more.
    Over,
    Reviewed(Reviewed),
}

/// What somebody said, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    pub review: Review,
    pub by: ObjectId,
    /// What they are called, and by which name they sign in: as far as the caller may know.
    pub name: Option<(String, String)>,
    pub at: Timestamp,
    pub justification: Option<String>,
}

/// A side as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct StageBody {
    id: String,
    r#type: String,
    name: Uuid,
    properties: StageProperties,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct StageProperties {
    display_name: String,
    status: &'static str,
    assigned_to_me: bool,
    reviewed_by: Option<ReviewerBody>,
    reviewed_date_time: Option<String>,
    review_result: &'static str,
    justification: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReviewerBody {
    principal_id: ObjectId,
    principal_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_principal_name: Option<String>,
}

impl StageBody {
    /// That side of the approval.
    pub fn new(approval: Uuid, stage: Stage) -> Self {
        let Stage { id: stage_id, name, is_mine, progress } = stage;
        let (status, review_result) = match &progress {
            Progress::Open => ("InProgress", "NotReviewed"),
            Progress::Over => ("Completed", "NotReviewed"),
            Progress::Reviewed(it) => match it.review {
                Review::Approve => ("Completed", "Approve"),
                Review::Deny => ("Completed", "Deny"),
            },
        };
        let reviewed = match progress {
            Progress::Open | Progress::Over => None,
            Progress::Reviewed(it) => Some(it),
        };
        let justification = reviewed.as_ref().and_then(|it| it.justification.clone());
        let properties = StageProperties {
            display_name: name,
            status,
            assigned_to_me: is_mine,
            reviewed_date_time: reviewed.as_ref().map(|it| time(it.at)),
            review_result,
            justification: justification.unwrap_or_default(),
            reviewed_by: reviewed.map(ReviewerBody::from),
        };
        Self {
            id: format!("{}/stages/{stage_id}", id(approval)),
            r#type: format!("{KIND}/stages"),
            name: stage_id,
            properties,
        }
    }
}

impl From<Reviewed> for ReviewerBody {
    fn from(reviewed: Reviewed) -> Self {
        let (principal_name, user_principal_name) = reviewed.name.unzip();
        Self {
            principal_id: reviewed.by,
            principal_type: "user",
            principal_name,
            user_principal_name,
        }
    }
}

/// An approval as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ApprovalBody {
    id: String,
    r#type: &'static str,
    name: Uuid,
    properties: ApprovalProperties,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct ApprovalProperties {
    stages: Vec<StageBody>,
}

impl ApprovalBody {
    /// The approval with all its sides.
    pub fn new(approval: Uuid, stages: Vec<Stage>) -> Self {
        let stages = stages.into_iter().map(|it| StageBody::new(approval, it)).collect();
        let properties = ApprovalProperties { stages };
        Self { id: id(approval), r#type: KIND, name: approval, properties }
    }
}
