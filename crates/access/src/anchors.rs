//! Where something stands, found without looking where nothing can.

use std::sync::Arc;

use ids::{guid::SubscriptionId, scope::Scope};

use crate::{anchor::Anchor, map::Map};

/// The scopes that carry something. Most subscriptions carry something themselves and nothing
/// further in, so each says whether there is more: a question about a resource then costs what
/// one about its subscription costs.
#[derive(Clone, Default)]
pub(crate) struct Anchors {
    /// What lies in no subscription: tenants, management groups, and what stands at those.
    outside: Map<Scope, Arc<Anchor>>,
    subscriptions: Map<SubscriptionId, Whole>,
    /// Resource groups and resources.
    inside: Map<Scope, Arc<Anchor>>,
}

/// What a subscription carries.
#[derive(Clone, Default)]
pub(crate) struct Whole {
    /// What stands at the subscription itself.
    anchor: Option<Arc<Anchor>>,
    /// How many of its resource groups carry something.
    groups: u32,
    /// How many of its resources do.
    resources: u32,
}

/// The anchors as seen from one scope, with its subscription looked up already.
#[derive(Clone, Copy)]
pub(crate) struct Near<'a> {
    anchors: &'a Anchors,
    whole: Option<&'a Whole>,
}

impl Anchors {
    pub(crate) fn get(&self, scope: &Scope) -> Option<&Arc<Anchor>> {
        match scope {
            Scope::Subscription(id) => self.subscriptions.get(id)?.anchor.as_ref(),
            Scope::ResourceGroup(..) => self.inside.get(scope),
            Scope::Resource(id) if id.scope().subscription().is_some() => self.inside.get(scope),
            Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => {
                self.outside.get(scope)
            }
        }
    }

    pub(crate) fn near(&self, scope: &Scope) -> Near<'_> {
        let whole = scope.subscription().and_then(|id| self.subscriptions.get(&id));
        Near { anchors: self, whole }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Scope, &Arc<Anchor>)> {
        let wholes = self.subscriptions.iter().filter_map(|(id, whole)| {
            whole.anchor.as_ref().map(|anchor| (Scope::Subscription(*id), anchor))
        });
        let others = self.outside.iter().chain(self.inside.iter());
        wholes.chain(others.map(|(scope, anchor)| (scope.clone(), anchor)))
    }

    /// Takes out what stands at the scope, lets it be changed, and puts back what is left.
    pub(crate) fn change<T>(
        &mut self,
        scope: &Scope,
        edit: impl FnOnce(&mut Option<Arc<Anchor>>) -> T,
    ) -> T {
        let Some(id) = scope.subscription() else { return self.outside.change(scope, edit) };
        let Self { subscriptions, inside, .. } = self;
        subscriptions.change(&id, |slot| {
            let whole = slot.get_or_insert_default();
            let result = match scope {
                Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Subscription(_) => {
                    edit(&mut whole.anchor)
                }
                Scope::ResourceGroup(..) => counted(inside, &mut whole.groups, scope, edit),
                Scope::Resource(_) => counted(inside, &mut whole.resources, scope, edit),
            };
            slot.take_if(|whole| whole.is_empty());
            result
        })
    }
}

/// Changes what stands at a scope, and the count of those that carry something with it.
fn counted<T>(
    inside: &mut Map<Scope, Arc<Anchor>>,
    count: &mut u32,
    scope: &Scope,
    edit: impl FnOnce(&mut Option<Arc<Anchor>>) -> T,
) -> T {
    inside.change(scope, |slot| {
        *count -= u32::from(slot.is_some());
        let result = edit(slot);
        *count += u32::from(slot.is_some());
        result
    })
}

impl Whole {
    fn is_empty(&self) -> bool {
        self.anchor.is_none() && self.groups == 0 && self.resources == 0
    }
}

impl<'a> Near<'a> {
    /// Where a walk outward may begin: further in nothing stands.
    pub(crate) fn first(self, scope: &Scope) -> Scope {
        let Some(id) = scope.subscription() else { return scope.clone() };
        let (groups, resources) = self.whole.map_or((0, 0), |it| (it.groups, it.resources));
        match scope.resource_group() {
            _ if resources > 0 => scope.clone(),
            Some(name) if groups > 0 => Scope::ResourceGroup(id, name.clone()),
            Some(_) | None => Scope::Subscription(id),
        }
    }

    /// What stands at the scope or around it.
    pub(crate) fn get(self, scope: &Scope) -> Option<&'a Arc<Anchor>> {
        match scope {
            Scope::Subscription(_) => self.whole?.anchor.as_ref(),
            Scope::ResourceGroup(..) if self.whole.is_none_or(|it| it.groups == 0) => None,
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_) => self.anchors.get(scope),
        }
    }
}

#[cfg(test)]
mod tests {
    use ids::resource::LockId;
    use model::{
        role::{Lock, LockLevel},
        samples::{CUSTOMER, resource_group, whole},
    };

    use super::*;

    fn locked(scope: &Scope) -> Arc<Anchor> {
        let id = LockId::at(scope.clone(), "l".parse().unwrap()).unwrap();
        let locks = vec![Lock { id, level: LockLevel::ReadOnly, notes: None }];
        Arc::new(Anchor { locks, ..Anchor::default() })
    }

    #[test]
    fn a_walk_begins_where_the_first_thing_may_stand() {
        let group = resource_group("app");
        let vault = format!("{group}/providers/N.S/vaults/v");
        let vault = Scope::parse(&vault, CUSTOMER).unwrap();
        let mut anchors = Anchors::default();
        for (stands_at, begins_at) in [
            (&whole(), &whole()),
            (&resource_group("other"), &group),
            (&group, &group),
            (&vault, &vault),
        ] {
            anchors.change(stands_at, |slot| *slot = Some(locked(stands_at)));
            let near = anchors.near(&vault);
            assert_eq!(&near.first(&vault), begins_at, "{stands_at} carries something");
            assert_eq!(near.get(stands_at).is_some(), anchors.get(stands_at).is_some());
        }
        assert_eq!(anchors.iter().count(), 4);
        for scope in [&vault, &group, &resource_group("OTHER"), &whole()] {
            anchors.change(scope, |slot| assert!(slot.take().is_some(), "{scope}"));
        }
        assert_eq!(anchors.near(&vault).first(&vault), whole());
        assert!(anchors.subscriptions.is_empty() && anchors.inside.is_empty());
    }
}
