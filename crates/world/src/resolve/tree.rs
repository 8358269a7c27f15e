//! Management groups, subscriptions, and what lies in them.

use std::collections::BTreeMap;

use ids::{
    guid::{AppId, ObjectId, Principal, SubscriptionId, TenantId},
    name::Name,
    resource::{ResourceId, ResourceType},
    scope::Scope,
};
use model::{
    change::Noun,
    directory::{ServicePrincipal, ServicePrincipalKind},
    resource, tree,
};
use serde_json::Value as Json;

use crate::{
    declared::{ManagementGroup, Resource, ResourceGroup, Subscription, Tenant, Word},
    fault::{Position, Spanned, did_you_mean, quoted},
    names::derived,
    resolve::{Scene, places::Places},
    world::Standing,
};

/// The type whose resources are identities themselves.
const USER_ASSIGNED: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

/// Where a tenant's subscriptions stand and are noted.
struct Ground<'p> {
    nth: usize,
    tenant: TenantId,
    name: String,
    /// `subscription`, or `subscription/group`: where resources are being read.
    path: String,
    places: Places,
    known: &'p mut Places,
}

impl Scene<'_, '_> {
    /// The tenant's tree; answers what scopes it has.
    pub(super) fn tree(&mut self, nth: usize, declared: &Tenant, known: &mut Places) -> Places {
        let Some(members) = self.directory.tenant(nth) else { return Places::default() };
        let (tenant, name) = (members.id, members.name().to_owned());
        let mut ground =
            Ground { nth, tenant, name, path: String::new(), places: Places::default(), known };
        self.management_groups(&declared.management_groups, &mut ground);
        for subscription in &declared.subscriptions {
            self.subscription(subscription, &declared.management_groups, &mut ground);
        }
        ground.places
    }

    fn management_groups(&mut self, declared: &[ManagementGroup], ground: &mut Ground<'_>) {
        let mut parents = BTreeMap::new();
        for group in declared {
            let Some(name) = &group.name else { continue };
            let word = Spanned { at: group.at, it: name.to_string() };
            ground.places.taken.word("management group", "", &word, self.faults);
            ground.places.add_management_group(ground.tenant, name);
            let parent = self.management_group(group.parent.as_ref(), declared);
            parents.insert(name.clone(), parent.clone());
            self.declare(
                group.at,
                Noun::ManagementGroup(tree::ManagementGroup {
                    tenant: ground.tenant,
                    name: name.clone(),
                    display_name: group.display_name.clone().unwrap_or_else(|| name.to_string()),
                    parent,
                }),
            );
        }
        for group in declared {
            let Some(name) = &group.name else { continue };
            if circular(name, &parents) {
                self.faults.add(group.at, format!("management group `{name}` lies within itself"));
            }
        }
    }

    fn management_group(
        &mut self,
        word: Option<&Word>,
        declared: &[ManagementGroup],
    ) -> Option<Name> {
        let word = word?;
        let names = || declared.iter().filter_map(|group| group.name.as_ref());
        let found = names().find(|name| name.is(&word.it)).cloned();
        if found.is_none() {
            let message = format!("this tenant has no management group {}", quoted(&word.it));
            let advice = did_you_mean(&word.it, names().map(Name::as_str));
            self.faults.advise(word.at, message, advice);
        }
        found
    }

    fn subscription(
        &mut self,
        declared: &Subscription,
        groups: &[ManagementGroup],
        ground: &mut Ground<'_>,
    ) {
        let derive = || derived("subscription", &[&ground.name, &declared.name.it]);
        let id = declared.id.unwrap_or_else(|| SubscriptionId::new(derive()));
        ground.places.taken.word("subscription", "", &declared.name, self.faults);
        ground.known.taken.id("subscription", id.raw(), declared.name.at, self.faults);
        ground.places.add_subscription(&declared.name.it, id);
        let parent = self.management_group(declared.management_group.as_ref(), groups);
        self.declare(
            declared.name.at,
            Noun::Subscription(tree::Subscription {
                id,
                tenant: ground.tenant,
                display_name: declared.name.it.clone(),
                state: declared.state,
                parent,
                tags: declared.tags.clone(),
                registered_by_default: declared.registered_providers.is_none(),
            }),
        );
        for namespace in declared.registered_providers.iter().flatten() {
            self.declare(
                declared.name.at,
                Noun::Registration(tree::Registration {
                    subscription: id,
                    namespace: namespace.clone(),
                    registered: true,
                }),
            );
        }
        for group in &declared.resource_groups {
            let name = group.name.as_ref().map(ToString::to_string).unwrap_or_default();
            ground.path = format!("{}/{name}", declared.name.it);
            self.resource_group(id, group, ground);
        }
        ground.path.clone_from(&declared.name.it);
        for resource in &declared.resources {
            self.resource(&Scope::Subscription(id), None, resource, ground);
        }
    }

    fn resource_group(
        &mut self,
        subscription: SubscriptionId,
        declared: &ResourceGroup,
        ground: &mut Ground<'_>,
    ) {
        let Some(name) = declared.name.clone() else { return };
        let group = tree::ResourceGroup {
            subscription,
            name,
            location: declared.location.clone(),
            tags: declared.tags.clone(),
            managed_by: declared.managed_by.clone(),
            system_data: self.system_data(),
        };
        let scope = group.scope();
        if !ground.places.add(&scope) {
            let message = format!("the resource group `{}` is declared twice", group.name);
            self.faults.add(declared.at, message);
        }
        self.declare(declared.at, Noun::ResourceGroup(group));
        for resource in &declared.resources {
            self.resource(&scope, Some(&declared.location), resource, ground);
        }
    }

    fn resource(
        &mut self,
        scope: &Scope,
        location: Option<&String>,
        declared: &Resource,
        ground: &mut Ground<'_>,
    ) {
        let Some(kind) = &declared.kind else { return };
        let Ok(id) = ResourceId::new(scope.clone(), kind, &declared.names) else { return };
        self.kept(kind, declared.kind_at);
        if !ground.places.add(&Scope::Resource(id.clone())) {
            self.faults.add(declared.at, format!("the resource `{id}` is declared twice"));
        }
        let mut properties = declared.properties.clone();
        if id.is_a(USER_ASSIGNED) {
            let identity = self.managed_identity(&id, ground, declared.at);
            for (key, value) in [
                ("principalId", identity.principal.object.to_string()),
                ("clientId", identity.app.to_string()),
                ("tenantId", ground.tenant.to_string()),
            ] {
                properties.insert(key.to_owned(), Json::String(value));
            }
        }
        let identity = self.identity(&id, declared, ground);
        self.declare(
            declared.at,
            Noun::Resource(resource::Resource {
                location: declared.location.clone().or_else(|| location.cloned()),
                tags: declared.tags.clone(),
                identity,
                envelope: declared.envelope.clone(),
                properties,
                system_data: self.system_data(),
                id,
            }),
        );
    }

    /// Whether a file may make resources of that type.
    fn kept(&mut self, kind: &ResourceType, at: Position) {
        let message = match self.types.standing(kind) {
            Standing::Kept => return,
            Standing::OfItsOwn => format!("the type `{kind}` is not made as a resource"),
            Standing::Unknown => format!("there is no type `{kind}`"),
        };
        let names = self.types.names(kind);
        let advice = did_you_mean(&kind.to_string(), names.iter().map(String::as_str));
        self.faults.advise(at, message, advice);
    }

    fn identity(
        &mut self,
        id: &ResourceId,
        declared: &Resource,
        ground: &Ground<'_>,
    ) -> Option<resource::Identity> {
        let wanted = declared.identity.as_ref()?;
        let system_assigned = wanted
            .system_assigned
            .then(|| self.managed_identity(id, ground, declared.at).principal.object);
        let mut user_assigned = Vec::new();
        for word in &wanted.user_assigned {
            match ResourceId::parse(&word.it, ground.tenant) {
                Ok(id) if id.is_a(USER_ASSIGNED) => user_assigned.push(id),
                _ => {
                    let message = format!("{} is no `{USER_ASSIGNED}`", quoted(&word.it));
                    self.faults.add(word.at, message);
                }
            }
        }
        Some(resource::Identity { system_assigned, user_assigned })
    }

    /// The service principal that comes with a resource, in the subscription's tenant.
    fn managed_identity(
        &mut self,
        resource: &ResourceId,
        ground: &Ground<'_>,
        at: Position,
    ) -> ServicePrincipal {
        let tenant = ground.tenant;
        let object = ObjectId::new(derived("identity", &[&resource.key()]));
        let identity = ServicePrincipal {
            principal: Principal { tenant, object },
            app: AppId::new(derived("identity app", &[&resource.key()])),
            display_name: resource.name().to_string(),
            enabled: true,
            kind: ServicePrincipalKind::ManagedIdentity { resource: resource.clone() },
        };
        let names = [resource.to_string(), format!("{}/{}", ground.path, resource.name())];
        self.directory.call_identity(ground.nth, identity.principal, &names);
        self.declare(at, Noun::ServicePrincipal(identity.clone()));
        identity
    }
}

/// Whether the way up from a group comes back to it.
fn circular(name: &Name, parents: &BTreeMap<Name, Option<Name>>) -> bool {
    let mut above = parents.get(name).cloned().flatten();
    for _ in 0..parents.len() {
        match above {
            Some(parent) if parent == *name => return true,
            Some(parent) => above = parents.get(&parent).cloned().flatten(),
            None => return false,
        }
    }
    false
}
