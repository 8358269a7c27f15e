//! Custom roles, and who holds which role.

use ids::{
    guid::{ObjectId, Principal, RoleId},
    resource::{ResourceId, RoleAssignmentId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    change::Noun,
    role::{Permission, RoleAssignment, RoleDefinition},
};
use serde_json::Value as Json;

use super::{
    collect::Collected,
    directory::principal_type,
    item::{Item, Kind, text},
};

impl Collected {
    /// One row of `az role definition list`. Built-in roles are there already.
    pub(super) fn role(&mut self, item: &Item) {
        let custom = item.text("roleType").is_some_and(|it| it.eq_ignore_ascii_case("CustomRole"));
        if item.kind != Kind::RoleDefinition || !custom {
            return;
        }
        let Some(id) = item.text("name").and_then(|name| name.parse::<RoleId>().ok()) else {
            return self.note(item, "a role without an id is left out");
        };
        let mut tenant = self.own;
        let mut scopes = Vec::new();
        for scope in item.list("assignableScopes").iter().filter_map(text) {
            if let Some((scope, home)) = self.place(item, scope) {
                tenant = Some(home);
                scopes.push(scope);
            }
        }
        let Some(tenant) = tenant.filter(|_| !scopes.is_empty()) else { return };
        let permissions = item.list("permissions").iter().map(permission).collect();
        let role = RoleDefinition {
            id,
            tenant: Some(tenant),
            name: item.text("roleName").unwrap_or("custom role").to_owned(),
            description: item.text("description").unwrap_or_default().to_owned(),
            permissions,
            assignable_scopes: scopes,
            written: None,
        };
        self.roles.insert((tenant, id), Noun::RoleDefinition(role));
    }

    /// One row of `az role assignment list`.
    pub(super) fn role_assignment(&mut self, item: &Item) {
        if item.kind != Kind::RoleAssignment {
            return;
        }
        let Some(text) = item.text("scope") else {
            return self.note(item, "a role assignment without a scope is left out");
        };
        let Some((scope, home)) = self.place(item, text) else { return };
        let role = item.text("roleDefinitionId").and_then(role_of);
        let (Some(object), Some(role)) = (item.id::<ObjectId>("principalId"), role) else {
            return self.note(item, "a role assignment without a principal or a role is left out");
        };
        let Some(id) = assignment_id(item, &scope) else {
            return self.note(item, "a role assignment without a name is left out");
        };
        let kind = principal_type(item.get("principalType"));
        self.named(item, home, object, kind);
        let identity = item.text("delegatedManagedIdentityResourceId");
        let assignment = RoleAssignment {
            principal: Principal { tenant: home, object },
            principal_type: kind,
            role,
            description: item.text("description").map(str::to_owned),
            condition: item.text("condition").map(str::to_owned),
            condition_version: item.text("conditionVersion").map(str::to_owned),
            delegated_managed_identity: identity.and_then(|id| ResourceId::parse(id, home).ok()),
            made_by: None,
            created_by: None,
            created_on: Timestamp::UNIX_EPOCH,
            updated_by: None,
            updated_on: Timestamp::UNIX_EPOCH,
            id,
        };
        // Twice the same is one grant.
        let same = |it: &RoleAssignment| {
            it.id.scope() == assignment.id.scope()
                && it.principal == assignment.principal
                && it.role == assignment.role
        };
        if !self.role_assignments.values().any(same) {
            self.role_assignments.insert(assignment.id.key(), assignment);
        }
    }
}

fn assignment_id(item: &Item, scope: &Scope) -> Option<RoleAssignmentId> {
    let name: ObjectId = item.id("name")?;
    RoleAssignmentId::at(scope.clone(), name.to_string().parse().ok()?).ok()
}

/// The role that the last part of an id names.
pub(super) fn role_of(id: &str) -> Option<RoleId> {
    id.rsplit('/').next()?.parse().ok()
}

fn permission(value: &Json) -> Permission {
    let list = |key: &str| {
        let all = value.get(key).and_then(Json::as_array);
        all.into_iter().flatten().filter_map(text).map(str::to_owned).collect()
    };
    let own = |key: &str| value.get(key).and_then(text).map(str::to_owned);
    Permission {
        actions: list("actions"),
        not_actions: list("notActions"),
        data_actions: list("dataActions"),
        not_data_actions: list("notDataActions"),
        condition: own("condition"),
        condition_version: own("conditionVersion"),
    }
}
