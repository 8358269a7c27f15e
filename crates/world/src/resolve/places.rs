//! Where things are, found by name, by `subscription/group`, or by id.

use std::collections::{BTreeMap, BTreeSet};

use document::{
    fault::{Faults, did_you_mean, quoted},
    place::Word,
};
use ids::{
    guid::{SubscriptionId, TenantId},
    name::Name,
    scope::Scope,
};

use crate::resolve::taken::Taken;

/// One tenant's scopes; between tenants, what ids are given away.
#[derive(Default)]
pub(super) struct Places {
    pub(super) taken: Taken,
    subscriptions: BTreeMap<String, SubscriptionId>,
    management_groups: BTreeSet<String>,
    /// Every scope declared, by its key.
    scopes: BTreeSet<String>,
}

impl Places {
    pub(super) fn add_subscription(&mut self, name: &str, id: SubscriptionId) {
        self.subscriptions.insert(name.to_lowercase(), id);
        self.add(&Scope::Subscription(id));
    }

    pub(super) fn add_management_group(&mut self, tenant: TenantId, name: &Name) {
        self.management_groups.insert(name.folded());
        self.add(&Scope::ManagementGroup(tenant, name.clone()));
    }

    /// Notes a scope. `false`: it was there.
    pub(super) fn add(&mut self, scope: &Scope) -> bool {
        self.scopes.insert(scope.key())
    }

    /// The scope that is meant: a subscription's name, `subscription/group`, a management
    /// group's name, a full id, or `/`.
    pub(super) fn find(&self, home: TenantId, text: &Word, faults: &mut Faults) -> Option<Scope> {
        if text.it.is_empty() {
            return None; // its absence is a fault already
        }
        let found = if text.it.starts_with('/') {
            match Scope::parse(&text.it, home) {
                Ok(scope) => Some(scope),
                Err(error) => {
                    faults.add(text.at, format!("{} is no scope: {error}", quoted(&text.it)));
                    return None;
                }
            }
        } else {
            self.named(home, text, faults)
        };
        let root = Scope::Tenant(home);
        let known = found.filter(|it| *it == root || self.scopes.contains(&it.key()));
        if known.is_none() {
            let message = format!("this tenant has no scope {}", quoted(&text.it));
            let names = self.subscriptions.keys().chain(&self.management_groups);
            let advice = did_you_mean(&text.it, names.map(String::as_str));
            faults.advise(text.at, message, advice);
        }
        known
    }

    fn named(&self, home: TenantId, text: &Word, faults: &mut Faults) -> Option<Scope> {
        let subscription = self.subscription(&text.it);
        let group = self.management_groups.contains(&text.it.to_lowercase());
        if subscription.is_some() && group {
            let message = format!(
                "{} is the name of a subscription and of a management group",
                quoted(&text.it)
            );
            faults.advise(text.at, message, Some("refer to it by its full id".to_owned()));
        }
        if let Some(id) = subscription {
            return Some(Scope::Subscription(id));
        }
        if group {
            return text.it.parse().ok().map(|name| Scope::ManagementGroup(home, name));
        }
        let (subscription, group) = text.it.rsplit_once('/')?;
        let id = self.subscription(subscription)?;
        Some(Scope::ResourceGroup(id, group.parse().ok()?))
    }

    fn subscription(&self, text: &str) -> Option<SubscriptionId> {
        let by_name = self.subscriptions.get(&text.to_lowercase()).copied();
        by_name.or_else(|| {
            let id = text.parse().ok()?;
            self.subscriptions.values().find(|known| **known == id).copied()
        })
    }
}
