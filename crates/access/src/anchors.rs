//! Where something stands, found without looking where nothing can.

use std::sync::Arc;

use ids::{
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};

use crate::{
    anchor::Anchor,
    map::Map,
    ordered::Ordered,
    pages::{NOTHING, Stock, Vacant},
};

/// Whoever copies a page touches each anchor in it.
const PAGE: usize = 8;

/// The scopes that carry something. Most subscriptions carry something themselves and nothing
/// further in, so each says whether there is more: a question about a resource then costs what
/// one about its subscription costs.
#[derive(Clone, Default)]
pub(crate) struct Anchors {
    /// What lies in no subscription: tenants, management groups, and what stands at those.
    outside: Map<TenantId, Inner>,
    subscriptions: Map<SubscriptionId, Whole>,
    all: Stock<Kept, PAGE>,
}

/// An anchor, or a place for the next one.
#[derive(Clone)]
enum Kept {
    Here(Arc<Anchor>),
    Free(u32),
}

/// What a subscription carries.
#[derive(Clone)]
pub(crate) struct Whole {
    /// What stands at the subscription itself.
    own: u32,
    /// What stands at its resource groups and resources; none where that is nothing.
    inner: Option<Arc<Inner>>,
}

/// The scopes in a subscription, or outside of any in a tenant, that carry something.
#[derive(Clone, Default)]
struct Inner {
    scopes: Ordered<(Scope, u32)>,
    /// How many of them are no resources.
    groups: u32,
    /// How many of them are.
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
        match scope.subscription() {
            Some(id) => self.at(self.subscriptions.get(&id)?.number(scope)?),
            None => self.at(self.outside.get(&scope.tenant()?)?.number(scope)?),
        }
    }

    /// What has that number.
    pub(crate) fn at(&self, number: u32) -> Option<&Arc<Anchor>> {
        match self.all.get(number)? {
            Kept::Here(anchor) => Some(anchor),
            Kept::Free(_) => None,
        }
    }

    /// The number of what stands at a scope: the same as long as anything does.
    pub(crate) fn number(&self, scope: &Scope) -> Option<u32> {
        match scope.subscription() {
            Some(id) => self.subscriptions.get(&id)?.number(scope),
            None => self.outside.get(&scope.tenant()?)?.number(scope),
        }
    }

    pub(crate) fn near(&self, scope: &Scope) -> Near<'_> {
        let whole = scope.subscription().and_then(|id| self.subscriptions.get(&id));
        Near { anchors: self, whole }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Scope, &Arc<Anchor>)> {
        let wholes = self.subscriptions.iter().flat_map(|(id, whole)| whole.scopes(*id));
        let others = self.outside.iter().flat_map(|(_, inner)| inner.scopes());
        let all = wholes.chain(others);
        all.filter_map(|(scope, number)| Some((scope, self.at(number)?)))
    }

    /// The scopes that carry something in a subscription; or in a tenant, outside of any.
    pub(crate) fn within(&self, whole: &Scope) -> impl Iterator<Item = Scope> {
        let (inside, outside) = match whole {
            Scope::Subscription(id) => (self.subscriptions.get(id).map(|it| (*id, it)), None),
            Scope::Tenant(id) => (None, self.outside.get(id)),
            Scope::ManagementGroup(..) | Scope::ResourceGroup(..) | Scope::Resource(_) => {
                (None, None)
            }
        };
        let inside = inside.into_iter().flat_map(|(id, whole)| whole.scopes(id));
        let outside = outside.into_iter().flat_map(Inner::scopes);
        inside.chain(outside).map(|(scope, _)| scope)
    }

    /// Takes out what stands at the scope, lets it be changed, and puts back what is left.
    pub(crate) fn change<T>(
        &mut self,
        scope: &Scope,
        edit: impl FnOnce(&mut Option<Arc<Anchor>>) -> T,
    ) -> T {
        let before = self.number(scope);
        // Taken out, so that it is copied only where another snapshot has it.
        let mut slot = before.and_then(|number| match self.all.get_mut(number) {
            Some(kept @ Kept::Here(_)) => match std::mem::take(kept) {
                Kept::Here(anchor) => Some(anchor),
                Kept::Free(_) => None,
            },
            Some(Kept::Free(_)) | None => None,
        });
        let result = edit(&mut slot);
        match (before, slot) {
            (Some(number), Some(anchor)) => self.keep(number, anchor),
            (Some(number), None) => {
                self.all.remove(number);
                self.register(scope, None);
            }
            (None, Some(anchor)) => {
                let number = self.all.add(Kept::Here(anchor));
                self.register(scope, Some(number));
            }
            (None, None) => {}
        }
        result
    }

    fn keep(&mut self, number: u32, anchor: Arc<Anchor>) {
        if let Some(kept) = self.all.get_mut(number) {
            *kept = Kept::Here(anchor);
        }
    }

    /// Notes which number the anchor at a scope has now.
    fn register(&mut self, scope: &Scope, number: Option<u32>) {
        if let Some(id) = scope.subscription() {
            self.subscriptions.change(&id, |slot| {
                slot.get_or_insert_default().put(scope, number);
                slot.take_if(|whole| whole.is_empty());
            });
        } else if let Some(tenant) = scope.tenant() {
            self.outside.change(&tenant, |slot| {
                slot.get_or_insert_default().put(scope, number);
                slot.take_if(|inner| inner.is_empty());
            });
        }
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self::Free(NOTHING)
    }
}

impl Vacant for Kept {
    fn vacant(next: u32) -> Self {
        Self::Free(next)
    }

    fn next(&self) -> u32 {
        match self {
            Self::Here(_) => NOTHING,
            Self::Free(next) => *next,
        }
    }
}

impl Default for Whole {
    fn default() -> Self {
        Self { own: NOTHING, inner: None }
    }
}

impl Whole {
    fn number(&self, scope: &Scope) -> Option<u32> {
        match scope {
            Scope::Subscription(_) => Some(self.own).filter(|own| *own != NOTHING),
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_) => self.inner.as_ref()?.number(scope),
        }
    }

    fn scopes(&self, id: SubscriptionId) -> impl Iterator<Item = (Scope, u32)> {
        let own = Some((Scope::Subscription(id), self.own)).filter(|_| self.own != NOTHING);
        own.into_iter().chain(self.inner.iter().flat_map(|inner| inner.scopes()))
    }

    fn put(&mut self, scope: &Scope, number: Option<u32>) {
        if let Scope::Subscription(_) = scope {
            self.own = number.unwrap_or(NOTHING);
            return;
        }
        let inner = self.inner.get_or_insert_default();
        Arc::make_mut(inner).put(scope, number);
        self.inner.take_if(|inner| inner.is_empty());
    }

    fn is_empty(&self) -> bool {
        self.own == NOTHING && self.inner.is_none()
    }
}

impl Inner {
    fn number(&self, scope: &Scope) -> Option<u32> {
        let (found, number) = self.scopes.first(|(at, _)| at < scope)?;
        (found == scope).then_some(*number)
    }

    fn scopes(&self) -> impl Iterator<Item = (Scope, u32)> {
        self.scopes.from(|_| false).cloned()
    }

    fn put(&mut self, scope: &Scope, number: Option<u32>) {
        let before = self.number(scope);
        let count = match scope {
            Scope::Resource(_) => &mut self.resources,
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..) => &mut self.groups,
        };
        if let Some(before) = before {
            *count -= 1;
            self.scopes.remove(&(scope.clone(), before));
        }
        if let Some(number) = number {
            *count += 1;
            self.scopes.insert((scope.clone(), number));
        }
    }

    fn is_empty(&self) -> bool {
        self.groups == 0 && self.resources == 0
    }
}

impl<'a> Near<'a> {
    /// Where a walk outward may begin: further in nothing stands.
    pub(crate) fn first(self, scope: &Scope) -> Scope {
        let Some(id) = scope.subscription() else { return scope.clone() };
        let inner = self.whole.and_then(|it| it.inner.as_ref());
        let (groups, resources) = inner.map_or((0, 0), |it| (it.groups, it.resources));
        match scope.resource_group() {
            _ if resources > 0 => scope.clone(),
            Some(name) if groups > 0 => Scope::ResourceGroup(id, name.clone()),
            Some(_) | None => Scope::Subscription(id),
        }
    }

    /// What stands at the scope or around it.
    pub(crate) fn get(self, scope: &Scope) -> Option<&'a Arc<Anchor>> {
        match scope.subscription() {
            Some(_) => self.anchors.at(self.whole?.number(scope)?),
            None => self.anchors.get(scope),
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
        assert!(anchors.subscriptions.is_empty() && anchors.outside.is_empty());
    }
}
