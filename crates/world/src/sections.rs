//! Every key a world file may hold. The reader refuses others; the published JSON Schema is
//! tested against this table.

/// One kind of mapping.
#[derive(Debug)]
pub(crate) struct Section {
    /// What a message calls it, and its name among the schema's definitions.
    pub(crate) name: &'static str,
    pub(crate) keys: &'static [&'static str],
}

const fn section(name: &'static str, keys: &'static [&'static str]) -> Section {
    Section { name, keys }
}

pub(crate) const WORLD: Section = section("world", &["settings", "tenants"]);
pub(crate) const SETTINGS: Section = section("settings", &["profile", "guestDelegation"]);
pub(crate) const TENANT: Section = section(
    "tenant",
    &[
        "name",
        "displayName",
        "domain",
        "id",
        "country",
        "users",
        "guests",
        "groups",
        "apps",
        "managementGroups",
        "subscriptions",
        "directoryRoles",
        "resources",
        "roleDefinitions",
        "roleAssignments",
        "denyAssignments",
        "locks",
        "delegations",
    ],
);
pub(crate) const USER: Section =
    section("user", &["name", "signInName", "displayName", "password", "id", "enabled"]);
pub(crate) const GUEST: Section =
    section("guest", &["user", "signInName", "displayName", "id", "enabled"]);
pub(crate) const GROUP: Section =
    section("group", &["name", "displayName", "id", "kind", "members", "owners"]);
pub(crate) const APP: Section = section(
    "app",
    &[
        "name",
        "app",
        "displayName",
        "secret",
        "secrets",
        "certificate",
        "federatedCredentials",
        "redirectUris",
        "signInAudience",
        "id",
        "appId",
        "objectId",
        "applicationObjectId",
        "servicePrincipal",
        "enabled",
        "owners",
        "servicePrincipalOwners",
    ],
);
pub(crate) const SECRET: Section = section("secret", &["name", "value", "expires"]);
pub(crate) const FEDERATED_CREDENTIAL: Section =
    section("federatedCredential", &["name", "issuer", "subject", "audiences", "description"]);
pub(crate) const REDIRECT_URIS: Section = section("redirectUris", &["web", "spa", "publicClient"]);
pub(crate) const MANAGEMENT_GROUP: Section =
    section("managementGroup", &["name", "displayName", "parent"]);
pub(crate) const SUBSCRIPTION: Section = section(
    "subscription",
    &[
        "name",
        "displayName",
        "id",
        "managementGroup",
        "state",
        "tags",
        "registeredByDefault",
        "registeredProviders",
        "unregisteredProviders",
        "resourceGroups",
        "resources",
    ],
);
pub(crate) const RESOURCE_GROUP: Section =
    section("resourceGroup", &["name", "location", "tags", "managedBy", "resources"]);
pub(crate) const RESOURCE: Section = section(
    "resource",
    &[
        "type",
        "name",
        "scope",
        "location",
        "tags",
        "properties",
        "identity",
        "kind",
        "sku",
        "plan",
        "managedBy",
        "zones",
        "extendedLocation",
        "placement",
    ],
);
pub(crate) const IDENTITY: Section =
    section("identity", &["type", "userAssignedIdentities", "principalId", "clientId"]);
pub(crate) const DIRECTORY_ROLE: Section = section("directoryRole", &["principal", "role"]);
pub(crate) const ROLE_DEFINITION: Section = section(
    "roleDefinition",
    &[
        "name",
        "id",
        "description",
        "actions",
        "notActions",
        "dataActions",
        "notDataActions",
        "permissions",
        "assignableScopes",
    ],
);
/// One of several permission objects of a role.
pub(crate) const PERMISSION: Section = section(
    "permission",
    &["actions", "notActions", "dataActions", "notDataActions", "condition", "conditionVersion"],
);
pub(crate) const ROLE_ASSIGNMENT: Section = section(
    "roleAssignment",
    &[
        "principal",
        "role",
        "scope",
        "id",
        "description",
        "condition",
        "conditionVersion",
        "delegatedManagedIdentity",
        "madeBy",
    ],
);
pub(crate) const DENY_ASSIGNMENT: Section = section(
    "denyAssignment",
    &[
        "name",
        "id",
        "description",
        "scope",
        "actions",
        "notActions",
        "dataActions",
        "notDataActions",
        "permissions",
        "principals",
        "exclude",
        "doesNotApplyToChildScopes",
        "systemProtected",
    ],
);
pub(crate) const LOCK: Section = section("lock", &["name", "level", "scope", "notes"]);
pub(crate) const DELEGATION: Section = section(
    "delegation",
    &[
        "name",
        "id",
        "subscription",
        "provider",
        "description",
        "authorizations",
        "eligibleAuthorizations",
        "assignments",
    ],
);
pub(crate) const AUTHORIZATION: Section =
    section("authorization", &["principal", "role", "displayName", "delegatedRoles"]);
pub(crate) const ELIGIBLE_AUTHORIZATION: Section =
    section("eligibleAuthorization", &["principal", "role", "displayName", "policy"]);
pub(crate) const POLICY: Section =
    section("policy", &["multiFactor", "activationMinutesMax", "approvers"]);
pub(crate) const APPROVER: Section = section("approver", &["principal", "displayName"]);
/// Where a delegation holds.
pub(crate) const ASSIGNMENT: Section = section("assignment", &["scope", "id"]);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALL: &[Section] = &[
        WORLD,
        SETTINGS,
        TENANT,
        USER,
        GUEST,
        GROUP,
        APP,
        SECRET,
        FEDERATED_CREDENTIAL,
        REDIRECT_URIS,
        MANAGEMENT_GROUP,
        SUBSCRIPTION,
        RESOURCE_GROUP,
        RESOURCE,
        IDENTITY,
        DIRECTORY_ROLE,
        ROLE_DEFINITION,
        ROLE_ASSIGNMENT,
        DENY_ASSIGNMENT,
        PERMISSION,
        LOCK,
        DELEGATION,
        AUTHORIZATION,
        ELIGIBLE_AUTHORIZATION,
        POLICY,
        APPROVER,
        ASSIGNMENT,
    ];

    #[test]
    fn the_published_schema_knows_exactly_the_keys_that_the_reader_knows() {
        let text = include_str!("../../../docs/world.schema.json");
        let schema: serde_json::Value = serde_json::from_str(text).unwrap();
        for section in ALL {
            let definition = match section.name {
                "world" => &schema,
                name => &schema["$defs"][name],
            };
            assert_eq!(definition["additionalProperties"], false, "{}", section.name);
            let published: BTreeSet<&str> =
                definition["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            let read: BTreeSet<&str> = section.keys.iter().copied().collect();
            assert_eq!(published, read, "{}", section.name);
        }
        let sections = ALL.iter().filter(|section| section.name != "world").count();
        let shared = ["guid", "tags", "strings", "reference", "text"].len();
        assert_eq!(schema["$defs"].as_object().unwrap().len(), sections + shared);
    }
}
