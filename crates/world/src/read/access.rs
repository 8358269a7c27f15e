//! Roles, who holds them, and what stands against them.

use document::{fault::Faults, fields::Fields, tree::Node};
use model::role::{LockLevel, Permission};
use uuid::Uuid;

use crate::{
    declared::{DenyAssignment, DirectoryRole, Lock, RoleAssignment, RoleDefinition},
    sections,
};

pub(super) fn role_definition(node: &Node, faults: &mut Faults) -> RoleDefinition {
    let mut fields = Fields::of(node, &sections::ROLE_DEFINITION, faults);
    RoleDefinition {
        name: fields.required("name"),
        id: fields.parsed("id"),
        description: fields.text("description").unwrap_or_default(),
        permissions: permissions(&mut fields),
        assignable_scopes: fields.words("assignableScopes"),
    }
}

pub(super) fn directory_role(node: &Node, faults: &mut Faults) -> DirectoryRole {
    let mut fields = Fields::of(node, &sections::DIRECTORY_ROLE, faults);
    DirectoryRole { principal: fields.required("principal"), role: fields.required("role") }
}

pub(super) fn role_assignment(node: &Node, faults: &mut Faults) -> RoleAssignment {
    let mut fields = Fields::of(node, &sections::ROLE_ASSIGNMENT, faults);
    RoleAssignment {
        principal: fields.required("principal"),
        role: fields.required("role"),
        scope: fields.required("scope"),
        id: guid(&mut fields),
        description: fields.text("description"),
        condition: fields.text("condition"),
        condition_version: fields.text("conditionVersion"),
        delegated_managed_identity: fields.word("delegatedManagedIdentity"),
        made_by: fields.word("madeBy"),
    }
}

pub(super) fn deny_assignment(node: &Node, faults: &mut Faults) -> DenyAssignment {
    let mut fields = Fields::of(node, &sections::DENY_ASSIGNMENT, faults);
    let everyone = fields.node("principals").is_some_and(|node| node.is_word("everyone"));
    let principals = if everyone { Vec::new() } else { fields.words("principals") };
    if principals.is_empty() && !everyone {
        let advice = Some("a list, or `everyone`".to_owned());
        fields.faults.advise(fields.at, "a denyAssignment needs `principals`", advice);
    }
    DenyAssignment {
        name: fields.required("name"),
        id: guid(&mut fields),
        description: fields.text("description").unwrap_or_default(),
        scope: fields.required("scope"),
        permissions: permissions(&mut fields),
        principals,
        exclude: fields.words("exclude"),
        does_not_apply_to_child_scopes: fields.flag("doesNotApplyToChildScopes").unwrap_or(false),
        is_system_protected: fields.flag("systemProtected").unwrap_or(false),
    }
}

pub(super) fn lock(node: &Node, faults: &mut Faults) -> Lock {
    const LEVELS: [(&str, LockLevel); 2] =
        [("CanNotDelete", LockLevel::CanNotDelete), ("ReadOnly", LockLevel::ReadOnly)];
    let mut fields = Fields::of(node, &sections::LOCK, faults);
    fields.required("level");
    Lock {
        at: fields.at,
        name: fields.required_parsed("name"),
        level: fields.one_of("level", &LEVELS).unwrap_or(LockLevel::CanNotDelete),
        scope: fields.required("scope"),
        notes: fields.text("notes"),
    }
}

/// The one permission object that the keys make up, or a list of several.
fn permissions(fields: &mut Fields<'_, '_>) -> Vec<Permission> {
    let own = permission(fields);
    let Some(node) = fields.node("permissions") else { return vec![own] };
    if own != Permission::default() {
        let message = "`permissions` stands instead of `actions` and the like";
        fields.faults.add(node.at, message);
    }
    fields.each("permissions", |node, faults| {
        let mut fields = Fields::of(node, &sections::PERMISSION, faults);
        Permission {
            condition: fields.text("condition"),
            condition_version: fields.text("conditionVersion"),
            ..permission(&mut fields)
        }
    })
}

fn permission(fields: &mut Fields<'_, '_>) -> Permission {
    Permission {
        actions: fields.texts("actions"),
        not_actions: fields.texts("notActions"),
        data_actions: fields.texts("dataActions"),
        not_data_actions: fields.texts("notDataActions"),
        ..Permission::default()
    }
}

pub(super) fn guid(fields: &mut Fields<'_, '_>) -> Option<Uuid> {
    fields.parsed::<ids::guid::ObjectId>("id").map(ids::guid::ObjectId::raw)
}
