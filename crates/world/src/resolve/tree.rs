//! Management groups, subscriptions, and what lies in them.

use std::collections::BTreeMap;

use document::{
    fault::{did_you_mean, quoted},
    place::{Position, Word},
};
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
    declared::{ManagementGroup, Resource, ResourceGroup, Subscription, Tenant},
    names::{USER_ASSIGNED, derived},
    resolve::{Scene, places::Places},
    world::Standing,
};

/// The ids of a managed identity that the file gives; what it leaves out follows from the resource.
#[derive(Clone, Copy)]
struct Given {
    object: Option<ObjectId>,
    app: Option<AppId>,
}

/// Where a tenant's subscriptions stand and are noted.
struct Ground<'p> {
    nth: usize,
    tenant: TenantId,
    name: String,
    /// `subscription`, or `subscription/group`: where resources are being read.
    path: String,
    places: Places,
    known: &'p mut Places,
    /// What says where it stands: with what it is declared in, and the path there.
    later: Vec<(Scope, String, &'p Resource)>,
}

impl Scene<'_, '_> {
    /// The tenant's tree; answers what scopes it has.
    pub(super) fn tree<'p>(
        &mut self,
        nth: usize,
        declared: &'p Tenant,
        known: &'p mut Places,
    ) -> Places {
        let Some(members) = self.directory.tenant(nth) else { return Places::default() };
        let (tenant, name) = (members.id, members.name().to_owned());
        let mut ground = Ground {
            nth,
            tenant,
            name,
            path: String::new(),
            places: Places::default(),
            known,
            later: Vec::new(),
        };
        self.management_groups(&declared.management_groups, &mut ground);
        for subscription in &declared.subscriptions {
            self.subscription(subscription, &declared.management_groups, &mut ground);
        }
        self.resources(&Scope::Tenant(tenant), None, &declared.resources, &mut ground);
        self.elsewhere(&mut ground);
        ground.places
    }

    fn management_groups(&mut self, declared: &[ManagementGroup], ground: &mut Ground<'_>) {
        let mut parents = BTreeMap::new();
        for group in declared {
            let Some(name) = &group.name else { continue };
            let word = Word { at: group.at, it: name.to_string() };
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

    fn subscription<'p>(
        &mut self,
        declared: &'p Subscription,
        groups: &[ManagementGroup],
        ground: &mut Ground<'p>,
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
                display_name: declared.display_name.as_ref().unwrap_or(&declared.name.it).clone(),
                state: declared.state,
                parent,
                tags: declared.tags.clone(),
                registered_by_default: declared.registered_by_default,
            }),
        );
        self.registrations(id, declared);
        for group in &declared.resource_groups {
            let name = group.name.as_ref().map(ToString::to_string).unwrap_or_default();
            ground.path = format!("{}/{name}", declared.name.it);
            self.resource_group(id, group, ground);
        }
        ground.path.clone_from(&declared.name.it);
        self.resources(&Scope::Subscription(id), None, &declared.resources, ground);
    }

    fn registrations(&mut self, subscription: SubscriptionId, declared: &Subscription) {
        let registered = declared.registered_providers.iter().map(|it| (it, true));
        let not = declared.unregistered_providers.iter().map(|it| (it, false));
        for (namespace, registered) in registered.chain(not) {
            let namespace = namespace.clone();
            let registration = tree::Registration { subscription, namespace, registered };
            self.declare(declared.name.at, Noun::Registration(registration));
        }
    }

    fn resource_group<'p>(
        &mut self,
        subscription: SubscriptionId,
        declared: &'p ResourceGroup,
        ground: &mut Ground<'p>,
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
        self.resources(&scope, Some(&declared.location), &declared.resources, ground);
    }

    /// Those that stand where they are declared; the others wait until all of these are there.
    fn resources<'p>(
        &mut self,
        scope: &Scope,
        location: Option<&String>,
        declared: &'p [Resource],
        ground: &mut Ground<'p>,
    ) {
        for resource in declared {
            if resource.scope.is_some() {
                ground.later.push((scope.clone(), ground.path.clone(), resource));
            } else {
                self.resource(scope, location, resource, ground);
            }
        }
    }

    /// Those that say where they stand; what stands in another of them comes after it.
    fn elsewhere(&mut self, ground: &mut Ground<'_>) {
        let mut later = std::mem::take(&mut ground.later);
        let depth =
            |it: &Resource| it.scope.as_ref().map_or(0, |word| word.it.matches('/').count());
        later.sort_by_key(|(_, _, resource)| depth(resource));
        for (around, path, resource) in later {
            ground.path = path;
            self.resource(&around, None, resource, ground);
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
        let Some((scope, location)) = self.standing(scope, location, declared, ground) else {
            return;
        };
        let Ok(id) = ResourceId::new(scope, kind, &declared.names) else { return };
        self.kept(kind, declared.kind_at);
        if !ground.places.add(&Scope::Resource(id.clone())) {
            self.faults.add(declared.at, format!("the resource `{id}` is declared twice"));
        }
        let mut properties = declared.properties.clone();
        if id.is_a(USER_ASSIGNED) {
            let given = |key| properties.get(key).and_then(Json::as_str);
            let ids = Given {
                object: given("principalId").and_then(|text| text.parse().ok()),
                app: given("clientId").and_then(|text| text.parse().ok()),
            };
            let identity = self.managed_identity(&id, ids, ground, declared.at);
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
        let ids = Given { object: wanted.principal, app: wanted.client };
        let system_assigned = wanted
            .system_assigned
            .then(|| self.managed_identity(id, ids, ground, declared.at).principal.object);
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

    /// Where a resource stands, and its location unless it has its own: what is declared elsewhere
    /// than it stands takes nothing over.
    fn standing<'l>(
        &mut self,
        around: &Scope,
        location: Option<&'l String>,
        declared: &Resource,
        ground: &Ground<'_>,
    ) -> Option<(Scope, Option<&'l String>)> {
        let Some(word) = &declared.scope else { return Some((around.clone(), location)) };
        let scope = ground.places.find(ground.tenant, word, self.faults)?;
        let outside = match around {
            Scope::Tenant(_) => scope.subscription().is_some(),
            Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_) => !around.contains(&scope),
        };
        if outside {
            let message = format!("{} is not in what this is declared in", quoted(&word.it));
            self.faults.add(word.at, message);
            return None;
        }
        Some((scope, None))
    }

    /// The service principal that comes with a resource, in the subscription's tenant.
    fn managed_identity(
        &mut self,
        resource: &ResourceId,
        given: Given,
        ground: &Ground<'_>,
        at: Position,
    ) -> ServicePrincipal {
        let tenant = ground.tenant;
        let derive = |kind| derived(kind, &[&resource.key()]);
        let object = given.object.unwrap_or_else(|| ObjectId::new(derive("identity")));
        if self.directory.has(ground.nth, object) {
            self.faults.add(at, format!("the object id `{object}` is given twice"));
        }
        let identity = ServicePrincipal {
            principal: Principal { tenant, object },
            app: given.app.unwrap_or_else(|| AppId::new(derive("identity app"))),
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
