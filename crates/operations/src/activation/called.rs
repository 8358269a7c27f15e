//! What the places of activations are called, and the tenants that have a part in them: as much as
//! ARM's own bodies tell whoever may know of an activation, who may read nothing else there.

use std::collections::BTreeMap;

use ids::{
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};
use model::{directory::Tenant, tree::Subscription};

use super::{Shown, eligibility::Eligible};
use crate::{error::Error, plane::Plane};

/// Where something may be activated, or is, and whose that is. It is made of what the caller was
/// shown, and of nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    scope: Scope,
    customer: Option<TenantId>,
    provider: TenantId,
}

impl Eligible {
    /// Where it may be activated, there and within.
    pub fn scope(&self) -> &Scope {
        self.eligibility.basis.scope()
    }
}

impl About {
    /// Of what may be activated.
    pub fn eligible(plane: &Plane, it: &Eligible) -> Self {
        let scope = it.scope().clone();
        let customer = plane.index().home(&scope);
        Self { scope, customer, provider: it.managed_by }
    }

    /// Of what was asked for.
    pub fn shown(it: &Shown) -> Self {
        let scope = it.it.id.scope().clone();
        Self { scope, customer: Some(it.it.customer), provider: it.it.who.tenant }
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whose the scope is, as far as it is known.
    pub fn customer(&self) -> Option<TenantId> {
        self.customer
    }

    /// Whose people activate it.
    pub fn provider(&self) -> TenantId {
        self.provider
    }
}

/// What some of them are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    subscriptions: BTreeMap<SubscriptionId, String>,
    tenants: BTreeMap<TenantId, String>,
}

impl Names {
    /// What a subscription is called, if it was asked for and is there.
    pub fn subscription(&self, id: SubscriptionId) -> Option<&str> {
        self.subscriptions.get(&id).map(String::as_str)
    }

    /// What a tenant is called, if it was asked for and is there.
    pub fn tenant(&self, id: TenantId) -> Option<&str> {
        self.tenants.get(&id).map(String::as_str)
    }
}

/// The names of all of them.
pub async fn names(plane: &Plane, all: &[About]) -> Result<Names, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut names = Names::default();
    for it in all {
        if let Some(id) = it.scope.subscription().filter(|id| names.subscription(*id).is_none()) {
            let found = snapshot.find::<Subscription>(&id).await?;
            names.subscriptions.extend(found.map(|it| (id, it.display_name)));
        }
        for id in it.customer.into_iter().chain([it.provider]) {
            if names.tenant(id).is_none() {
                let found = snapshot.find::<Tenant>(&id).await?;
                names.tenants.extend(found.map(|it| (id, it.display_name)));
            }
        }
    }
    snapshot.seal(names).open(&plane.store, |_, names| Ok(names)).await
}
