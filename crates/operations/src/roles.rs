//! Roles and who holds them (`Microsoft.Authorization`): role assignments, role definitions,
//! and what a caller may do.

use condition::refused::ConditionError;
use ids::{
    guid::{ObjectId, Principal, RoleId},
    resource::{ResourceId, RoleAssignmentId},
};
use model::role::PrincipalType;
use store::records::ranges;
use uuid::Uuid;

use crate::around::Kind;

pub mod decide;
pub mod definitions;
pub mod delete;
pub mod denials;
pub mod elevate;
pub mod explain;
pub mod permissions;
pub mod put;
pub mod read;

/// Role assignments, as they hang on scopes.
pub(crate) const ASSIGNMENTS: Kind =
    Kind { name: "Microsoft.Authorization/roleAssignments", below: ranges::role_assignments_below };

/// The roles that can give access away.
const OWNER: RoleId = RoleId::new(Uuid::from_u128(0x8e3a_f657_a8ff_443c_a75c_2fe8_c4bc_b635));
const USER_ACCESS_ADMINISTRATOR: RoleId =
    RoleId::new(Uuid::from_u128(0x18d7_d88d_d35e_4fb5_a5c3_7773_c20a_72d9));

/// A role assignment as a `PUT` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutAssignment {
    pub id: RoleAssignmentId,
    pub role: RoleId,
    pub principal: ObjectId,
    /// Where it is given, the principal need not be in the directory yet.
    pub principal_type: Option<PrincipalType>,
    pub description: Option<String>,
    pub condition: Option<String>,
    pub condition_version: Option<String>,
    /// The resource whose identity the principal is.
    pub managed_identity_of: Option<ResourceId>,
}

/// Why a role was not assigned, or an assignment not removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The role assignment ID '{0}' is not valid. The role assignment ID must be a GUID.")]
    NotAGuid(String),
    #[error("The role assignment already exists.{}", .0.as_ref().map(|id| format!(" The ID of the existing role assignment is {id}.")).unwrap_or_default())]
    Exists(Option<String>),
    #[error("Tenant ID, application ID, principal ID, and scope are not allowed to be updated.")]
    UpdateNotPermitted,
    #[error(
        "Principal {} does not exist in the directory {}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
        .0.object.raw().simple(), .0.tenant
    )]
    NoPrincipal(Principal),
    #[error(
        "The PrincipalId '{principal}' has type '{is}', which is different from specified PrincipalType '{wanted}'."
    )]
    OtherType { principal: ObjectId, is: &'static str, wanted: &'static str },
    #[error("The specified role definition with ID '{}' does not exist.", .0.raw().simple())]
    NoRole(RoleId),
    #[error(
        "The role definition with ID '{}' has data actions and can be assigned in subscriptions only.",
        .0.raw().simple()
    )]
    DataOutsideSubscription(RoleId),
    #[error("No more role assignments can be created; the limit of {0} is reached.")]
    LimitExceeded(usize),
    #[error("The condition version '{0}' is not supported. Use '2.0'.")]
    ConditionVersion(String),
    #[error("The given role assignment condition is invalid: {}. {}", .0, .0.advice())]
    Condition(ConditionError),
    #[error("The property '{0}' is longer than {1} characters.")]
    TooLong(&'static str, usize),
    #[error(transparent)]
    Delegated(#[from] Undelegated),
    #[error("Cannot delete the last RBAC admin assignment")]
    LastAdmin,
    #[error("The role assignment '{0}' is not found.")]
    NotFound(String),
    #[error("The specified role definition with ID '{0}' does not exist.")]
    NoDefinition(String),
    #[error("The deny assignment '{0}' is not found.")]
    NoDenial(String),
    #[error(transparent)]
    Definition(#[from] definitions::decide::Refused),
    #[error(transparent)]
    Denial(#[from] denials::decide::Refused),
}

/// Why a managing tenant's caller may not assign a role. A delegated User Access Administrator
/// gives the roles that the authorization lists to managed identities, and does nothing else
/// (Lighthouse contract, B26 and B34).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelegated {
    #[error(
        "a managing tenant assigns roles to managed identities only, by naming the identity's resource in delegatedManagedIdentityResourceId"
    )]
    NoResource,
    #[error(
        "a managing tenant assigns roles to managed identities only, and says so by the principalType 'ServicePrincipal'"
    )]
    NoType,
    #[error(
        "delegatedManagedIdentityResourceId names no resource of this subscription whose managed identity is the principal"
    )]
    OtherIdentity,
    #[error("a managing tenant assigns roles in subscriptions only")]
    OutsideSubscription,
}

/// What ARM calls a kind of principal.
fn type_name(kind: PrincipalType) -> &'static str {
    match kind {
        PrincipalType::User => "User",
        PrincipalType::Group => "Group",
        PrincipalType::ServicePrincipal => "ServicePrincipal",
        PrincipalType::ForeignGroup => "ForeignGroup",
    }
}
