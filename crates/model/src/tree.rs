//! What holds resources: management groups, subscriptions, resource groups; and which
//! providers a subscription uses.

use std::collections::BTreeMap;

use ids::{
    guid::{SubscriptionId, TenantId},
    name::{GroupName, Name},
    scope::Scope,
};
use serde::{Deserialize, Serialize};

use crate::resource::SystemData;

/// Name-value pairs that people hang on things. Keys compare without regard to case where they
/// are written, and keep their spelling.
pub type Tags = BTreeMap<String, String>;

/// A group of subscriptions, in a tree under its tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagementGroup {
    pub tenant: TenantId,
    pub name: Name,
    pub display_name: String,
    /// The management group around it; directly under the tenant where there is none.
    pub parent: Option<Name>,
}

/// What resources are billed to, and what a customer delegates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub id: SubscriptionId,
    /// The home tenant: the customer's.
    pub tenant: TenantId,
    pub display_name: String,
    pub state: SubscriptionState,
    /// The management group around it; directly under the tenant where there is none.
    pub parent: Option<Name>,
    pub tags: Tags,
    /// Whether a namespace that has no [`Registration`] of its own counts as registered.
    pub registered_by_default: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SubscriptionState {
    Enabled,
    Warned,
    PastDue,
    /// Read-only.
    Disabled,
    Deleted,
}

/// Whether a subscription uses a resource provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    pub subscription: SubscriptionId,
    pub namespace: Name,
    pub registered: bool,
}

/// What resources of a subscription are put in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceGroup {
    pub subscription: SubscriptionId,
    pub name: GroupName,
    pub location: String,
    pub tags: Tags,
    pub managed_by: Option<String>,
    pub system_data: SystemData,
}

impl ResourceGroup {
    pub fn scope(&self) -> Scope {
        Scope::ResourceGroup(self.subscription, self.name.clone())
    }
}

impl ManagementGroup {
    pub fn scope(&self) -> Scope {
        Scope::ManagementGroup(self.tenant, self.name.clone())
    }
}
