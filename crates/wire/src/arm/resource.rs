//! The envelope that every resource comes and goes in (ARM contract, §2.3).

use ids::{
    guid::{AppId, ObjectId, TenantId},
    resource::ResourceId,
};
use model::{
    resource::{CreatorType, Identity, Resource, SystemData},
    tree::Tags,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A resource as a client writes it. What the envelope holds beyond the known members is kept
/// only where ARM keeps it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct ResourcePut {
    pub location: Option<String>,
    pub tags: Option<Tags>,
    pub identity: Option<IdentityPut>,
    pub properties: Option<Map<String, Value>>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Who the resource is to act as.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct IdentityPut {
    pub r#type: String,
    #[serde(default)]
    pub user_assigned_identities: Option<Map<String, Value>>,
}

/// The members that the envelope keeps beside those with a type of their own.
pub const KEPT: [&str; 7] =
    ["kind", "sku", "plan", "managedBy", "zones", "extendedLocation", "placement"];

impl ResourcePut {
    /// What of the rest ARM keeps, and, for a merge, what of it is to go: that is null.
    pub fn envelope(&self) -> Map<String, Value> {
        let kept = |(key, value): (&String, &Value)| {
            let name = KEPT.iter().find(|name| name.eq_ignore_ascii_case(key))?;
            Some(((*name).to_owned(), value.clone()))
        };
        self.rest.iter().filter_map(kept).collect()
    }

    /// The type that the body says, which is to be the URL's.
    pub fn kind(&self) -> Option<&str> {
        let found = self.rest.iter().find(|(key, _)| key.eq_ignore_ascii_case("type"));
        found.and_then(|(_, value)| value.as_str())
    }
}

/// Who an identity acts as.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActingBody {
    pub principal_id: ObjectId,
    pub client_id: AppId,
}

/// A resource as ARM shows it. `tenant` is the home tenant of its subscription, which its
/// identities live in; `acting` says who they act as, as far as they are there.
pub fn body(resource: Resource, tenant: TenantId, acting: &[(ResourceId, ActingBody)]) -> Value {
    let own = acting.iter().find(|(id, _)| *id == resource.id).map(|(_, own)| own.clone());

    let Resource { id, location, tags, identity, envelope, properties, system_data } = resource;
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(id.to_string()));
    body.insert("name".to_owned(), json!(id.name().as_str()));
    body.insert("type".to_owned(), json!(id.kind().to_string()));
    if let Some(location) = location {
        body.insert("location".to_owned(), json!(location));
    }
    if !tags.is_empty() {
        body.insert("tags".to_owned(), json!(tags));
    }
    if let Some(identity) = identity {
        body.insert("identity".to_owned(), identity_body(&identity, tenant, acting));
    }
    body.extend(envelope);
    let mut shown = properties;
    if let Some(ActingBody { principal_id, client_id }) = own {
        shown.insert("tenantId".to_owned(), json!(tenant));
        shown.insert("principalId".to_owned(), json!(principal_id));
        shown.insert("clientId".to_owned(), json!(client_id));
    }
    shown.insert("provisioningState".to_owned(), json!("Succeeded"));
    body.insert("properties".to_owned(), Value::Object(shown));
    body.insert("systemData".to_owned(), json!(SystemDataBody::from(system_data)));
    Value::Object(body)
}

/// ARM's `identity.type`.
pub fn identity_kind(identity: &Identity) -> &'static str {
    match (identity.system_assigned.is_some(), identity.user_assigned.is_empty()) {
        (false, true) => "None",
        (true, true) => "SystemAssigned",
        (false, false) => "UserAssigned",
        (true, false) => "SystemAssigned, UserAssigned",
    }
}

fn identity_body(
    identity: &Identity,
    tenant: TenantId,
    acting: &[(ResourceId, ActingBody)],
) -> Value {
    let Identity { system_assigned, user_assigned } = identity;
    let mut body = Map::new();
    body.insert("type".to_owned(), json!(identity_kind(identity)));
    if let Some(object) = system_assigned {
        body.insert("principalId".to_owned(), json!(object));
        body.insert("tenantId".to_owned(), json!(tenant));
    }
    if !user_assigned.is_empty() {
        let of = |id: &ResourceId| acting.iter().find(|(it, _)| it == id).map(|(_, it)| json!(it));
        let pair = |id: &ResourceId| (id.to_string(), of(id).unwrap_or_else(|| json!({})));
        let each: Map<String, Value> = user_assigned.iter().map(pair).collect();
        body.insert("userAssignedIdentities".to_owned(), Value::Object(each));
    }
    Value::Object(body)
}

/// Who made it and who changed it last, as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemDataBody {
    pub created_by: String,
    pub created_by_type: CreatorType,
    pub created_at: String,
    pub last_modified_by: String,
    pub last_modified_by_type: CreatorType,
    pub last_modified_at: String,
}

impl From<SystemData> for SystemDataBody {
    fn from(data: SystemData) -> Self {
        let SystemData {
            created_by,
            created_by_type,
            created_at,
            last_modified_by,
            last_modified_by_type,
            last_modified_at,
        } = data;
        Self {
            created_by,
            created_by_type,
            created_at: created_at.strftime("%Y-%m-%dT%H:%M:%S.%6f0Z").to_string(),
            last_modified_by,
            last_modified_by_type,
            last_modified_at: last_modified_at.strftime("%Y-%m-%dT%H:%M:%S.%6f0Z").to_string(),
        }
    }
}
