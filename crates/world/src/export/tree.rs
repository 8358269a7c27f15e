//! Management groups, subscriptions, and what lies in them.

use model::{
    resource::{Identity, Resource},
    tree::{ManagementGroup, ResourceGroup, Subscription, SubscriptionState, Tags},
};
use serde_json::{Map, Value as Json, json};

use super::{Entry, Scribe, facts::OfSubscription};
use crate::{
    names::{USER_ASSIGNED, derived},
    world::Standing,
};

impl Scribe<'_> {
    pub(super) fn management_group(group: &ManagementGroup) -> Json {
        let name = group.name.to_string();
        Entry::default()
            .set("name", name.clone())
            .unless("displayName", &group.display_name, &name)
            .some("parent", group.parent.as_ref().map(ToString::to_string))
            .into()
    }

    pub(super) fn subscription(&mut self, it: &Subscription) -> Json {
        let nothing = OfSubscription::default();
        let of = self.facts.subscription(it.id).unwrap_or(&nothing);
        let name = self.names.subscription(it.id).to_owned();
        let namespaces = |registered: bool| {
            let those = of.registrations.iter().filter(move |it| it.registered == registered);
            those.map(|it| it.namespace.to_string())
        };
        // A list of those that are registered would make the rest count as not.
        let listed = of.registrations.iter().any(|it| it.registered);
        let by_default = (it.registered_by_default == listed).then_some(it.registered_by_default);
        let groups: Vec<Json> = of.groups.iter().map(|it| self.resource_group(it, of)).collect();
        let resources: Vec<&Resource> = of
            .resources
            .iter()
            .copied()
            .filter(|it| !of.groups.iter().any(|group| is_plainly_in(it, group)))
            .collect();
        let resources = self.outside(&resources);
        Entry::default()
            .set("name", name.clone())
            .unless("displayName", &it.display_name, &name)
            .set("id", it.id.to_string())
            .some("managementGroup", it.parent.as_ref().map(ToString::to_string))
            .some("state", state(it.state))
            .map("tags", tags(&it.tags))
            .some("registeredByDefault", by_default)
            .list("registeredProviders", namespaces(true))
            .list("unregisteredProviders", namespaces(false))
            .list("resourceGroups", groups)
            .list("resources", resources)
            .into()
    }

    fn resource_group(&mut self, group: &ResourceGroup, of: &OfSubscription<'_>) -> Json {
        let inside = of.resources.iter().filter(|it| is_plainly_in(it, group));
        let resources: Vec<Json> = inside
            .filter_map(|it| {
                let location = it.location.clone().filter(|own| *own != group.location);
                Some(self.resource(it)?.some("location", location).into())
            })
            .collect();
        Entry::default()
            .set("name", group.name.as_str())
            .set("location", group.location.clone())
            .map("tags", tags(&group.tags))
            .some("managedBy", group.managed_by.clone())
            .list("resources", resources)
            .into()
    }

    /// Resources that say where they stand, since they take over no location from there.
    pub(super) fn outside(&mut self, resources: &[&Resource]) -> Vec<Json> {
        let said = resources.iter().filter_map(|it| {
            let Some(scope) = self.names.scope(it.id.scope()) else {
                self.note(format!("`{}` is left out: it stands in nothing", it.id));
                return None;
            };
            let entry = self.resource(it)?.set("scope", scope);
            Some(entry.some("location", it.location.clone()).into())
        });
        said.collect()
    }

    /// A resource without its place.
    fn resource(&mut self, it: &Resource) -> Option<Entry> {
        let kind = it.id.kind();
        match self.types.standing(&kind) {
            Standing::Kept => {}
            Standing::OfItsOwn | Standing::Unknown => {
                self.note(format!("`{}` is left out: a file makes no `{kind}`", it.id));
                return None;
            }
        }
        let names: Vec<&str> = it.id.names().map(ids::name::Name::as_str).collect();
        let mut entry = Entry::default()
            .set("type", kind.to_string())
            .set("name", names.join("/"))
            .map("tags", tags(&it.tags))
            .some("identity", it.identity.as_ref().map(|identity| self.identity(it, identity)));
        for (key, value) in &it.envelope {
            entry = entry.set(key, value.clone());
        }
        Some(entry.map("properties", self.properties(it)))
    }

    /// The properties; those of an identity with its ids, where they do not follow from its name.
    fn properties(&self, it: &Resource) -> Map<String, Json> {
        let mut properties = it.properties.clone();
        if !it.id.is_a(USER_ASSIGNED) {
            return properties;
        }
        for key in ["principalId", "clientId", "tenantId"] {
            properties.shift_remove(key);
        }
        let own = self.facts.identity(it);
        let ids = own.map(|own| {
            [("principalId", own.principal.object.to_string()), ("clientId", own.app.to_string())]
        });
        for ((key, id), kind) in ids.into_iter().flatten().zip(["identity", "identity app"]) {
            if id != derived(kind, &[&it.id.key()]).to_string() {
                properties.insert(key.to_owned(), json!(id));
            }
        }
        properties
    }

    fn identity(&self, resource: &Resource, identity: &Identity) -> Json {
        let has_own = identity.system_assigned.is_some();
        let kind = match (has_own, identity.user_assigned.is_empty()) {
            (false, true) => "None",
            (true, true) => "SystemAssigned",
            (false, false) => "UserAssigned",
            (true, false) => "SystemAssigned, UserAssigned",
        };
        let derive = |kind| derived(kind, &[&resource.id.key()]).to_string();
        let given = |id: Option<String>, kind| id.filter(|id| *id != derive(kind));
        let own = self.facts.identity(resource).filter(|_| has_own);
        let object = identity.system_assigned.map(|id| id.to_string());
        Entry::default()
            .set("type", kind)
            .list("userAssignedIdentities", identity.user_assigned.iter().map(ToString::to_string))
            .some("principalId", given(object, "identity"))
            .some("clientId", given(own.map(|it| it.app.to_string()), "identity app"))
            .into()
    }
}

/// Whether a resource can be declared inside its group's entry: with a location, since it would
/// take over the group's.
fn is_plainly_in(it: &Resource, group: &ResourceGroup) -> bool {
    it.location.is_some() && *it.id.scope() == group.scope()
}

fn tags(tags: &Tags) -> Map<String, Json> {
    tags.iter().map(|(key, value)| (key.clone(), json!(value))).collect()
}

fn state(state: SubscriptionState) -> Option<&'static str> {
    match state {
        SubscriptionState::Enabled => None,
        SubscriptionState::Warned => Some("Warned"),
        SubscriptionState::PastDue => Some("PastDue"),
        SubscriptionState::Disabled => Some("Disabled"),
        SubscriptionState::Deleted => Some("Deleted"),
    }
}
