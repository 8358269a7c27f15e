//! Other names for everything, so that a world can be shown to others: the same shape of access,
//! and nobody to be recognised.
//!
//! Names, ids and addresses are numbered in the order in which they come; the same one always
//! becomes the same one; so do kinds and sizes of resources. Built-in roles, types, locations, states
//! and permissions stay. What people write freely goes: descriptions, tags, properties, plans,
//! conditions' texts.

mod nouns;

use std::collections::BTreeMap;

use ids::{
    guid::{AppId, ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    name::{GroupName, Name},
    resource::ResourceId,
    scope::Scope,
};
use model::change::Noun;
use uuid::Uuid;

use crate::world::Roles;

/// What every id begins with; the rest is a number.
const IDS: u128 = 0x0000_0000_0000_4000_8000_0000_0000_0000;

/// The nouns under other names.
pub fn pseudonyms(nouns: &[Noun], roles: &dyn Roles) -> Vec<Noun> {
    let mut veil = Veil { roles, ids: BTreeMap::new(), names: BTreeMap::new() };
    nouns.iter().filter_map(|noun| veil.noun(noun)).collect()
}

/// What was renamed so far.
struct Veil<'a> {
    roles: &'a dyn Roles,
    ids: BTreeMap<Uuid, Uuid>,
    /// By what kind of thing they name, letters without regard to case.
    names: BTreeMap<&'static str, BTreeMap<String, usize>>,
}

impl Veil<'_> {
    fn id(&mut self, id: Uuid) -> Uuid {
        let next = IDS + self.ids.len() as u128 + 1;
        *self.ids.entry(id).or_insert(Uuid::from_u128(next))
    }

    fn tenant(&mut self, id: TenantId) -> TenantId {
        TenantId::new(self.id(id.raw()))
    }

    fn object(&mut self, id: ObjectId) -> ObjectId {
        ObjectId::new(self.id(id.raw()))
    }

    fn app(&mut self, id: AppId) -> AppId {
        AppId::new(self.id(id.raw()))
    }

    fn subscription(&mut self, id: SubscriptionId) -> SubscriptionId {
        SubscriptionId::new(self.id(id.raw()))
    }

    /// A built-in role is everybody's.
    fn role(&mut self, id: RoleId) -> RoleId {
        if self.roles.definition(id).is_some() { id } else { RoleId::new(self.id(id.raw())) }
    }

    fn principal(&mut self, who: Principal) -> Principal {
        Principal { tenant: self.tenant(who.tenant), object: self.object(who.object) }
    }

    /// The name that stands for this one of that kind.
    fn name(&mut self, kind: &'static str, name: &str) -> String {
        if let Ok(id) = name.parse::<ObjectId>() {
            return self.object(id).to_string();
        }
        let names = self.names.entry(kind).or_default();
        let next = names.len() + 1;
        format!("{kind}-{}", names.entry(name.to_lowercase()).or_insert(next))
    }

    /// A name for what has an id, whatever it was called.
    fn numbered(&mut self, kind: &'static str, id: Uuid) -> String {
        self.name(kind, &format!("id {id}"))
    }

    fn word(&mut self, kind: &'static str, name: &Name) -> Option<Name> {
        self.name(kind, name.as_str()).parse().ok()
    }

    fn group(&mut self, name: &GroupName) -> Option<GroupName> {
        self.name("rg", name.as_str()).parse().ok()
    }

    fn scope(&mut self, scope: &Scope) -> Option<Scope> {
        Some(match scope {
            Scope::Tenant(id) => Scope::Tenant(self.tenant(*id)),
            Scope::ManagementGroup(tenant, name) => {
                Scope::ManagementGroup(self.tenant(*tenant), self.word("management-group", name)?)
            }
            Scope::Subscription(id) => Scope::Subscription(self.subscription(*id)),
            Scope::ResourceGroup(id, name) => {
                Scope::ResourceGroup(self.subscription(*id), self.group(name)?)
            }
            Scope::Resource(id) => Scope::Resource(self.resource(id)?),
        })
    }

    fn resource(&mut self, id: &ResourceId) -> Option<ResourceId> {
        let scope = self.scope(id.scope())?;
        let names: Option<Vec<Name>> = id.names().map(|name| self.word("resource", name)).collect();
        ResourceId::new(scope, &id.kind(), &names?).ok()
    }
}

#[cfg(test)]
mod tests {
    use model::{resource::Resource, role::RoleDefinition, samples, tree::Tags};
    use serde_json::{Map, Value, json};

    use super::*;

    struct NoRoles;

    impl Roles for NoRoles {
        fn find(&self, _: &str) -> Option<RoleId> {
            None
        }

        fn names(&self) -> Vec<&str> {
            Vec::new()
        }

        fn definition(&self, _: RoleId) -> Option<&RoleDefinition> {
            None
        }
    }

    #[test]
    fn what_people_may_write_of_a_resource_is_written_in_other_words_of_the_same_shape() {
        let id = format!("{}/providers/My.Bank/vaults/acme", samples::resource_group("acme"));
        let Value::Object(envelope) = json!({
            "kind": "acme", "zones": ["1", "acme"], "plan": { "name": "acme" },
            "sku": { "name": "acme", "tier": "ACME", "capacity": 2, "acme": "x" },
        }) else {
            panic!("an object")
        };
        let resource = Resource {
            id: ResourceId::parse(&id, samples::CUSTOMER).unwrap(),
            location: Some("westeurope".to_owned()),
            tags: Tags::new(),
            identity: None,
            envelope,
            properties: Map::new(),
            system_data: samples::system_data(),
        };
        let hidden = pseudonyms(&[Noun::Resource(resource)], &NoRoles);
        let [Noun::Resource(hidden)] = hidden.as_slice() else { panic!("{hidden:?}") };
        assert!(!format!("{hidden:?}").to_lowercase().contains("acme"), "{hidden:?}");
        let expected = json!({
            "kind": "kind-1", "zones": ["1", "zone-1"],
            "sku": { "name": "sku-1", "tier": "sku-1", "capacity": 2 },
        });
        assert_eq!(Value::Object(hidden.envelope.clone()), expected);
    }
}
