//! Tenants, subscriptions, management groups and resource groups as ARM shows them.

use std::collections::BTreeMap;

use ids::{guid::TenantId, scope::Scope};
use model::{
    directory::Tenant,
    tree::{ResourceGroup, Subscription, SubscriptionState, Tags},
};
use serde::{Deserialize, Serialize};

/// `GET /tenants`, one item (api-version 2022-12-01).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantBody {
    pub id: String,
    pub tenant_id: TenantId,
    #[serde(flatten)]
    pub more: Option<TenantDetails>,
}

/// What is said of a tenant since api-version 2020-01-01.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantDetails {
    pub country_code: String,
    pub display_name: String,
    pub domains: Vec<String>,
    pub default_domain: String,
    pub tenant_category: TenantCategory,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_type: Option<&'static str>,
}

/// How the caller comes by a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TenantCategory {
    /// The caller has an account there.
    Home,
    /// Seen through a delegation to the caller's tenant.
    ProjectedBy,
    /// Manages a subscription of the caller's.
    ManagedBy,
}

impl TenantBody {
    /// The tenant as one sees it who comes by it that way.
    pub fn new(tenant: Tenant, category: TenantCategory) -> Self {
        let Tenant { id, display_name, domain, country } = tenant;
        Self {
            id: format!("/tenants/{id}"),
            tenant_id: id,
            more: Some(TenantDetails {
                country_code: country,
                display_name,
                domains: vec![domain.clone()],
                default_domain: domain,
                tenant_category: category,
                tenant_type: (category == TenantCategory::Home).then_some("AAD"),
            }),
        }
    }

    /// The tenant as versions before 2020-01-01 show it: by its id alone.
    pub fn bare(id: TenantId) -> Self {
        Self { id: format!("/tenants/{id}"), tenant_id: id, more: None }
    }
}

/// `GET /subscriptions/{id}` (api-version 2022-12-01).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionBody {
    pub id: String,
    pub authorization_source: &'static str,
    pub managed_by_tenants: Vec<ManagingTenant>,
    pub tags: Tags,
    pub subscription_id: String,
    /// Always the home tenant, whoever asks.
    pub tenant_id: TenantId,
    pub display_name: String,
    pub state: SubscriptionState,
    pub subscription_policies: Policies,
}

/// One tenant that manages some of a subscription.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagingTenant {
    pub tenant_id: TenantId,
}

/// What Azure calls a subscription's policies.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policies {
    pub location_placement_id: &'static str,
    pub quota_id: &'static str,
    pub spending_limit: &'static str,
}

impl SubscriptionBody {
    /// The subscription, with the tenants that manage some of it.
    pub fn new(subscription: Subscription, managing: Vec<TenantId>) -> Self {
        let Subscription {
            id,
            tenant,
            display_name,
            state,
            parent: _,
            tags,
            registered_by_default: _,
        } = subscription;
        Self {
            id: Scope::Subscription(id).to_string(),
            authorization_source: "RoleBased",
            managed_by_tenants: managing
                .into_iter()
                .map(|tenant_id| ManagingTenant { tenant_id })
                .collect(),
            tags,
            subscription_id: id.to_string(),
            tenant_id: tenant,
            display_name,
            state,
            subscription_policies: Policies {
                location_placement_id: "Public_2014-09-01",
                quota_id: "PayAsYouGo_2014-09-01",
                spending_limit: "Off",
            },
        }
    }
}

/// `PUT /subscriptions/{id}/resourcegroups/{name}`, the request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct GroupPut {
    pub location: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    pub managed_by: Option<String>,
}

/// A resource group as ARM shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupBody {
    pub id: String,
    pub name: String,
    pub r#type: &'static str,
    pub location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: Tags,
    pub properties: GroupProperties,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupProperties {
    pub provisioning_state: &'static str,
}

impl From<ResourceGroup> for GroupBody {
    fn from(group: ResourceGroup) -> Self {
        let id = group.scope().to_string();
        let ResourceGroup { subscription: _, name, location, tags, managed_by, system_data: _ } =
            group;
        let properties = GroupProperties { provisioning_state: "Succeeded" };
        let r#type = "Microsoft.Resources/resourceGroups";
        Self { id, name: name.to_string(), r#type, location, managed_by, tags, properties }
    }
}

/// `checkResourceName`, the request.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct NameCheck {
    pub name: String,
    pub r#type: String,
}

/// Its answer.
#[derive(Debug, Serialize)]
pub struct NameChecked {
    pub name: String,
    pub r#type: String,
    pub status: &'static str,
}

/// A page of a list. Without a further page the link is left out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListBody<T> {
    pub value: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
}

/// A page of a list whose link is null, and not left out, where it is the last (ARM contract,
/// §1.8).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkedListBody<T> {
    pub value: Vec<T>,
    pub next_link: Option<String>,
}

impl<T> ListBody<T> {
    /// A list that has one page only.
    pub fn whole(value: Vec<T>) -> Self {
        Self { value, next_link: None }
    }
}
