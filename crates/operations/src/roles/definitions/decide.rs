//! Whether a custom role may be written as it is asked for (ARM contract, §3.1): facts in, verdict
//! out.

use std::collections::BTreeSet;

use access::attributes;
use condition::{
    condition::{CHARS_MAX, Condition},
    refused::ConditionError,
};
use ids::{
    guid::{ObjectId, RoleId, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use model::role::{Permission, RoleDefinition, Written};

use crate::put::Put;

/// Azure's bound for a tenant.
pub const ROLES_MAX: usize = 5_000;
/// Azure's bound on a role's name.
const NAME_CHARS_MAX: usize = 512;
/// Azure's bound on a role's description.
const DESCRIPTION_CHARS_MAX: usize = 2_048;
/// Azure's bound on the scopes of a role.
const SCOPES_MAX: usize = 2_000;
/// Of all lists of a role together; the largest built-in role has 269. Each check of whoever holds
/// the role may look through all of them.
const PATTERNS_MAX: usize = 2_048;
/// The longest that a built-in role names has 139.
const PATTERN_CHARS_MAX: usize = 512;
/// Far more permission objects than any role of Azure's has.
const PERMISSIONS_MAX: usize = 64;

/// A custom role as a `PUT` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutDefinition {
    pub id: RoleId,
    /// Without blanks around it.
    pub name: String,
    pub description: String,
    pub permissions: Vec<Permission>,
    pub assignable_scopes: Vec<Scope>,
}

/// What is known when somebody writes a custom role.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The tenant whose role it is.
    pub home: TenantId,
    pub caller: ObjectId,
    /// What stands under this id in the tenant already.
    pub existing: Option<RoleDefinition>,
    /// Other roles of that name: the tenant's own and the built-in ones.
    pub namesakes: Vec<RoleId>,
    /// How many roles the tenant has of its own.
    pub count: usize,
    /// Where the role is held: each scope with those around it, innermost first.
    pub held: Vec<Vec<Scope>>,
    pub now: Timestamp,
}

/// Why a custom role was not written or removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The role definition ID '{0}' is not valid. The role definition ID must be a GUID.")]
    NotAGuid(String),
    #[error("The role definition '{0}' is a built-in role, which cannot be changed or deleted.")]
    BuiltIn(RoleId),
    #[error("The type of a role definition that is written must be 'CustomRole'.")]
    Type,
    #[error("A custom role needs a role name of at most {NAME_CHARS_MAX} characters.")]
    Name,
    #[error("A custom role with the name '{0}' already exists. Use a different name.")]
    SameName(String),
    #[error("The property '{0}' is longer than {1} characters.")]
    TooLong(&'static str, usize),
    #[error(
        "Role definition limit exceeded. No more than {ROLES_MAX} custom roles can be created in a tenant."
    )]
    LimitExceeded,
    #[error("A custom role needs between 1 and {SCOPES_MAX} assignable scopes.")]
    ScopeCount,
    #[error(
        "'{0}' cannot be an assignable scope of a custom role. Use management groups, subscriptions and resource groups by their ids, without wildcards."
    )]
    Scope(String),
    #[error("A custom role can have one management group at most among its assignable scopes.")]
    ManagementGroups,
    #[error(
        "A custom role needs between 1 and {PERMISSIONS_MAX} permissions, with {PATTERNS_MAX} actions at most in all their lists."
    )]
    PermissionCount,
    #[error(
        "'{0}' is not a valid action. An action is '*', or names a provider and what is done, such as 'Microsoft.Storage/*/read', with one wildcard at most."
    )]
    Action(String),
    #[error("The condition version '{0}' is not supported. Use '2.0'.")]
    ConditionVersion(String),
    #[error("The given role definition condition is invalid: {}. {}", .0, .0.advice())]
    Condition(ConditionError),
    #[error(
        "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments)."
    )]
    HasAssignments,
}

/// What can be said of the request without any fact.
pub fn valid(request: &PutDefinition) -> Result<(), Refused> {
    let name = &request.name;
    let control = name.chars().any(char::is_control);
    if name.is_empty() || control || name.chars().count() > NAME_CHARS_MAX {
        return Err(Refused::Name);
    }
    within("description", &request.description, DESCRIPTION_CHARS_MAX)?;
    scopes(&request.assignable_scopes)?;
    permissions(&request.permissions)
}

/// The role that the request makes, leaves or changes; the request is [`valid`].
pub fn put(request: PutDefinition, facts: &Facts) -> Result<Put<RoleDefinition>, Refused> {
    if facts.namesakes.iter().any(|other| *other != request.id) {
        return Err(Refused::SameName(request.name));
    }
    let PutDefinition { id, name, description, permissions, assignable_scopes } = request;
    let made = |written| RoleDefinition {
        id,
        tenant: Some(facts.home),
        name,
        description,
        permissions,
        assignable_scopes,
        written: Some(written),
    };
    let by = Some(facts.caller);
    let new =
        Written { created_by: by, created_on: facts.now, updated_by: by, updated_on: facts.now };
    let Some(existing) = &facts.existing else {
        if facts.count >= ROLES_MAX {
            return Err(Refused::LimitExceeded);
        }
        return Ok(Put::Created(made(new)));
    };
    let created = existing.written.as_ref();
    let after = made(Written {
        created_by: created.and_then(|it| it.created_by),
        created_on: created.map_or(facts.now, |it| it.created_on),
        ..new
    });
    if (RoleDefinition { written: existing.written.clone(), ..after.clone() }) == *existing {
        return Ok(Put::Unchanged(existing.clone()));
    }
    let inside = |around: &Vec<Scope>| after.assignable_scopes.iter().any(|it| around.contains(it));
    if facts.held.iter().all(inside) {
        Ok(Put::Updated(after))
    } else {
        Err(Refused::HasAssignments)
    }
}

/// Whether an update takes scopes away, so that it matters where the role is held.
pub fn shrinks(request: &PutDefinition, existing: &RoleDefinition) -> bool {
    !existing.assignable_scopes.iter().all(|it| request.assignable_scopes.contains(it))
}

fn within(name: &'static str, text: &str, most: usize) -> Result<(), Refused> {
    if text.chars().count() > most { Err(Refused::TooLong(name, most)) } else { Ok(()) }
}

fn scopes(all: &[Scope]) -> Result<(), Refused> {
    if all.is_empty() || all.len() > SCOPES_MAX {
        return Err(Refused::ScopeCount);
    }
    let mut groups = BTreeSet::new();
    for scope in all {
        let refused = || Err(Refused::Scope(scope.to_string().chars().take(200).collect()));
        match scope {
            Scope::Tenant(_) | Scope::Resource(_) => return refused(),
            Scope::ManagementGroup(_, name) => _ = groups.insert(name),
            Scope::Subscription(_) | Scope::ResourceGroup(..) => {}
        }
        if scope.to_string().contains('*') {
            return refused();
        }
    }
    if groups.len() > 1 { Err(Refused::ManagementGroups) } else { Ok(()) }
}

/// Whether the permissions are ones that a custom role may have.
pub(crate) fn permissions(all: &[Permission]) -> Result<(), Refused> {
    let lists = |it: &Permission| {
        [&it.actions, &it.not_actions, &it.data_actions, &it.not_data_actions].map(Vec::len)
    };
    let patterns: usize = all.iter().flat_map(lists).sum();
    if all.is_empty() || all.len() > PERMISSIONS_MAX || patterns > PATTERNS_MAX {
        return Err(Refused::PermissionCount);
    }
    all.iter().try_for_each(permission)
}

fn permission(it: &Permission) -> Result<(), Refused> {
    let texts = [&it.actions, &it.not_actions, &it.data_actions, &it.not_data_actions];
    if let Some(bad) = texts.into_iter().flatten().find(|text| !is_action(text)) {
        return Err(Refused::Action(bad.chars().take(200).collect()));
    }
    if let Some(text) = &it.condition {
        within("condition", text, CHARS_MAX)?;
        Condition::parse_of(text, attributes::is_known).map_err(Refused::Condition)?;
    }
    match it.condition_version.as_deref() {
        None | Some("2.0" | "1.0") => Ok(()),
        Some(other) => Err(Refused::ConditionVersion(other.chars().take(20).collect())),
    }
}

/// Whether that is an action, or a pattern of actions, as a custom role may name it. Which
/// providers and actions there are is not asked: no list of them is whole.
fn is_action(text: &str) -> bool {
    let word = |it: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "._-*{}:".contains(c);
        !it.is_empty() && it.chars().all(known)
    };
    let wildcards = text.chars().filter(|c| *c == '*').count();
    let whole = text == "*" || text.contains('/');
    whole && wildcards <= 1 && text.len() <= PATTERN_CHARS_MAX && text.split('/').all(word)
}

/// The role as somebody of a managing tenant sees it from where they ask: without the places that
/// lie elsewhere, and without the customer's people. The home tenant's own see it whole.
pub fn shown(role: RoleDefinition, viewer: TenantId, at: &Scope, home: TenantId) -> RoleDefinition {
    if home == viewer || role.tenant.is_none() {
        return role;
    }
    let near = |it: &Scope| it.contains(at) || at.contains(it);
    let mut scopes: Vec<Scope> =
        role.assignable_scopes.iter().filter(|it| near(it)).cloned().collect();
    if scopes.is_empty() {
        scopes.push(at.clone()); // what is around the subscription is not told
    }
    RoleDefinition { assignable_scopes: scopes, written: None, ..role }
}

#[cfg(test)]
mod tests;
