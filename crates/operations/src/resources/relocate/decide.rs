//! What may be moved where, as far as the request alone tells (ARM contract, section 1.10).

use std::collections::HashSet;

use ids::{guid::SubscriptionId, name::GroupName, resource::ResourceId, scope::Scope};
use model::resource::Resource;

use crate::resources::identity;

/// ARM's own bound.
pub const RESOURCES_MAX: usize = 800;
/// With what lies in them. All of it is one unit, in memory and in the store.
const CARRIED_MAX: usize = 2_000;
const CARRIED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What says who may do what, and what stays where it was made.
const STAYS: [&str; 4] = [
    "Microsoft.Authorization",
    "Microsoft.ManagedServices",
    "Microsoft.PolicyInsights",
    "Microsoft.Management",
];

/// Why resources were not moved.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The request to move resources names none. Name the ids of some, in 'resources'.")]
    Nothing,
    #[error(
        "The request to move resources names more than '{RESOURCES_MAX}'. Move some of them at a time."
    )]
    TooMany,
    #[error(
        "The resource '{id}' is not one of the resource group '{group}' itself. All resources of a request are of one group, and what lies in a resource moves with it."
    )]
    Elsewhere { id: ResourceId, group: GroupName },
    #[error("The resource '{0}' cannot be moved: it belongs where it was made.")]
    Stays(ResourceId),
    #[error("The target '{0}' is no other resource group.")]
    Target(Scope),
    #[error("The target resource group '{0}' could not be found.")]
    NoTarget(GroupName),
    // The log of the one tenant does not tell what the other's groups are called.
    #[error(
        "The target resource group is of another tenant. Resources move within one tenant only."
    )]
    OtherTenant,
    #[error("The resource '{0}' is there already. Remove it, or move to another resource group.")]
    Taken(ResourceId),
    #[error(
        "The resource '{id}' cannot be moved: the scope '{at}' has a deny assignment, which would not move with it. Move the resource once that is gone."
    )]
    Denied { id: ResourceId, at: Scope },
    #[error(
        "The request to move resources takes along more than '{CARRIED_MAX}' resources and grants, or more than '{CARRIED_BYTES_MAX}' bytes, with what lies in them. Move some of them at a time."
    )]
    TooHeavy,
}

/// How much a request takes along.
#[derive(Debug, Default)]
pub(super) struct Load {
    count: usize,
    bytes: usize,
}

impl Load {
    /// A resource more.
    pub(super) fn add(&mut self, it: &Resource) -> Result<(), Refused> {
        let bytes = serde_json::to_vec(it).map_or(usize::MAX, |it| it.len());
        self.bytes = self.bytes.saturating_add(bytes);
        self.add_grants(1)
    }

    /// So many grants more, which are left behind.
    pub(super) fn add_grants(&mut self, count: usize) -> Result<(), Refused> {
        self.count = self.count.saturating_add(count);
        if self.count > CARRIED_MAX || self.bytes > CARRIED_BYTES_MAX {
            return Err(Refused::TooHeavy);
        }
        Ok(())
    }
}

/// The group that the target is, another than the source.
pub(super) fn target(source: &Scope, to: &Scope) -> Result<(SubscriptionId, GroupName), Refused> {
    match to {
        Scope::ResourceGroup(id, name) if to != source => Ok((*id, name.clone())),
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::Subscription(_)
        | Scope::ResourceGroup(..)
        | Scope::Resource(_) => Err(Refused::Target(to.clone())),
    }
}

/// Each of them once, if all stand directly in the source and may stand elsewhere.
pub(super) fn movable(
    source: &Scope,
    name: &GroupName,
    named: &[ResourceId],
) -> Result<Vec<ResourceId>, Refused> {
    if named.is_empty() {
        return Err(Refused::Nothing);
    }
    if named.len() > RESOURCES_MAX {
        return Err(Refused::TooMany);
    }
    let mut known = HashSet::new();
    for id in named {
        if id.parent() != *source {
            return Err(Refused::Elsewhere { id: id.clone(), group: name.clone() });
        }
        if stays(id) || identity::is_one(id) {
            return Err(Refused::Stays(id.clone()));
        }
        known.insert(id);
    }
    let mut left = known;
    Ok(named.iter().filter(|id| left.remove(id)).cloned().collect())
}

/// Whether it goes nowhere, and is left behind where what it stands at moves.
pub(super) fn stays(id: &ResourceId) -> bool {
    STAYS.iter().any(|namespace| id.namespace().is(namespace))
}

#[cfg(test)]
mod tests {
    use model::samples;

    use super::*;

    fn id(below: &str) -> ResourceId {
        let group = samples::resource_group("app");
        ResourceId::parse(&format!("{group}/providers/{below}"), samples::CUSTOMER).unwrap()
    }

    fn of(named: &[ResourceId]) -> Result<Vec<ResourceId>, Refused> {
        movable(&samples::resource_group("APP"), &"app".parse().unwrap(), named)
    }

    #[test]
    fn only_what_stands_in_the_group_itself_and_belongs_nowhere_else_is_moved() {
        let (one, same) = (id("N.S/things/a"), id("n.s/Things/A"));
        assert_eq!(of(&[one.clone(), same]), Ok(vec![one.clone()]), "each once");
        assert_eq!(of(&[]), Err(Refused::Nothing));
        assert_eq!(of(&vec![one; RESOURCES_MAX + 1]), Err(Refused::TooMany));
        for elsewhere in [
            id("N.S/things/a/parts/p"),
            id("N.S/things/a/providers/N.S/extras/e"),
            ResourceId::parse(
                &format!("{}/providers/N.S/things/a", samples::resource_group("app2")),
                samples::CUSTOMER,
            )
            .unwrap(),
        ] {
            assert!(matches!(of(&[elsewhere]), Err(Refused::Elsewhere { .. })));
        }
        for stays in [
            "Microsoft.Authorization/policyAssignments/p",
            "microsoft.managedservices/registrationAssignments/r",
            "Microsoft.ManagedIdentity/userAssignedIdentities/i",
        ] {
            assert_eq!(of(&[id(stays)]), Err(Refused::Stays(id(stays))));
        }
    }

    #[test]
    fn a_request_takes_along_so_many_resources_and_grants_and_so_many_bytes() {
        let resource = |text: String| Resource {
            id: id("N.S/things/a"),
            location: Some(text),
            tags: model::tree::Tags::new(),
            identity: None,
            envelope: serde_json::Map::new(),
            properties: serde_json::Map::new(),
            system_data: samples::system_data(),
        };
        let mut load = Load::default();
        for _ in 1..CARRIED_MAX {
            assert_eq!(load.add(&resource(String::new())), Ok(()));
        }
        assert_eq!(load.add_grants(1), Ok(()));
        assert_eq!(load.add_grants(1), Err(Refused::TooHeavy));

        let mut load = Load::default();
        let large = resource("x".repeat(CARRIED_BYTES_MAX / 2));
        assert_eq!(load.add(&large), Ok(()));
        assert_eq!(load.add(&large), Err(Refused::TooHeavy));
    }

    #[test]
    fn the_target_is_another_group() {
        let source = samples::resource_group("app");
        assert!(target(&source, &samples::resource_group("app2")).is_ok());
        for bad in
            [samples::resource_group("APP"), samples::whole(), Scope::Resource(id("N.S/t/a"))]
        {
            assert_eq!(target(&source, &bad), Err(Refused::Target(bad.clone())));
        }
    }
}
