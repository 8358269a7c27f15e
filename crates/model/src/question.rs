//! What is asked of the one decision.

use ids::{
    guid::{ObjectId, RoleId, TenantId},
    scope::Scope,
};

use serde::{Deserialize, Serialize};

use crate::{
    action::Action,
    activation::Side,
    ownership::{Owned, OwnedKind},
    role::{PrincipalType, RoleAssignment},
};

/// May this be done there? One question of possibly several that a change needs a yes to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Question {
    pub action: Action,
    pub scope: Scope,
    pub via: Via,
}

/// Which grants count for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Via {
    /// Any grant, the caller's own tenant's or a delegation's.
    Any,
    /// Only a grant made in the scope's home tenant to a member of it: never a delegation,
    /// never a guest (unless the switch `guest_delegation` is on). Three of these make the
    /// delegation rule.
    Ownership,
    /// Only a delegation to the caller's tenant whose role is the *Managed Services
    /// Registration assignment Delete Role*.
    DeleteRole,
    /// Any grant; and a delegated User Access Administrator too, where the authorization
    /// lists this role.
    Assigning(Assigned),
    /// Any grant, under whatever condition on what may be assigned, and any delegated User Access
    /// Administrator: what the front door asks before it has read which role is meant.
    AssigningSome,
    /// Only what the caller is in its own tenant's directory: a directory role, or what every
    /// member, guest or application may there. Never a role assignment, however wide, and never a
    /// delegation: who manages Azure's resources manages no people by it.
    Directory,
    /// The same, and that one of the tenant's own people owns that thing, as far as owners may
    /// change it.
    Owner(Owned),
    /// The same as for something of that kind: what the front door asks before it has found which
    /// thing is meant.
    OwnerOfSome(OwnedKind),
    /// Only what the caller is in its own tenant's publisher account, or may there by a directory
    /// role. Never a role assignment, and never a delegation.
    Market,
    /// Any grant made in the scope's home tenant, by its data actions: what is asked is done to
    /// what a resource holds, not to the resource. No delegation reaches data.
    Data,
    /// Only a grant made in the scope's home tenant, a guest's too: never a delegation. For what
    /// nobody may do in another's tenant, whatever their role says.
    Direct,
    /// Only that a delegation in force, or what the scope's own tenant says of its own people, makes
    /// the caller eligible for that: it names them or a group of theirs, and stands at the scope or
    /// around it.
    Activating(Eligible),
    /// Only that the caller is who may decide, for that side, about the activation that the scope
    /// names, while it waits.
    Approving(Side),
    /// Only that the caller asked for the activation that the scope names, while it is not over.
    Requesting,
    /// Only a grant to one of the operators' own tenant, at the root of that tenant, wherever the
    /// thing itself stands. For what the platform alone does: nobody has it by what they hold in a
    /// tenant of their own, since there they may write roles that say anything.
    Platform,
}

/// The role that is given or taken, and whose it is, as far as that is known: conditions on grants
/// may depend on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assigned {
    pub role: RoleId,
    pub principal: Option<ObjectId>,
    pub kind: Option<PrincipalType>,
}

/// A role that somebody is eligible for, and the principal that the authorization names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Eligible {
    pub principal: ObjectId,
    pub role: RoleId,
}

/// That role, whosever it is.
impl From<RoleId> for Assigned {
    fn from(role: RoleId) -> Self {
        Self { role, principal: None, kind: None }
    }
}

impl From<&RoleAssignment> for Assigned {
    fn from(it: &RoleAssignment) -> Self {
        Self { role: it.role, principal: Some(it.principal.object), kind: Some(it.principal_type) }
    }
}

impl Via {
    /// What an answer is judged by.
    pub fn plane(self) -> Plane {
        match self {
            Self::Any
            | Self::Ownership
            | Self::DeleteRole
            | Self::Assigning(_)
            | Self::AssigningSome
            | Self::Direct
            | Self::Platform => Plane::Control,
            Self::Data => Plane::Data,
            Self::Directory | Self::Owner(_) | Self::OwnerOfSome(_) | Self::Market => {
                Plane::Directory
            }
            Self::Activating(eligible) => Plane::Activation(Part::Eligible(eligible)),
            Self::Approving(side) => Plane::Activation(Part::Approver(side)),
            Self::Requesting => Plane::Activation(Part::Requestor),
        }
    }
}

/// What the answer to a question is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// Grants, by what they say of resources.
    Control,
    /// Grants, by what they say of what resources hold.
    Data,
    /// What somebody is in a directory or a publisher account: no grant counts.
    Directory,
    /// What somebody is in an activation: no grant counts.
    Activation(Part),
}

/// What somebody is in an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Eligible for that.
    Eligible(Eligible),
    /// Who may decide, for that side.
    Approver(Side),
    /// Who asked for it.
    Requestor,
}

impl Question {
    /// Whether any grant allows the action there.
    pub fn any(action: Action, scope: Scope) -> Self {
        Self { action, scope, via: Via::Any }
    }

    /// Whether the caller may do that in its tenant's own directory.
    pub fn directory(action: Action, tenant: TenantId) -> Self {
        Self { action, scope: Scope::Tenant(tenant), via: Via::Directory }
    }

    /// Whether the caller may do that to the thing, in its tenant's own directory.
    pub fn owner(action: Action, owned: Owned) -> Self {
        Self { action, scope: Scope::Tenant(owned.tenant()), via: Via::Owner(owned) }
    }

    /// Whether any grant allows the data action there.
    pub fn data(action: Action, scope: Scope) -> Self {
        Self { action, scope, via: Via::Data }
    }
}
