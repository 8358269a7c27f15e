//! Directory roles, in both of Graph's shapes: `directoryRole`, which has members, and the
//! role definitions and assignments of `roleManagement/directory`.

use ids::guid::{ObjectId, RoleId, TenantId};
use model::directory_role::{DirectoryRole, DirectoryRoleAssignment};
use serde_json::json;
use uuid::Uuid;

use super::{
    Kind, View,
    body::{BadBody, Body},
    view,
};

/// `#microsoft.graph.directoryRole`.
pub const DIRECTORY_ROLE: Kind = Kind {
    name: "directoryRole",
    set: "directoryRoles",
    by_default: &["id", "deletedDateTime", "description", "displayName", "roleTemplateId"],
    on_request: &[],
};

/// `#microsoft.graph.directoryRoleTemplate`.
pub const TEMPLATE: Kind = Kind {
    name: "directoryRoleTemplate",
    set: "directoryRoleTemplates",
    by_default: &["id", "deletedDateTime", "description", "displayName"],
    on_request: &[],
};

/// `#microsoft.graph.unifiedRoleDefinition`.
pub const DEFINITION: Kind = Kind {
    name: "unifiedRoleDefinition",
    set: "roleManagement/directory/roleDefinitions",
    by_default: &[
        "id",
        "description",
        "displayName",
        "isBuiltIn",
        "isEnabled",
        "resourceScopes",
        "templateId",
        "version",
        "rolePermissions",
    ],
    on_request: &[],
};

/// `#microsoft.graph.unifiedRoleAssignment`.
pub const ASSIGNMENT: Kind = Kind {
    name: "unifiedRoleAssignment",
    set: "roleManagement/directory/roleAssignments",
    by_default: &["id", "principalId", "directoryScopeId", "roleDefinitionId"],
    on_request: &[],
};

/// The id of a role in a tenant, which is not that of its template.
pub fn id_in(tenant: TenantId, role: RoleId) -> Uuid {
    Uuid::new_v5(&tenant.raw(), role.raw().as_bytes())
}

/// A role as a tenant has it.
pub fn directory_role(tenant: TenantId, it: &DirectoryRole) -> View {
    view([
        ("id", json!(id_in(tenant, it.id))),
        ("description", json!(it.description)),
        ("displayName", json!(it.name)),
        ("roleTemplateId", json!(it.id)),
    ])
}

/// A role as every tenant knows it.
pub fn template(it: &DirectoryRole) -> View {
    view([
        ("id", json!(it.id)),
        ("description", json!(it.description)),
        ("displayName", json!(it.name)),
    ])
}

/// A role with what it allows: in Fyr's own actions, by which it is judged.
pub fn definition(it: &DirectoryRole) -> View {
    view([
        ("id", json!(it.id)),
        ("description", json!(it.description)),
        ("displayName", json!(it.name)),
        ("isBuiltIn", json!(true)),
        ("isEnabled", json!(true)),
        ("resourceScopes", json!(["/"])),
        ("templateId", json!(it.id)),
        ("version", json!("1")),
        ("rolePermissions", json!([{ "allowedResourceActions": it.actions, "condition": null }])),
    ])
}

/// That somebody holds a role.
pub fn assignment(it: &DirectoryRoleAssignment) -> View {
    view([
        ("id", json!(assignment_id(it.role, it.principal.object))),
        ("principalId", json!(it.principal.object)),
        ("directoryScopeId", json!("/")),
        ("roleDefinitionId", json!(it.role)),
    ])
}

/// An assignment is told from others by the role and by who holds it.
fn assignment_id(role: RoleId, object: ObjectId) -> String {
    format!("{}{}", role.raw().simple(), object.raw().simple())
}

/// The role and the holder that an assignment's id names.
pub fn parse_assignment_id(text: &str) -> Option<(RoleId, ObjectId)> {
    let (role, object) = text.split_at_checked(32)?;
    if object.len() != 32 {
        return None;
    }
    Some((RoleId::new(role.parse().ok()?), ObjectId::new(object.parse().ok()?)))
}

/// Reads a body that gives somebody a role: in the whole directory, nowhere else.
pub fn read_assignment(bytes: &[u8]) -> Result<(ObjectId, RoleId), BadBody> {
    let mut body = Body::parse(bytes)?;
    let invalid = |name| move |_| BadBody::Invalid(name);
    let principal = body.required("principalId")?.parse();
    let role = body.required("roleDefinitionId")?.parse();
    if body.text("directoryScopeId")?.is_none_or(|it| it != "/") {
        return Err(BadBody::Invalid("directoryScopeId"));
    }
    body.finish()?;
    Ok((principal.map_err(invalid("principalId"))?, role.map_err(invalid("roleDefinitionId"))?))
}

#[cfg(test)]
mod tests {
    use model::{
        directory_role::GLOBAL_ADMINISTRATOR,
        samples::{ADA, CUSTOMER, PROVIDER},
    };

    use super::*;

    #[test]
    fn an_assignment_is_found_by_its_id_and_nothing_by_anything_else() {
        let (role, object) = (GLOBAL_ADMINISTRATOR, ADA.object);
        let id = assignment_id(role, object);
        assert_eq!(parse_assignment_id(&id), Some((role, object)));
        let cut: String = id.chars().skip(1).collect();
        for bad in ["", "x", &cut, &format!("{id}0"), "Ω".repeat(32).as_str()] {
            assert_eq!(parse_assignment_id(bad), None, "{bad}");
        }
        assert_ne!(id_in(CUSTOMER, role), id_in(PROVIDER, role));
    }

    #[test]
    fn a_role_is_given_in_the_whole_directory_and_nowhere_else() {
        let sent = |scope: &str| {
            let (principal, role) = (ADA.object, GLOBAL_ADMINISTRATOR);
            let text =
                format!(r#"{{"principalId":"{principal}","roleDefinitionId":"{role}"{scope}}}"#);
            read_assignment(text.as_bytes())
        };
        let whole = sent(r#","directoryScopeId":"/""#);
        assert_eq!(whole, Ok((ADA.object, GLOBAL_ADMINISTRATOR)));
        let refused = Err(BadBody::Invalid("directoryScopeId"));
        assert_eq!(sent(r#","directoryScopeId":"/administrativeUnits/1""#), refused);
        assert_eq!(sent(""), refused);
    }
}
