//! The two halves of a delegation: what a provider asks for, and where a customer agreed.

use ids::{
    guid::{ObjectId, RoleId, TenantId},
    resource::{AssignmentId, DefinitionId},
};
use serde::{Deserialize, Serialize};

use crate::resource::SystemData;

/// What a managing tenant's principals are to be allowed, once it is assigned. At a
/// subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    pub id: DefinitionId,
    /// The managing tenant. Never changes.
    pub managed_by: TenantId,
    /// The offer's name, as the customer sees it.
    pub name: Option<String>,
    pub description: Option<String>,
    pub authorizations: Vec<Authorization>,
    /// Kept and shown; nobody can activate one yet.
    pub eligible: Vec<EligibleAuthorization>,
    pub system_data: SystemData,
}

/// One role for one principal of the managing tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    pub principal: ObjectId,
    pub role: RoleId,
    pub display_name: Option<String>,
    /// Which roles a User Access Administrator may give to managed identities; absent and
    /// empty are told apart, since clients read back what they sent.
    pub delegated_roles: Option<Vec<RoleId>>,
}

/// One role that a principal may activate for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EligibleAuthorization {
    pub principal: ObjectId,
    pub role: RoleId,
    pub display_name: Option<String>,
    pub policy: Option<JustInTimePolicy>,
}

/// How an eligible authorization is activated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JustInTimePolicy {
    pub multi_factor: MultiFactor,
    /// At most this long, in minutes: 30 to 480.
    pub minutes_max: u32,
    pub approvers: Vec<Approver>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MultiFactor {
    Azure,
    None,
}

/// Someone of the managing tenant who may approve an activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approver {
    pub principal: ObjectId,
    pub display_name: Option<String>,
}

/// That a definition holds at a scope: the subscription, or one of its resource groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    pub id: AssignmentId,
    pub definition: DefinitionId,
    /// The definition's id as the caller wrote it, which Azure echoes.
    pub definition_as_sent: String,
    /// The managing tenant, as the definition names it.
    pub managed_by: TenantId,
    pub system_data: SystemData,
}
