//! Microsoft.ManagementPartner, 2018-02-01: whose partner somebody works for.

use model::market::partner::PartnerLink;
use serde::Serialize;
use serde_json::{Value, json};

/// A link as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct PartnerBody {
    etag: u32,
    id: String,
    name: String,
    r#type: &'static str,
    properties: Properties,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    partner_id: String,
    tenant_id: String,
    object_id: String,
    version: String,
    created_time: String,
    updated_time: String,
    state: &'static str,
}

impl From<PartnerLink> for PartnerBody {
    fn from(link: PartnerLink) -> Self {
        let PartnerLink { principal, partner, version, created, updated } = link;
        Self {
            etag: version,
            id: format!("/providers/microsoft.managementpartner/partners/{partner}"),
            name: partner.to_string(),
            r#type: "Microsoft.ManagementPartner/partners",
            properties: Properties {
                partner_id: partner.to_string(),
                tenant_id: principal.tenant.to_string(),
                object_id: principal.object.to_string(),
                version: version.to_string(),
                created_time: created.to_string(),
                updated_time: updated.to_string(),
                state: "Active",
            },
        }
    }
}

/// What can be done with partners.
pub fn operations() -> Value {
    let one = |verb: &str, text: &str| {
        json!({
            "name": format!("Microsoft.ManagementPartner/partners/{verb}"),
            "display": {
                "provider": "Management Partner",
                "resource": "Partners",
                "operation": text,
                "description": text,
            },
            "origin": "user",
        })
    };
    json!({ "value": [
        one("read", "Read the caller's partner"),
        one("write", "Link the caller to a partner"),
        one("delete", "Remove the caller's link to a partner"),
    ]})
}
