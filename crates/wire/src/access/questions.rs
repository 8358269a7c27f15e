//! Questions about access, of now or of a point in the past (api-version 2026-12-01), and their
//! answers. Those are read again by the commands that ask the running server.

use ids::guid::ObjectId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::GroupBody;
use crate::arm::roles::PermissionBody;

/// A point in the past: a revision, or a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AtBody {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment: Option<Timestamp>,
}

/// What every answer says of the facts that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AsOfBody {
    pub revision: u64,
    /// The time by which it was judged.
    pub moment: Timestamp,
    /// Whether the built-in roles were others then, and the answer is by those of now.
    #[serde(default, skip_serializing_if = "is_not_so")]
    pub built_in_roles_are_newer: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn is_not_so(it: &bool) -> bool {
    !it
}

/// Whether some may do something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckBody {
    pub questions: Vec<QuestionBody>,
    #[serde(default)]
    pub at: Option<AtBody>,
}

/// One of the questions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuestionBody {
    pub principal_id: ObjectId,
    /// Its whole name.
    pub action: String,
    /// Whether it is done to what a resource holds, and not to the resource.
    #[serde(default)]
    pub is_data_action: bool,
    /// The scope of the request, unless it is told.
    #[serde(default)]
    pub scope: Option<String>,
}

/// The answers, in the order of the questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedBody {
    #[serde(flatten)]
    pub as_of: AsOfBody,
    pub value: Vec<AnsweredBody>,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnsweredBody {
    pub principal_id: String,
    pub action: String,
    pub is_data_action: bool,
    pub scope: String,
    pub is_allowed: bool,
}

/// Who may do something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhoBody {
    pub action: String,
    #[serde(default)]
    pub is_data_action: bool,
    #[serde(default)]
    pub scope: Option<String>,
    #[serde(default)]
    pub at: Option<AtBody>,
}

/// Those who may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhoCanBody {
    #[serde(flatten)]
    pub as_of: AsOfBody,
    pub value: Vec<HolderBody>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// Somebody who may, and by which grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderBody {
    pub principal_id: String,
    pub tenant_id: String,
    /// None of whom a delegation names: who that is, the managing tenant knows.
    pub principal_type: Option<String>,
    /// As the own directory says, or as whoever delegated typed it.
    pub display_name: Option<String>,
    /// What kind of grant it is: `RoleAssignment`, `Delegation`.
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub role_definition_id: String,
    pub role_name: Option<String>,
    /// Where the grant stands.
    pub scope: String,
    /// From the group that the one is in to the group that the grant names.
    pub groups: Vec<GroupBody>,
}

/// What somebody may do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhatBody {
    pub principal_id: ObjectId,
    #[serde(default)]
    pub scope: Option<String>,
    #[serde(default)]
    pub at: Option<AtBody>,
}

/// The permission objects that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhatCanBody {
    #[serde(flatten)]
    pub as_of: AsOfBody,
    pub value: Vec<PermissionBody>,
}

/// Where somebody may do something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhereBody {
    pub principal_id: ObjectId,
    pub action: String,
    #[serde(default)]
    pub is_data_action: bool,
    #[serde(default)]
    pub scope: Option<String>,
    #[serde(default)]
    pub at: Option<AtBody>,
}

/// The outermost scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopesOfBody {
    #[serde(flatten)]
    pub as_of: AsOfBody,
    pub value: Vec<String>,
    pub is_cut: bool,
}

/// Who reaches what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChainsBody {
    /// Only what reaches this one.
    #[serde(default)]
    pub from: Option<ObjectId>,
    #[serde(default)]
    pub scope: Option<String>,
    #[serde(default)]
    pub at: Option<AtBody>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_strictly() {
        let id = "00000000-0000-0000-0000-00000000000a";
        let read = |text: &str| serde_json::from_str::<QuestionBody>(&text.replace("ID", id));
        let asked = read(r#"{"principalId":"ID","action":"a/read"}"#).unwrap();
        assert!(!asked.is_data_action && asked.scope.is_none());
        for bad in [
            r#"{"principalId":"ID"}"#,
            r#"{"principalId":"olof","action":"a/read"}"#,
            r#"{"principalId":"ID","action":"a/read","tenantId":"ID"}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<AtBody>(r#"{"revision":-1}"#).is_err());
        assert!(serde_json::from_str::<AtBody>(r#"{"moment":"yesterday"}"#).is_err());
        assert!(serde_json::from_str::<AtBody>(r#"{"day":1}"#).is_err());
    }
}
