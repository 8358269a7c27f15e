//! Roles, who holds them, and what stands against them (`Microsoft.Authorization`; ARM contract,
//! §3).

use ids::{
    guid::{ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    resource::{DenyAssignmentId, ResourceId},
    scope::Scope,
};
use jiff::Timestamp;
use model::role::{
    Denied, DenyAssignment, Permission, PrincipalType, RoleAssignment, RoleDefinition,
};
use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;

const ROLE_DEFINITIONS: &str = "Microsoft.Authorization/roleDefinitions";
/// The principal that stands for everyone in a deny assignment.
const EVERYONE: ObjectId = ObjectId::new(Uuid::nil());

/// `PUT …/roleAssignments/{name}`, the request.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct AssignmentPut {
    pub properties: AssignmentPutProperties,
}

/// What a role assignment is to be.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct AssignmentPutProperties {
    #[serde(rename = "roleDefinitionId", deserialize_with = "role")]
    pub role: RoleId,
    pub principal_id: ObjectId,
    pub principal_type: Option<PrincipalType>,
    pub description: Option<String>,
    pub condition: Option<String>,
    pub condition_version: Option<String>,
    #[serde(default, deserialize_with = "resource")]
    pub delegated_managed_identity_resource_id: Option<ResourceId>,
}

/// `PUT …/roleDefinitions/{name}`, the request. What else stands in it was read before and is
/// sent back.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct DefinitionPut {
    pub properties: DefinitionPutProperties,
}

/// What a custom role is to be.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct DefinitionPutProperties {
    pub role_name: String,
    pub r#type: Option<String>,
    pub description: Option<String>,
    pub permissions: Vec<PermissionPut>,
    pub assignable_scopes: Vec<String>,
}

/// One permission object as clients send it; a list may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct PermissionPut {
    pub actions: Option<Vec<String>>,
    pub not_actions: Option<Vec<String>>,
    pub data_actions: Option<Vec<String>>,
    pub not_data_actions: Option<Vec<String>>,
    pub condition: Option<String>,
    pub condition_version: Option<String>,
}

impl From<PermissionPut> for Permission {
    fn from(put: PermissionPut) -> Self {
        let PermissionPut {
            actions,
            not_actions,
            data_actions,
            not_data_actions,
            condition,
            condition_version,
        } = put;
        Self {
            actions: actions.unwrap_or_default(),
            not_actions: not_actions.unwrap_or_default(),
            data_actions: data_actions.unwrap_or_default(),
            not_data_actions: not_data_actions.unwrap_or_default(),
            condition_version: condition_version
                .or_else(|| condition.as_ref().map(|_| "2.0".to_owned())),
            condition,
        }
    }
}

/// A role is known by the GUID at the end of its id, whichever scope the id begins with.
fn role<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RoleId, D::Error> {
    let text = String::deserialize(deserializer)?;
    let parsed = ResourceId::parse(&text, TenantId::new(Uuid::nil())).ok();
    let id = parsed.filter(|id| id.is_a(ROLE_DEFINITIONS));
    id.and_then(|id| id.name().as_str().parse().ok()).ok_or_else(|| {
        let quoted: String = text.chars().take(200).collect();
        de::Error::custom(format!("`{quoted}` is not the id of a role definition"))
    })
}

/// An id below a subscription; it may be absent, null or empty.
fn resource<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ResourceId>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    let parse = |text: String| ResourceId::parse(&text, TenantId::new(Uuid::nil()));
    text.map(parse).transpose().map_err(de::Error::custom)
}

/// A role's id as ARM spells it in a subscription, where there is one. Clients compare it by
/// letter with the ids in a list of roles.
pub fn role_id(role: RoleId, within: Option<SubscriptionId>) -> String {
    let above = within.map(|id| Scope::Subscription(id).to_string()).unwrap_or_default();
    format!("{above}/providers/{ROLE_DEFINITIONS}/{role}")
}

/// A role assignment as ARM shows it (api-version 2022-04-01).
#[derive(Debug, Serialize)]
pub struct AssignmentBody {
    pub properties: AssignmentProperties,
    pub id: String,
    pub r#type: &'static str,
    pub name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentProperties {
    pub role_definition_id: String,
    pub principal_id: ObjectId,
    pub principal_type: PrincipalType,
    pub scope: String,
    pub condition: Option<String>,
    pub condition_version: Option<String>,
    pub created_on: String,
    pub updated_on: String,
    pub created_by: Option<ObjectId>,
    pub updated_by: Option<ObjectId>,
    pub delegated_managed_identity_resource_id: Option<String>,
    pub description: Option<String>,
}

impl AssignmentBody {
    /// The assignment, its role's id spelled as of the subscription that was asked in.
    pub fn new(assignment: RoleAssignment, within: Option<SubscriptionId>) -> Self {
        let RoleAssignment {
            id,
            principal,
            principal_type,
            role,
            description,
            condition,
            condition_version,
            delegated_managed_identity,
            made_by: _,
            created_by,
            created_on,
            updated_by,
            updated_on,
        } = assignment;
        let properties = AssignmentProperties {
            role_definition_id: role_id(role, within),
            principal_id: principal.object,
            principal_type,
            scope: id.scope().to_string(),
            condition,
            condition_version,
            created_on: time(created_on),
            updated_on: time(updated_on),
            created_by,
            updated_by,
            delegated_managed_identity_resource_id: delegated_managed_identity
                .map(|id| id.to_string()),
            description,
        };
        let (name, r#type) = (id.name().to_string(), "Microsoft.Authorization/roleAssignments");
        Self { properties, id: id.to_string(), r#type, name }
    }
}

/// A time as `Microsoft.Authorization` writes it: seven digits of a second.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6f0Z").to_string()
}

/// A role as ARM shows it (api-version 2022-04-01).
#[derive(Debug, Serialize)]
pub struct DefinitionBody {
    pub properties: DefinitionProperties,
    pub id: String,
    pub r#type: &'static str,
    pub name: RoleId,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionProperties {
    pub role_name: String,
    pub r#type: &'static str,
    pub description: String,
    pub assignable_scopes: Vec<String>,
    pub permissions: Vec<PermissionBody>,
    /// Not known of built-in roles, and of those that a world file made.
    pub created_on: Option<String>,
    pub updated_on: Option<String>,
    pub created_by: Option<ObjectId>,
    pub updated_by: Option<ObjectId>,
}

impl DefinitionBody {
    /// The role, its id spelled as of the subscription that was asked in.
    pub fn new(role: &RoleDefinition, within: Option<SubscriptionId>) -> Self {
        let RoleDefinition {
            id,
            tenant,
            name,
            description,
            permissions,
            assignable_scopes,
            written,
        } = role;
        let written = written.as_ref();
        let scopes: Vec<String> = assignable_scopes.iter().map(ToString::to_string).collect();
        let properties = DefinitionProperties {
            role_name: name.clone(),
            r#type: if tenant.is_none() { "BuiltInRole" } else { "CustomRole" },
            description: description.clone(),
            assignable_scopes: if scopes.is_empty() { vec!["/".to_owned()] } else { scopes },
            permissions: permissions.iter().cloned().map(PermissionBody::from).collect(),
            created_on: written.map(|it| time(it.created_on)),
            updated_on: written.map(|it| time(it.updated_on)),
            created_by: written.and_then(|it| it.created_by),
            updated_by: written.and_then(|it| it.updated_by),
        };
        Self { properties, id: role_id(*id, within), r#type: ROLE_DEFINITIONS, name: *id }
    }
}

/// One permission object, of a role or of a caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionBody {
    pub actions: Vec<String>,
    pub not_actions: Vec<String>,
    pub data_actions: Vec<String>,
    pub not_data_actions: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition_version: Option<String>,
}

impl From<Permission> for PermissionBody {
    fn from(permission: Permission) -> Self {
        let Permission {
            actions,
            not_actions,
            data_actions,
            not_data_actions,
            condition,
            condition_version,
        } = permission;
        Self { actions, not_actions, data_actions, not_data_actions, condition, condition_version }
    }
}

/// A deny assignment as ARM shows it.
#[derive(Debug, Serialize)]
pub struct DenyBody {
    pub properties: DenyProperties,
    pub id: String,
    pub r#type: &'static str,
    pub name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DenyProperties {
    pub deny_assignment_name: String,
    pub description: String,
    pub permissions: Vec<PermissionBody>,
    pub scope: String,
    pub do_not_apply_to_child_scopes: bool,
    pub principals: Vec<DeniedBody>,
    pub exclude_principals: Vec<DeniedBody>,
    pub is_system_protected: bool,
}

/// `PUT …/denyAssignments/{name}`, the request.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct DenyPut {
    pub properties: DenyPutProperties,
}

/// What a deny assignment is to be. Where it stands, its id says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct DenyPutProperties {
    pub deny_assignment_name: String,
    pub description: Option<String>,
    pub permissions: Vec<PermissionPut>,
    pub principals: Vec<DeniedPut>,
    pub exclude_principals: Option<Vec<DeniedPut>>,
    pub do_not_apply_to_child_scopes: Option<bool>,
    pub is_system_protected: Option<bool>,
}

/// Somebody whom a deny assignment is to name.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct DeniedPut {
    pub id: ObjectId,
}

impl DenyPut {
    /// The deny assignment of that id, in that tenant; none where everyone is named beside others
    /// or to be spared.
    pub fn into_deny(self, id: DenyAssignmentId, tenant: TenantId) -> Option<DenyAssignment> {
        let DenyPutProperties {
            deny_assignment_name,
            description,
            permissions,
            principals,
            exclude_principals,
            do_not_apply_to_child_scopes,
            is_system_protected,
        } = self.properties;
        let named = |it: DeniedPut| Principal { tenant, object: it.id };
        let everyone = |it: &Principal| it.object == EVERYONE;
        let principals: Vec<Principal> = principals.into_iter().map(named).collect();
        let excluded = exclude_principals.unwrap_or_default();
        let exclude: Vec<Principal> = excluded.into_iter().map(named).collect();
        let principals = match principals.as_slice() {
            [only] if everyone(only) => Denied::Everyone,
            these if these.iter().any(everyone) => return None,
            _ => Denied::These(principals),
        };
        (!exclude.iter().any(everyone)).then(|| DenyAssignment {
            id,
            name: deny_assignment_name,
            description: description.unwrap_or_default(),
            permissions: permissions.into_iter().map(Permission::from).collect(),
            principals,
            exclude,
            does_not_apply_to_child_scopes: do_not_apply_to_child_scopes.unwrap_or_default(),
            is_system_protected: is_system_protected.unwrap_or_default(),
        })
    }
}

/// Somebody whom a deny assignment names.
#[derive(Debug, Serialize)]
pub struct DeniedBody {
    pub id: ObjectId,
    pub r#type: &'static str,
}

impl DenyBody {
    /// The deny assignment; `kind` tells what a principal is.
    pub fn new(deny: DenyAssignment, kind: impl Fn(Principal) -> &'static str) -> Self {
        let DenyAssignment {
            id,
            name,
            description,
            permissions,
            principals,
            exclude,
            does_not_apply_to_child_scopes,
            is_system_protected,
        } = deny;
        let named = |who: &Principal| DeniedBody { id: who.object, r#type: kind(*who) };
        let principals = match &principals {
            Denied::Everyone => vec![DeniedBody { id: EVERYONE, r#type: "SystemDefined" }],
            Denied::These(principals) => principals.iter().map(named).collect(),
        };
        let properties = DenyProperties {
            deny_assignment_name: name,
            description,
            permissions: permissions.into_iter().map(PermissionBody::from).collect(),
            scope: id.scope().to_string(),
            do_not_apply_to_child_scopes: does_not_apply_to_child_scopes,
            principals,
            exclude_principals: exclude.iter().map(named).collect(),
            is_system_protected,
        };
        let r#type = "Microsoft.Authorization/denyAssignments";
        Self { properties, id: id.to_string(), r#type, name: id.name().to_string() }
    }
}

#[cfg(test)]
mod tests;
