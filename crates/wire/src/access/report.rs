//! What a provider may do at a customer's, and what came of it, for whoever reviews it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The whole report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportBody {
    pub moment: Timestamp,
    pub managed_by_tenant_id: String,
    pub customer_tenant_id: String,
    pub rights: Vec<RightBody>,
    /// What was asked for of eligible rights; what was asked for last comes first.
    #[serde(default)]
    pub activations: Vec<ActivationBody>,
    pub uses: Vec<UseBody>,
    pub changes: Vec<ChangeBody>,
    /// Whether there is more than is told.
    pub is_cut: bool,
}

/// One authorization of one delegation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RightBody {
    pub scope: String,
    pub registration_assignment_id: String,
    pub offer: Option<String>,
    pub principal_id: String,
    /// What the definition calls them.
    pub principal_display_name: Option<String>,
    pub role_definition_id: String,
    pub role_name: Option<String>,
    /// `standing`; `void`, where it gives nothing; `eligible`, after an activation alone.
    pub hold: String,
    /// Those of its operations that reveal keys, passwords or tokens.
    pub reveals_secrets_by: Vec<String>,
    pub only_reads: bool,
    /// Who is in the group behind it, where that is told and it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<String>>,
    /// When it was last used, as far as the activity log goes back and that is told.
    pub last_used: Option<Timestamp>,
    /// `used`; `never`; `notRecorded`, where it only reads; `notTold`, where somebody acted who may
    /// have done so by it.
    pub use_is: String,
    /// What was made of it, where it takes an activation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activated: Option<ActivatedBody>,
}

/// What was made of an eligible right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivatedBody {
    /// How often somebody held it.
    pub count: usize,
    /// When somebody began to hold it last.
    pub last: Option<Timestamp>,
    /// Until when somebody holds it now.
    pub active_until: Option<Timestamp>,
}

/// One request to hold an eligible right for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivationBody {
    pub role_assignment_schedule_request_id: String,
    pub scope: String,
    pub principal_id: String,
    pub name: Option<String>,
    /// The delegation that it is from, and whom its authorization names.
    pub registration_assignment_id: String,
    pub eligible_principal_id: String,
    pub role_definition_id: String,
    pub role_name: Option<String>,
    pub asked_on: Timestamp,
    pub justification: Option<String>,
    pub ticket_number: Option<String>,
    pub ticket_system: Option<String>,
    pub second_factor: bool,
    /// `pending`, `timedOut`, `scheduled`, `active`, `expired`, `denied`, `cancelled`,
    /// `deactivated`, or `revoked`, where what it was from is gone.
    pub state: String,
    /// When it counts, or counted.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub decisions: Vec<DecisionBody>,
}

/// What somebody said to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionBody {
    /// `provider` or `customer`.
    pub side: String,
    pub is_approved: bool,
    pub principal_id: String,
    pub name: Option<String>,
    pub on: Timestamp,
    pub justification: Option<String>,
}

/// Somebody of the provider's who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UseBody {
    pub principal_id: String,
    /// As the activity log calls them.
    pub name: String,
    pub count: usize,
    pub last: Timestamp,
    pub last_action: String,
    pub last_scope: String,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeBody {
    pub revision: u64,
    pub at: Timestamp,
    /// None where the system did it.
    pub by: Option<String>,
    pub what: String,
    /// The definition, the delegation, or the group.
    pub about: String,
    /// How many authorizations a definition has since, or who came or went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}
