//! Every key a world file may hold. The reader refuses others; the published JSON Schema is
//! tested against this table.

use document::section::Section;

pub(crate) const WORLD: Section = Section::new("world", &["settings", "tenants"]);
pub(crate) const SETTINGS: Section = Section::new("settings", &["profile", "guestDelegation"]);
pub(crate) const TENANT: Section = Section::new(
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
        "activationPolicies",
        "account",
        "acceptances",
    ],
);
pub(crate) const USER: Section = Section::new(
    "user",
    &["name", "signInName", "displayName", "password", "totp", "id", "enabled"],
);
pub(crate) const GUEST: Section =
    Section::new("guest", &["user", "signInName", "displayName", "id", "enabled"]);
pub(crate) const GROUP: Section =
    Section::new("group", &["name", "displayName", "id", "kind", "members", "owners"]);
pub(crate) const APP: Section = Section::new(
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
pub(crate) const SECRET: Section = Section::new("secret", &["name", "value", "expires"]);
pub(crate) const FEDERATED_CREDENTIAL: Section =
    Section::new("federatedCredential", &["name", "issuer", "subject", "audiences", "description"]);
pub(crate) const REDIRECT_URIS: Section =
    Section::new("redirectUris", &["web", "spa", "publicClient"]);
pub(crate) const MANAGEMENT_GROUP: Section =
    Section::new("managementGroup", &["name", "displayName", "parent"]);
pub(crate) const SUBSCRIPTION: Section = Section::new(
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
    Section::new("resourceGroup", &["name", "location", "tags", "managedBy", "resources"]);
pub(crate) const RESOURCE: Section = Section::new(
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
    Section::new("identity", &["type", "userAssignedIdentities", "principalId", "clientId"]);
pub(crate) const DIRECTORY_ROLE: Section = Section::new("directoryRole", &["principal", "role"]);
pub(crate) const ROLE_DEFINITION: Section = Section::new(
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
pub(crate) const PERMISSION: Section = Section::new(
    "permission",
    &["actions", "notActions", "dataActions", "notDataActions", "condition", "conditionVersion"],
);
pub(crate) const ROLE_ASSIGNMENT: Section = Section::new(
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
pub(crate) const DENY_ASSIGNMENT: Section = Section::new(
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
pub(crate) const LOCK: Section = Section::new("lock", &["name", "level", "scope", "notes"]);
pub(crate) const DELEGATION: Section = Section::new(
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
    Section::new("authorization", &["principal", "role", "displayName", "delegatedRoles"]);
pub(crate) const ELIGIBLE_AUTHORIZATION: Section =
    Section::new("eligibleAuthorization", &["principal", "role", "displayName", "policy"]);
pub(crate) const POLICY: Section =
    Section::new("policy", &["multiFactor", "activationMinutesMax", "approvers"]);
pub(crate) const APPROVER: Section = Section::new("approver", &["principal", "displayName"]);
/// Where a delegation holds.
pub(crate) const ASSIGNMENT: Section = Section::new("assignment", &["scope", "id", "period"]);
/// When a delegation counts.
pub(crate) const PERIOD: Section = Section::new("period", &["from", "until"]);
/// What a customer asks for before a provider's people hold a role just in time.
pub(crate) const ACTIVATION_POLICY: Section = Section::new(
    "activationPolicy",
    &["role", "scope", "activationMinutesMax", "asks", "approvers"],
);
/// A publisher account of the marketplace.
pub(crate) const ACCOUNT: Section =
    Section::new("account", &["company", "partnerId", "verification", "members", "publishers"]);
pub(crate) const COMPANY: Section =
    Section::new("company", &["legalName", "street", "city", "postalCode", "country", "contact"]);
pub(crate) const CONTACT: Section = Section::new("contact", &["name", "email", "phone"]);
pub(crate) const VERIFICATION: Section =
    Section::new("verification", &["stage", "reason", "qualifications"]);
pub(crate) const QUALIFICATION: Section =
    Section::new("qualification", &["competency", "level", "program", "designation", "validTo"]);
pub(crate) const ACCOUNT_MEMBER: Section = Section::new("accountMember", &["principal", "role"]);
pub(crate) const PUBLISHER: Section = Section::new("publisher", &["id", "displayName", "offers"]);
/// An offer, whose own keys are those of an offer file.
pub(crate) const PUBLISHED_OFFER: Section = Section::new("publishedOffer", &["offer", "published"]);
/// What a customer accepted of an offer that is live.
pub(crate) const ACCEPTANCE: Section =
    Section::new("acceptance", &["plan", "subscription", "by", "scopes", "declined"]);

#[cfg(test)]
mod tests {
    use document::section::disagreements;

    use super::*;

    const OTHERS: &[Section] = &[
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
        PERIOD,
        ACTIVATION_POLICY,
        ACCOUNT,
        COMPANY,
        CONTACT,
        VERIFICATION,
        QUALIFICATION,
        ACCOUNT_MEMBER,
        PUBLISHER,
        PUBLISHED_OFFER,
        ACCEPTANCE,
    ];

    #[test]
    fn the_published_schema_knows_exactly_the_keys_that_the_reader_knows() {
        let text = include_str!("../../../docs/world.schema.json");
        let schema: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(disagreements(&WORLD, OTHERS, &schema), [""; 0]);
    }
}
