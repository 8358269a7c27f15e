//! What scopes are called, as far as it is the visitor's to read: whoever sees one resource group
//! sees its subscription's name too, and of what is around them only what they may.

use std::collections::BTreeMap;

use arm::request::Method::Get;
use ids::{guid::SubscriptionId, name::Name, scope::Scope};
use operations::{management_groups::read as groups, subscriptions};

use super::below;
use crate::{ask::Ask, trouble::Trouble};

/// So many are looked up for a page, which is about few: more than any page draws or lists.
const LOOKED_UP_MAX: usize = 128;

/// The names of some scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    subscriptions: BTreeMap<SubscriptionId, String>,
    groups: BTreeMap<Name, String>,
}

impl Names {
    /// What those, and what holds them, are called.
    pub(super) async fn of(ask: &Ask, scopes: &[Scope]) -> Result<Self, Trouble> {
        let (mut names, mut left) = (Self::default(), LOOKED_UP_MAX);
        for scope in scopes {
            match (scope, scope.subscription()) {
                (Scope::ManagementGroup(_, name), _) if !names.groups.contains_key(name) => {
                    let Some(rest) = left.checked_sub(1) else { break };
                    left = rest;
                    names.groups.insert(name.clone(), group(ask, scope, name).await?);
                }
                (_, Some(id)) if !names.subscriptions.contains_key(&id) => {
                    let Some(rest) = left.checked_sub(1) else { break };
                    left = rest;
                    names.subscriptions.insert(id, subscription(ask, id).await?);
                }
                (_, Some(_) | None) => {}
            }
        }
        Ok(names)
    }

    /// The names of these, and of nothing else.
    #[cfg(test)]
    pub(super) fn known<const COUNT: usize>(all: [(SubscriptionId, &str); COUNT]) -> Self {
        let subscriptions = all.map(|(id, name)| (id, name.to_owned())).into();
        Self { subscriptions, ..Self::default() }
    }

    /// What a subscription is called; its id where the name is not the visitor's to read.
    pub(super) fn subscription(&self, id: SubscriptionId) -> String {
        self.subscriptions.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// What a scope is called, for a heading.
    pub(super) fn name(&self, scope: &Scope) -> String {
        match scope {
            Scope::Tenant(_) => "The whole directory".to_owned(),
            Scope::ManagementGroup(_, name) => {
                self.groups.get(name).cloned().unwrap_or_else(|| name.to_string())
            }
            Scope::Subscription(id) => self.subscription(*id),
            Scope::ResourceGroup(_, name) => name.to_string(),
            Scope::Resource(id) => id.name().to_string(),
        }
    }

    /// A scope as people say it: with what kind of scope it is.
    pub(super) fn said(&self, scope: &Scope) -> String {
        let name = self.name(scope);
        match scope {
            Scope::Tenant(_) => name,
            Scope::ManagementGroup(..) => format!("Management group {name}"),
            Scope::Subscription(_) => format!("Subscription {name}"),
            Scope::ResourceGroup(..) => format!("Resource group {name}"),
            Scope::Resource(id) => format!("{} {name}", id.kind()),
        }
    }
}

/// What is refused has no name but the one in its id.
fn known(found: Result<String, Trouble>, otherwise: &dyn ToString) -> Result<String, Trouble> {
    match found {
        Err(Trouble::Refused(_)) => Ok(otherwise.to_string()),
        Ok(name) if name.trim().is_empty() => Ok(otherwise.to_string()),
        found => found,
    }
}

async fn subscription(ask: &Ask, id: SubscriptionId) -> Result<String, Trouble> {
    let (plane, path) = (ask.plane(), format!("/subscriptions/{id}"));
    let found = ask
        .arm((Get, path, "2022-12-01"), async |context| {
            subscriptions::get(plane, &context, id).await
        })
        .await;
    known(found.map(|it| it.subscription.display_name), &id)
}

async fn group(ask: &Ask, scope: &Scope, name: &Name) -> Result<String, Trouble> {
    let (plane, tenant) = (ask.plane(), ask.visitor()?.principal().tenant);
    let found = ask
        .arm((Get, below(scope, ""), "2021-04-01"), async |context| {
            groups::get(plane, &context, (tenant, name.clone()), None).await
        })
        .await;
    known(found.map(|it| it.group.display_name), name)
}
