//! Management groups, and what stands in them, as ARM shows and takes them (api-version
//! 2020-05-01 and later).

use ids::{
    guid::{SubscriptionId, TenantId},
    name::Name,
    scope::Scope,
};
use model::tree::{ManagementGroup, Subscription, SubscriptionState};
use serde::{Deserialize, Serialize};

const KIND: &str = "Microsoft.Management/managementGroups";
const SUBSCRIPTION_KIND: &str = "Microsoft.Management/managementGroups/subscriptions";

/// `PUT` of a management group, the request.
#[derive(Debug, Default, Deserialize)]
#[serde(expecting = "an object")]
pub struct GroupPut {
    #[serde(default)]
    pub properties: Option<GroupPutProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct GroupPutProperties {
    pub display_name: Option<String>,
    pub details: Option<GroupPutDetails>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(expecting = "an object")]
pub struct GroupPutDetails {
    pub parent: Option<GroupPutParent>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(expecting = "an object")]
pub struct GroupPutParent {
    pub id: Option<String>,
}

/// `PATCH` of a management group, the request.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct GroupPatch {
    pub display_name: Option<String>,
    pub parent_group_id: Option<String>,
}

/// A management group as ARM shows it.
#[derive(Debug, Serialize)]
pub struct GroupBody {
    pub id: String,
    pub r#type: &'static str,
    pub name: String,
    pub properties: GroupProperties,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupProperties {
    pub tenant_id: TenantId,
    pub display_name: String,
    /// Left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<GroupDetails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<Vec<ChildBody>>,
}

#[derive(Debug, Serialize)]
pub struct GroupDetails {
    pub version: u32,
    /// None of the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<ParentBody>,
}

/// The group around something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentBody {
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// What stands in a group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChildBody {
    pub r#type: &'static str,
    pub id: String,
    pub name: String,
    pub display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<Vec<ChildBody>>,
}

impl ParentBody {
    /// The group of that name; without one, the root, which is named by its tenant.
    pub fn new(tenant: TenantId, parent: Option<&Name>, display_name: Option<String>) -> Self {
        let name = parent.map_or_else(|| tenant.to_string(), ToString::to_string);
        let id = format!("/providers/{KIND}/{name}");
        Self { id, name, display_name }
    }
}

impl GroupBody {
    /// A group without what is around and in it, as lists show it.
    pub fn bare(group: ManagementGroup) -> Self {
        let id = group.scope().to_string();
        let ManagementGroup { tenant: tenant_id, name, display_name, parent: _ } = group;
        let properties = GroupProperties { tenant_id, display_name, details: None, children: None };
        Self { id, r#type: KIND, name: name.to_string(), properties }
    }

    /// A group with what is around it, and in it as far as that was asked for.
    pub fn whole(
        group: ManagementGroup,
        parent: Option<ParentBody>,
        children: Option<Vec<ChildBody>>,
    ) -> Self {
        let mut body = Self::bare(group);
        body.properties.details = Some(GroupDetails { version: 1, parent });
        body.properties.children = children;
        body
    }
}

impl ChildBody {
    pub fn group(group: &ManagementGroup, children: Option<Vec<ChildBody>>) -> Self {
        Self {
            r#type: KIND,
            id: group.scope().to_string(),
            name: group.name.to_string(),
            display_name: group.display_name.clone(),
            children,
        }
    }

    pub fn subscription(subscription: &Subscription) -> Self {
        Self {
            r#type: "/subscriptions",
            id: Scope::Subscription(subscription.id).to_string(),
            name: subscription.id.to_string(),
            display_name: subscription.display_name.clone(),
            children: None,
        }
    }
}

/// An item of `…/descendants`.
#[derive(Debug, Serialize)]
pub struct DescendantBody {
    pub id: String,
    pub r#type: &'static str,
    pub name: String,
    pub properties: DescendantProperties,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescendantProperties {
    pub display_name: String,
    pub parent: ParentLink,
}

#[derive(Debug, Serialize)]
pub struct ParentLink {
    pub id: String,
}

impl DescendantBody {
    pub fn new(child: ChildBody, parent: ParentBody) -> Self {
        let ChildBody { r#type, id, name, display_name, children: _ } = child;
        let is_group = r#type == KIND;
        let r#type = if is_group { KIND } else { SUBSCRIPTION_KIND };
        let parent = ParentLink { id: parent.id };
        Self { id, r#type, name, properties: DescendantProperties { display_name, parent } }
    }
}

/// A subscription as it stands in a group.
#[derive(Debug, Serialize)]
pub struct SubscriptionBody {
    pub id: String,
    pub r#type: &'static str,
    pub name: SubscriptionId,
    pub properties: SubscriptionProperties,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionProperties {
    pub tenant: TenantId,
    pub display_name: String,
    pub parent: ParentLink,
    pub state: &'static str,
}

impl From<Subscription> for SubscriptionBody {
    fn from(it: Subscription) -> Self {
        let parent = ParentBody::new(it.tenant, it.parent.as_ref(), None);
        Self {
            id: format!("{}/subscriptions/{}", parent.id, it.id),
            r#type: SUBSCRIPTION_KIND,
            name: it.id,
            properties: SubscriptionProperties {
                tenant: it.tenant,
                display_name: it.display_name,
                parent: ParentLink { id: parent.id },
                state: state(it.state),
            },
        }
    }
}

/// What this API calls the state of a subscription.
fn state(state: SubscriptionState) -> &'static str {
    match state {
        SubscriptionState::Enabled => "Active",
        SubscriptionState::Warned => "Warned",
        SubscriptionState::PastDue => "PastDue",
        SubscriptionState::Disabled => "Disabled",
        SubscriptionState::Deleted => "Deleted",
    }
}

/// An item of `getEntities`.
#[derive(Debug, Serialize)]
pub struct EntityBody {
    pub id: String,
    pub r#type: &'static str,
    pub name: String,
    pub properties: EntityProperties,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntityProperties {
    pub tenant_id: TenantId,
    pub display_name: String,
    /// None of the root.
    pub parent: Option<ParentLink>,
    pub permissions: &'static str,
    pub inherited_permissions: &'static str,
    pub number_of_descendants: usize,
    pub number_of_children: usize,
    pub number_of_child_groups: usize,
    pub parent_display_name_chain: Vec<String>,
    pub parent_name_chain: Vec<String>,
}

/// The answer to `getEntities`.
#[derive(Debug, Serialize)]
pub struct EntitiesBody {
    pub value: Vec<EntityBody>,
    pub count: usize,
}
