//! Which roles may be delegated
//! (<https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles>).

use std::collections::BTreeMap;

use ids::guid::RoleId;
use model::role::{OWNER, Permission, RoleDefinition, USER_ACCESS_ADMINISTRATOR};

/// What is known of the roles that a request names. What is missing is no built-in role.
pub type Roles<'a> = BTreeMap<RoleId, &'a RoleDefinition>;

/// Why a role may not be delegated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Unknown, or a tenant's own (B21).
    NotBuiltIn,
    /// Owner (B22).
    Owner,
    /// It reaches data (B23).
    DataActions,
    /// It would let its holder give access away or lift what guards it (B24).
    RestrictedActions,
    /// User Access Administrator (B25).
    UserAccessAdministrator,
}

/// What no delegated role may list, in lower case. Contributor's `*` is not among them, since
/// it subtracts them again: the rule is about literal strings (B24).
const RESTRICTED: [&str; 13] = [
    "microsoft.authorization/*",
    "microsoft.authorization/*/write",
    "microsoft.authorization/*/delete",
    "microsoft.authorization/roleassignments/write",
    "microsoft.authorization/roleassignments/delete",
    "microsoft.authorization/roledefinitions/write",
    "microsoft.authorization/roledefinitions/delete",
    "microsoft.authorization/classicadministrators/write",
    "microsoft.authorization/classicadministrators/delete",
    "microsoft.authorization/locks/write",
    "microsoft.authorization/locks/delete",
    "microsoft.authorization/denyassignments/write",
    "microsoft.authorization/denyassignments/delete",
];

/// Whether the role may stand in an authorization, with its whole reach.
pub fn delegable(id: RoleId, roles: &Roles<'_>) -> Result<(), Why> {
    let role = listable(id, roles)?;
    if role.permissions.iter().any(|it| !it.data_actions.is_empty()) {
        return Err(Why::DataActions);
    }
    Ok(())
}

/// Whether a delegated User Access Administrator may give the role to managed identities. One
/// that reaches data may be listed, as the stock parameter files do (B29).
pub fn listable<'a>(id: RoleId, roles: &Roles<'a>) -> Result<&'a RoleDefinition, Why> {
    let role = roles.get(&id).copied().filter(|role| role.tenant.is_none());
    let role = role.ok_or(Why::NotBuiltIn)?;
    match id {
        OWNER => Err(Why::Owner),
        USER_ACCESS_ADMINISTRATOR => Err(Why::UserAccessAdministrator),
        _ if role.permissions.iter().any(restricted) => Err(Why::RestrictedActions),
        _ => Ok(role),
    }
}

fn restricted(permission: &Permission) -> bool {
    let is = |action: &String| RESTRICTED.iter().any(|it| it.eq_ignore_ascii_case(action));
    permission.actions.iter().any(is)
}

#[cfg(test)]
mod tests;
