//! `organization` and `domain`: the tenant itself.

use model::directory::Tenant;
use serde_json::{Value, json};

use super::{Kind, View, view};

/// `#microsoft.graph.organization`.
pub const ORGANIZATION: Kind = Kind {
    name: "organization",
    set: "organization",
    by_default: &[
        "id",
        "deletedDateTime",
        "businessPhones",
        "city",
        "country",
        "countryLetterCode",
        "createdDateTime",
        "displayName",
        "preferredLanguage",
        "tenantType",
        "verifiedDomains",
        "assignedPlans",
        "provisionedPlans",
    ],
    on_request: &[],
};

/// `#microsoft.graph.domain`.
pub const DOMAIN: Kind = Kind {
    name: "domain",
    set: "domains",
    by_default: &[
        "authenticationType",
        "availabilityStatus",
        "id",
        "isAdminManaged",
        "isDefault",
        "isInitial",
        "isRoot",
        "isVerified",
        "supportedServices",
        "state",
    ],
    on_request: &[],
};

/// All of the tenant.
pub fn organization(it: &Tenant) -> View {
    let domain = json!({
        "capabilities": "Email, OfficeCommunicationsOnline",
        "isDefault": true,
        "isInitial": true,
        "name": it.domain,
        "type": "Managed",
    });
    view([
        ("id", json!(it.id)),
        ("businessPhones", json!([])),
        ("countryLetterCode", json!(it.country)),
        ("displayName", json!(it.display_name)),
        ("tenantType", json!("AAD")),
        ("verifiedDomains", Value::Array(vec![domain])),
        ("assignedPlans", json!([])),
        ("provisionedPlans", json!([])),
    ])
}

/// The tenant's one domain.
pub fn domain(it: &Tenant) -> View {
    view([
        ("authenticationType", json!("Managed")),
        ("id", json!(it.domain)),
        ("isAdminManaged", json!(true)),
        ("isDefault", json!(true)),
        ("isInitial", json!(true)),
        ("isRoot", json!(true)),
        ("isVerified", json!(true)),
        ("supportedServices", json!([])),
    ])
}
