//! Fyr's own questions about access (`Fyr.Access`), which ARM has none for.

use serde::{Deserialize, Serialize};

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
