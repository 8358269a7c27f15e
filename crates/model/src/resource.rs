//! Resources of every type that Fyr has no rules of its own for.

use ids::{guid::ObjectId, resource::ResourceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::tree::Tags;

/// A resource: its envelope, and the properties that its type's clients gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    pub id: ResourceId,
    /// Lower-case without spaces; an extension or child may have none.
    pub location: Option<String>,
    pub tags: Tags,
    pub identity: Option<Identity>,
    /// `kind`, `sku`, `plan`, `managedBy`, `zones` and what else the envelope may hold, as sent.
    pub envelope: Map<String, Value>,
    pub properties: Map<String, Value>,
    pub system_data: SystemData,
}

/// Who a resource acts as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The service principal that came with the resource, in the subscription's home tenant.
    pub system_assigned: Option<ObjectId>,
    /// Ids of `Microsoft.ManagedIdentity/userAssignedIdentities` that it may act as, too.
    pub user_assigned: Vec<ResourceId>,
}

/// Who made something and who changed it last (ARM common types, v3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemData {
    pub created_by: String,
    pub created_by_type: CreatorType,
    pub created_at: Timestamp,
    pub last_modified_by: String,
    pub last_modified_by_type: CreatorType,
    pub last_modified_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CreatorType {
    User,
    Application,
    ManagedIdentity,
    Key,
}

impl SystemData {
    /// What is noted at the moment of creation. `by` is a sign-in name or an application's id.
    pub fn created(by: &str, kind: CreatorType, at: Timestamp) -> Self {
        Self {
            created_by: by.to_owned(),
            created_by_type: kind,
            created_at: at,
            last_modified_by: by.to_owned(),
            last_modified_by_type: kind,
            last_modified_at: at,
        }
    }

    /// What is noted at a later change.
    #[must_use]
    pub fn modified(&self, by: &str, kind: CreatorType, at: Timestamp) -> Self {
        Self {
            last_modified_by: by.to_owned(),
            last_modified_by_type: kind,
            last_modified_at: at,
            ..self.clone()
        }
    }
}
