//! Which scope lies in which, beyond what their ids tell.

use std::{collections::BTreeSet, iter};

use ids::{
    guid::{SubscriptionId, TenantId},
    name::Name,
    scope::Scope,
};
use model::tree::{ManagementGroup, Subscription, SubscriptionState};
use serde::{Deserialize, Serialize};

use crate::{map::Map, ordered::Ordered};

/// What access knows of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionFacts {
    /// The home tenant.
    pub tenant: TenantId,
    pub state: SubscriptionState,
    /// The management groups around it, innermost first.
    pub management_groups: Vec<Name>,
}

/// A subscription's own place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) tenant: TenantId,
    pub(crate) state: SubscriptionState,
    pub(crate) parent: Option<Name>,
}

/// Whose a scope is, with its subscription looked up already.
#[derive(Clone, Copy)]
pub(crate) struct Home<'a> {
    pub(crate) tenant: TenantId,
    /// None outside of subscriptions.
    place: Option<&'a Place>,
}

/// Subscriptions and management groups, upward and downward.
#[derive(Clone, Default)]
pub(crate) struct Tree {
    pub(crate) tenants: Map<TenantId, ()>,
    pub(crate) subscriptions: Map<SubscriptionId, Place>,
    /// Each management group's parent.
    pub(crate) groups: Map<Scope, Option<Name>>,
    /// The management groups and subscriptions that name a scope as their parent.
    children: Ordered<(Scope, Scope)>,
    /// All management groups and subscriptions of a tenant.
    all: Ordered<(TenantId, Scope)>,
}

impl Tree {
    pub(crate) fn home(&self, scope: &Scope) -> Option<Home<'_>> {
        if let Some(id) = scope.subscription() {
            let place = self.subscriptions.get(&id)?;
            return Some(Home { tenant: place.tenant, place: Some(place) });
        }
        scope.tenant().map(|tenant| Home { tenant, place: None })
    }

    /// The scope and each around it, innermost first, up to the tenant.
    pub(crate) fn lineage<'a>(&'a self, scope: Scope, home: Home<'a>) -> Lineage<'a> {
        Lineage { tree: self, next: Some(scope), home, seen: Vec::new() }
    }

    /// What directly holds a scope. A management group that is not there holds nothing.
    pub(crate) fn around(&self, scope: &Scope, home: Home<'_>) -> Option<Scope> {
        let within = |tenant: TenantId, parent: Option<&Name>| {
            let group = parent.map(|name| Scope::ManagementGroup(tenant, name.clone()));
            group.filter(|group| self.groups.contains(group)).unwrap_or(Scope::Tenant(tenant))
        };
        match scope {
            Scope::Tenant(_) => None,
            Scope::ManagementGroup(tenant, _) => {
                Some(within(*tenant, self.groups.get(scope).and_then(Option::as_ref)))
            }
            Scope::Subscription(_) => Some(within(home.tenant, home.place?.parent.as_ref())),
            Scope::ResourceGroup(..) | Scope::Resource(_) => scope.parent(),
        }
    }

    pub(crate) fn facts(&self, id: SubscriptionId) -> Option<SubscriptionFacts> {
        let place = self.subscriptions.get(&id)?;
        let (tenant, state) = (place.tenant, place.state);
        let name = |scope| match scope {
            Scope::ManagementGroup(_, name) => Some(name),
            Scope::Tenant(_)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_) => None,
        };
        let around = self.lineage(Scope::Subscription(id), Home { tenant, place: Some(place) });
        Some(SubscriptionFacts {
            tenant,
            state,
            management_groups: around.filter_map(name).collect(),
        })
    }

    pub(crate) fn put_subscription(&mut self, it: &Subscription) {
        self.remove_subscription(it.id);
        let parent = it.parent.clone();
        self.place_subscription(it.id, Place { tenant: it.tenant, state: it.state, parent });
    }

    /// Adds a subscription that is not there yet.
    pub(crate) fn place_subscription(&mut self, id: SubscriptionId, place: Place) {
        self.link(place.tenant, place.parent.as_ref(), &Scope::Subscription(id));
        self.subscriptions.insert(&id, place);
    }

    pub(crate) fn remove_subscription(&mut self, id: SubscriptionId) {
        if let Some(place) = self.subscriptions.change(&id, Option::take) {
            self.unlink(place.tenant, place.parent.as_ref(), &Scope::Subscription(id));
        }
    }

    pub(crate) fn put_group(&mut self, it: &ManagementGroup) {
        self.remove_group(&it.scope());
        self.place_group(it.tenant, &it.name, it.parent.clone());
    }

    /// Adds a management group that is not there yet.
    pub(crate) fn place_group(&mut self, tenant: TenantId, name: &Name, parent: Option<Name>) {
        let scope = Scope::ManagementGroup(tenant, name.clone());
        self.link(tenant, parent.as_ref(), &scope);
        self.groups.insert(&scope, parent);
    }

    pub(crate) fn remove_group(&mut self, scope: &Scope) {
        let (Some(parent), Some(tenant)) =
            (self.groups.change(scope, Option::take), scope.tenant())
        else {
            return;
        };
        self.unlink(tenant, parent.as_ref(), scope);
    }

    /// The management groups and subscriptions in a scope, itself included.
    pub(crate) fn below(&self, scope: &Scope) -> BTreeSet<Scope> {
        if let Scope::Tenant(tenant) = scope {
            return self.of_tenant(*tenant);
        }
        let mut found = BTreeSet::from([scope.clone()]);
        let mut open = vec![scope.clone()];
        while let Some(at) = open.pop() {
            let exists = !matches!(at, Scope::ManagementGroup(..)) || self.groups.contains(&at);
            for child in self.children_of(&at).filter(|_| exists) {
                if found.insert(child.clone()) {
                    open.push(child.clone());
                }
            }
        }
        found
    }

    /// Whether it is a management group or a subscription that is there.
    pub(crate) fn has(&self, scope: &Scope) -> bool {
        match scope {
            Scope::ManagementGroup(..) => self.groups.contains(scope),
            Scope::Subscription(id) => self.subscriptions.contains(id),
            Scope::Tenant(_) | Scope::ResourceGroup(..) | Scope::Resource(_) => false,
        }
    }

    /// What names a management group as its parent, there or not.
    pub(crate) fn children_of<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = &'a Scope> {
        let all = self.children.from(|(parent, _)| parent < scope);
        all.take_while(move |(parent, _)| parent == scope).map(|(_, child)| child)
    }

    /// All of a tenant, a ring of management groups too.
    fn of_tenant(&self, tenant: TenantId) -> BTreeSet<Scope> {
        let all = self.all.from(|(whose, _)| *whose < tenant);
        let own = all.take_while(|(whose, _)| *whose == tenant).map(|(_, scope)| scope.clone());
        iter::once(Scope::Tenant(tenant)).chain(own).collect()
    }

    /// What names which parent, and what is whose: for the dump.
    pub(crate) fn edges(&self) -> impl Iterator<Item = (Scope, &Scope)> {
        let of_tenant = self.all.from(|_| false).map(|(id, child)| (Scope::Tenant(*id), child));
        of_tenant.chain(self.children.from(|_| false).map(|(at, child)| (at.clone(), child)))
    }

    fn link(&mut self, tenant: TenantId, parent: Option<&Name>, child: &Scope) {
        self.all.insert((tenant, child.clone()));
        if let Some(name) = parent {
            self.children.insert((Scope::ManagementGroup(tenant, name.clone()), child.clone()));
        }
    }

    fn unlink(&mut self, tenant: TenantId, parent: Option<&Name>, child: &Scope) {
        self.all.remove(&(tenant, child.clone()));
        if let Some(name) = parent {
            self.children.remove(&(Scope::ManagementGroup(tenant, name.clone()), child.clone()));
        }
    }
}

/// A walk from a scope to its tenant. A ring of management groups is left where it closes.
pub(crate) struct Lineage<'a> {
    tree: &'a Tree,
    next: Option<Scope>,
    home: Home<'a>,
    seen: Vec<Scope>,
}

impl Iterator for Lineage<'_> {
    type Item = Scope;

    fn next(&mut self) -> Option<Scope> {
        let at = self.next.take()?;
        let mut around = self.tree.around(&at, self.home);
        if let Some(group @ Scope::ManagementGroup(..)) = &around {
            if *group == at || self.seen.contains(group) {
                around = Some(Scope::Tenant(self.home.tenant));
            }
            if let Scope::ManagementGroup(..) = at {
                self.seen.push(at.clone());
            }
        }
        self.next = around;
        Some(at)
    }
}
