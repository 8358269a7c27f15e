//! Fyr's own questions about access (`Fyr.Access`), which ARM has none for.

use ids::guid::ObjectId;
use serde::{Deserialize, Serialize};

pub mod chains;
pub mod questions;
pub mod report;

use questions::{AsOfBody, AtBody};

/// Somebody who holds what it takes to delegate (api-version 2026-12-01). Read again by the command
/// that asks the running server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegatorBody {
    pub principal_id: String,
    pub principal_type: String,
    pub display_name: Option<String>,
    pub sign_in_name: Option<String>,
    pub can_delegate: bool,
    /// Why somebody who holds what it takes cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub paths: Vec<PathBody>,
}

/// By which grant somebody holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PathBody {
    pub role_assignment_id: String,
    pub role_definition_id: String,
    pub role_name: Option<String>,
    pub scope: String,
    /// Whether it stands around the subscription, and not at it.
    pub inherited: bool,
    /// From the group that the one is in to the group that the grant names.
    pub groups: Vec<GroupBody>,
    /// What of the delegation rule it gives.
    pub actions: Vec<String>,
}

/// A group on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupBody {
    pub id: String,
    pub display_name: Option<String>,
}

/// Whether somebody may do something, as it is asked (api-version 2026-12-01).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExplainBody {
    pub principal_id: ObjectId,
    /// Its whole name.
    pub action: String,
    /// Whether it is done to what a resource holds, and not to the resource.
    #[serde(default)]
    pub is_data_action: bool,
    /// The scope of the request, unless it is told.
    #[serde(default)]
    pub scope: Option<String>,
    /// A point in the past; now, unless it is told.
    #[serde(default)]
    pub at: Option<AtBody>,
}

/// The answer with all that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplanationBody {
    #[serde(flatten)]
    pub as_of: AsOfBody,
    pub principal_id: String,
    pub action: String,
    pub is_data_action: bool,
    pub scope: String,
    pub is_allowed: bool,
    /// The answer in one sentence.
    pub reason: String,
    /// The scopes that were walked, innermost first.
    pub scopes: Vec<WalkedBody>,
    pub deny_assignments: Vec<DenyBody>,
    /// The locks that bar the action.
    pub locks: Vec<LockBody>,
}

/// A scope that was walked, with the grants there that name the principal or a group of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WalkedBody {
    pub scope: String,
    pub grants: Vec<GrantBody>,
}

/// One grant, and what it did for the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantBody {
    /// What kind of grant it is: `RoleAssignment`, `Delegation`.
    pub source: String,
    /// None where it is nothing that has an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub role_definition_id: String,
    /// None where the role is not the caller's to read.
    pub role_name: Option<String>,
    /// The group that it names; none where it names the principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupBody>,
    pub allows: bool,
    /// What it did, in words.
    pub outcome: String,
}

/// A deny assignment at a scope that was walked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DenyBody {
    pub id: String,
    /// Whether it stands against what was asked.
    pub applies: bool,
}

/// A lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockBody {
    pub id: String,
}
