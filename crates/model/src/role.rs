//! What roles allow, who holds them, and what stands against them.

use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    resource::{DenyAssignmentId, LockId, ResourceId, RoleAssignmentId},
    scope::Scope,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Owner: never delegated (B22).
pub const OWNER: RoleId = RoleId::new(Uuid::from_u128(0x8e3a_f657_a8ff_443c_a75c_2fe8_c4bc_b635));
/// *Managed Services Registration assignment Delete Role*: lets a managing tenant give back.
pub const DELETE_ROLE: RoleId =
    RoleId::new(Uuid::from_u128(0x91c1_777a_f3dc_4fae_b103_61d1_8345_7e46));
/// User Access Administrator: delegated for listed roles and managed identities only (B25).
pub const USER_ACCESS_ADMINISTRATOR: RoleId =
    RoleId::new(Uuid::from_u128(0x18d7_d88d_d35e_4fb5_a5c3_7773_c20a_72d9));

/// One permission object of a role: its `not_actions` subtract from its own `actions` only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Permission {
    pub actions: Vec<String>,
    pub not_actions: Vec<String>,
    pub data_actions: Vec<String>,
    pub not_data_actions: Vec<String>,
    /// An ABAC condition: the object grants only where it holds, and nothing where nobody can read
    /// it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition_version: Option<String>,
}

/// A role: a name for what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleDefinition {
    pub id: RoleId,
    /// The tenant whose custom role it is; a built-in role is every tenant's.
    pub tenant: Option<TenantId>,
    pub name: String,
    pub description: String,
    pub permissions: Vec<Permission>,
    pub assignable_scopes: Vec<Scope>,
    /// Who wrote it by the front door, and when; not known of built-in roles and of those that a
    /// world file made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
}

/// Who wrote something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Written {
    pub created_by: Option<ObjectId>,
    pub created_on: Timestamp,
    pub updated_by: Option<ObjectId>,
    pub updated_on: Timestamp,
}

/// One role held by one principal of the scope's home tenant, at the scope of its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleAssignment {
    pub id: RoleAssignmentId,
    pub principal: Principal,
    pub principal_type: PrincipalType,
    pub role: RoleId,
    pub description: Option<String>,
    pub condition: Option<String>,
    pub condition_version: Option<String>,
    /// The resource whose identity the principal is: a managing tenant must say so, and others may.
    pub delegated_managed_identity: Option<ResourceId>,
    /// The managing tenant whose caller made it; none where the home tenant's did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<TenantId>,
    /// The object id of whoever made it.
    pub created_by: Option<ObjectId>,
    pub created_on: Timestamp,
    pub updated_by: Option<ObjectId>,
    pub updated_on: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PrincipalType {
    User,
    Group,
    ServicePrincipal,
    ForeignGroup,
}

/// What some principals may not do at a scope, whatever is granted. Made by the platform only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DenyAssignment {
    pub id: DenyAssignmentId,
    pub name: String,
    pub description: String,
    pub permissions: Vec<Permission>,
    pub principals: Denied,
    /// Whom it spares.
    pub exclude: Vec<Principal>,
    pub does_not_apply_to_child_scopes: bool,
    pub is_system_protected: bool,
}

/// Whom a deny assignment is against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Denied {
    /// Azure's all-zero `SystemDefined` principal.
    Everyone,
    These(Vec<Principal>),
}

/// A bar against deletion or change, for everyone at a scope and below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub id: LockId,
    pub level: LockLevel,
    pub notes: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LockLevel {
    CanNotDelete,
    ReadOnly,
}
