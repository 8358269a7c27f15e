//! Where something stands, found without looking where nothing can.

use std::{mem, sync::Arc};

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
    /// What stands at its resource groups and resources.
    inner: Inner,
}

/// The scopes in a subscription, or outside of any in a tenant, that carry something.
#[derive(Clone, Default)]
enum Inner {
    #[default]
    Nothing,
    /// The number of what stands there, which tells where.
    One(u32),
    Several(Arc<Several>),
}

#[derive(Clone, Default)]
struct Several {
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
        self.at(self.number(scope)?)
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
            Some(id) => self.number_in(self.subscriptions.get(&id)?, scope),
            None => self.number_within(self.outside.get(&scope.tenant()?)?, scope),
        }
    }

    fn number_in(&self, whole: &Whole, scope: &Scope) -> Option<u32> {
        match scope {
            Scope::Subscription(_) => Some(whole.own).filter(|own| *own != NOTHING),
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_) => self.number_within(&whole.inner, scope),
        }
    }

    fn number_within(&self, inner: &Inner, scope: &Scope) -> Option<u32> {
        match inner {
            Inner::Nothing => None,
            Inner::One(number) => {
                self.at(*number).filter(|anchor| anchor.scope == *scope).map(|_| *number)
            }
            Inner::Several(all) => all.number(scope),
        }
    }

    pub(crate) fn near(&self, scope: &Scope) -> Near<'_> {
        let whole = scope.subscription().and_then(|id| self.subscriptions.get(&id));
        Near { anchors: self, whole }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Anchor>> {
        let wholes = self.subscriptions.iter().flat_map(|(_, whole)| whole.numbers());
        let others = self.outside.iter().flat_map(|(_, inner)| inner.numbers());
        wholes.chain(others).filter_map(|number| self.at(number))
    }

    /// What stands in a subscription; or in a tenant, outside of any.
    pub(crate) fn standing_in(&self, whole: &Scope) -> impl Iterator<Item = &Arc<Anchor>> {
        let (inside, outside) = match whole {
            Scope::Subscription(id) => (self.subscriptions.get(id), None),
            Scope::Tenant(id) => (None, self.outside.get(id)),
            Scope::ManagementGroup(..) | Scope::ResourceGroup(..) | Scope::Resource(_) => {
                (None, None)
            }
        };
        let inside = inside.into_iter().flat_map(Whole::numbers);
        let outside = outside.into_iter().flat_map(Inner::numbers);
        inside.chain(outside).filter_map(|number| self.at(number))
    }

    /// The scopes that carry something in a subscription; or in a tenant, outside of any.
    pub(crate) fn within(&self, whole: &Scope) -> impl Iterator<Item = Scope> {
        self.standing_in(whole).map(|anchor| anchor.scope.clone())
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
            Some(kept @ Kept::Here(_)) => match mem::take(kept) {
                Kept::Here(anchor) => Some(anchor),
                Kept::Free(_) => None,
            },
            Some(Kept::Free(_)) | None => None,
        });
        let result = edit(&mut slot);
        match (before, slot) {
            (Some(number), Some(anchor)) => self.keep(number, anchor),
            (Some(number), None) => {
                self.register(scope, number, Inner::without);
                self.all.remove(number);
            }
            (None, Some(anchor)) => {
                let number = self.all.add(Kept::Here(anchor));
                self.register(scope, number, Inner::with);
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

    /// Notes that what stands at a scope has a number now, or has it no more.
    fn register(
        &mut self,
        scope: &Scope,
        number: u32,
        note: fn(Inner, &Stock<Kept, PAGE>, &Scope, u32) -> Inner,
    ) {
        let all = &self.all;
        if let Scope::Subscription(id) = scope {
            self.subscriptions.change(id, |slot| {
                let own = &mut slot.get_or_insert_default().own;
                *own = if *own == number { NOTHING } else { number };
                slot.take_if(|whole| whole.is_empty());
            });
        } else if let Some(id) = scope.subscription() {
            self.subscriptions.change(&id, |slot| {
                let inner = &mut slot.get_or_insert_default().inner;
                *inner = note(mem::take(inner), all, scope, number);
                slot.take_if(|whole| whole.is_empty());
            });
        } else if let Some(tenant) = scope.tenant() {
            self.outside.change(&tenant, |slot| {
                let inner = slot.get_or_insert_default();
                *inner = note(mem::take(inner), all, scope, number);
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
        Self { own: NOTHING, inner: Inner::Nothing }
    }
}

impl Whole {
    fn numbers(&self) -> impl Iterator<Item = u32> {
        let own = Some(self.own).filter(|own| *own != NOTHING);
        own.into_iter().chain(self.inner.numbers())
    }

    fn is_empty(&self) -> bool {
        self.own == NOTHING && self.inner.is_empty()
    }
}

impl Inner {
    fn numbers(&self) -> impl Iterator<Item = u32> {
        let (one, several) = match self {
            Self::Nothing => (None, None),
            Self::One(number) => (Some(*number), None),
            Self::Several(all) => (None, Some(all.scopes.from(|_| false))),
        };
        one.into_iter().chain(several.into_iter().flatten().map(|(_, number)| *number))
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// With one more, which is not there yet.
    fn with(self, all: &Stock<Kept, PAGE>, scope: &Scope, number: u32) -> Self {
        let mut several = match self {
            Self::Nothing => return Self::One(number),
            Self::One(first) => {
                let mut several = Several::default();
                if let Some(Kept::Here(anchor)) = all.get(first) {
                    several.insert(&anchor.scope, first);
                }
                Arc::new(several)
            }
            Self::Several(all) => all,
        };
        Arc::make_mut(&mut several).insert(scope, number);
        Self::Several(several)
    }

    /// Without one of them.
    fn without(self, _: &Stock<Kept, PAGE>, scope: &Scope, number: u32) -> Self {
        let Self::Several(mut several) = self else { return Self::Nothing };
        Arc::make_mut(&mut several).remove(scope, number);
        match several.only() {
            Some(number) => Self::One(number),
            None => Self::Several(several),
        }
    }

    /// Whether any is no resource, and whether any is.
    fn kinds(&self, all: &Stock<Kept, PAGE>) -> (bool, bool) {
        match self {
            Self::Nothing => (false, false),
            Self::One(number) => {
                let is_resource = matches!(
                    all.get(*number),
                    Some(Kept::Here(anchor)) if matches!(anchor.scope, Scope::Resource(_))
                );
                (!is_resource, is_resource)
            }
            Self::Several(several) => (several.groups > 0, several.resources > 0),
        }
    }
}

impl Several {
    fn number(&self, scope: &Scope) -> Option<u32> {
        let (found, number) = self.scopes.first(|(at, _)| at < scope)?;
        (found == scope).then_some(*number)
    }

    /// The number of the last one, if there are no others.
    fn only(&self) -> Option<u32> {
        let mut all = self.scopes.from(|_| false).map(|(_, number)| *number);
        all.next().filter(|_| self.groups + self.resources == 1)
    }

    fn insert(&mut self, scope: &Scope, number: u32) {
        *self.count(scope) += 1;
        self.scopes.insert((scope.clone(), number));
    }

    fn remove(&mut self, scope: &Scope, number: u32) {
        *self.count(scope) -= 1;
        self.scopes.remove(&(scope.clone(), number));
    }

    fn count(&mut self, scope: &Scope) -> &mut u32 {
        match scope {
            Scope::Resource(_) => &mut self.resources,
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..) => &mut self.groups,
        }
    }
}

impl<'a> Near<'a> {
    /// Where a walk outward may begin: further in nothing stands.
    pub(crate) fn first(self, scope: &Scope) -> Scope {
        let Some(id) = scope.subscription() else { return scope.clone() };
        let kinds = self.whole.map(|it| it.inner.kinds(&self.anchors.all));
        let (has_groups, has_resources) = kinds.unwrap_or_default();
        match scope.resource_group() {
            _ if has_resources => scope.clone(),
            Some(name) if has_groups => Scope::ResourceGroup(id, name.clone()),
            Some(_) | None => Scope::Subscription(id),
        }
    }

    /// What stands at the scope or around it.
    pub(crate) fn get(self, scope: &Scope) -> Option<&'a Arc<Anchor>> {
        match scope.subscription() {
            Some(_) => self.anchors.at(self.anchors.number_in(self.whole?, scope)?),
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
        let mut anchor = Anchor::at(scope.clone());
        let lock = Lock { id, level: LockLevel::ReadOnly, notes: None };
        anchor.change_more(|more| more.locks.push(lock));
        Arc::new(anchor)
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
