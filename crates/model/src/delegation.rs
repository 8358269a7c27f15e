//! The two halves of a delegation: what a provider asks for, and where a customer agreed.

use std::collections::BTreeSet;

use ids::{
    guid::{ObjectId, RoleId, TenantId},
    offer::{PartnerId, PlanVersion},
    resource::{AssignmentId, DefinitionId},
};
use serde::{Deserialize, Serialize};

use crate::{period::OpenPeriod, resource::SystemData};

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
    /// What may be held for a while, once activated.
    pub eligible: Vec<EligibleAuthorization>,
    /// The acceptance that it stands for; none where it came without an offer.
    pub accepted: Option<Accepted>,
    pub system_data: SystemData,
}

/// What a definition was taken from: everything else that it says is that manifest's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The subscription's own tenant, which took the plan.
    pub customer: TenantId,
    pub plan: PlanVersion,
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

impl JustInTimePolicy {
    /// How long an activation may last at least, in minutes (B73: `PT30M`).
    pub const MINUTES_MIN: u32 = 30;
    /// How long it may last at most, and does where nothing is said, in minutes (B73: `PT8H`).
    pub const MINUTES_MAX: u32 = 480;
    /// How many may be named to approve (B74).
    pub const APPROVERS_MAX: usize = 10;
}

/// What has to happen before an eligible role is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hurdle {
    pub multi_factor: MultiFactor,
    /// Then it is active for at most so long.
    pub minutes_max: u32,
    /// One of them has to agree; with none, nobody has.
    pub approvers: BTreeSet<ObjectId>,
}

impl Hurdle {
    /// What the authorization asks for; what it does not say is the default.
    pub fn of(authorization: &EligibleAuthorization) -> Self {
        let none = JustInTimePolicy {
            multi_factor: MultiFactor::None,
            minutes_max: JustInTimePolicy::MINUTES_MAX,
            approvers: Vec::new(),
        };
        let policy = authorization.policy.as_ref().unwrap_or(&none);
        Self {
            multi_factor: policy.multi_factor,
            minutes_max: policy.minutes_max,
            approvers: policy.approvers.iter().map(|it| it.principal).collect(),
        }
    }

    /// Whether something is easier here than there: no second factor, longer, without approval, or
    /// by the word of somebody new. Two hurdles can each be lower than the other in some way.
    pub fn is_lower_than(&self, other: &Self) -> bool {
        let is_bare = |it: &Self| it.multi_factor == MultiFactor::None;
        (is_bare(self) && !is_bare(other))
            || self.minutes_max > other.minutes_max
            || match (self.approvers.is_empty(), other.approvers.is_empty()) {
                (true, is_open) => !is_open,
                (false, true) => false,
                (false, false) => !self.approvers.is_subset(&other.approvers),
            }
    }
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
    /// Whose influence it counts for: that of the offer it was born from, as it was then.
    pub partner: Option<PartnerId>,
    /// When it counts; always where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<OpenPeriod>,
    pub system_data: SystemData,
}
