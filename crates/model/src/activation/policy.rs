//! What a customer asks for before a provider's people hold a role just in time.

use std::collections::BTreeSet;

use ids::{guid::RoleId, resource::ActivationPolicyId, scope::BadId, scope::Scope};
use serde::{Deserialize, Serialize};

use crate::{
    action::{Action, Verb},
    delegation::Approver,
    operation,
    question::Question,
    resource::SystemData,
};

/// What a customer demands for one role at one of its scopes and all within, beside whatever the
/// provider's own policy asks for. At a management group, a subscription or a resource group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivationPolicy {
    /// Named by the role: a scope has one for each.
    pub id: ActivationPolicyId,
    pub role: RoleId,
    /// At most this long, in minutes, where that is bounded.
    pub minutes_max: Option<u32>,
    pub asks: BTreeSet<Proof>,
    /// Principals of the customer's tenant, one of whom has to agree; with none, nobody has.
    pub approvers: Vec<Approver>,
    pub system_data: SystemData,
}

/// What has to come with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Proof {
    Justification,
    Ticket,
    SecondFactor,
}

impl ActivationPolicy {
    /// How many may be named to approve.
    pub const APPROVERS_MAX: usize = 10;

    /// The id of the one for that role at that scope.
    pub fn id_at(scope: Scope, role: RoleId) -> Result<ActivationPolicyId, BadId> {
        ActivationPolicyId::at(scope, role.to_string().parse()?)
    }

    /// To say who may hold a role, and when, is to give access or to keep it: it takes the leave
    /// for that, by somebody of the scope's own tenant.
    pub(crate) fn leave(&self, verb: Verb) -> Vec<Question> {
        let policies = Action::of(&self.id.kind(), verb);
        operation::asked(policies, Scope::Resource(self.id.as_resource().clone()))
    }
}
