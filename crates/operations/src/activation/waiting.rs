//! How much waits for the caller's word, at a glance.

use std::collections::BTreeMap;

use access::index::Index;
use ids::{guid::TenantId, resource::ActivationId};
use model::activation::Activation;
use store::{records::ranges, snapshot::Page};

use super::{Shown, is_seen, read::is_due};
use crate::{context::Context, error::Error, plane::Plane};

/// So much that waits for somebody of the tenant is looked at: what nobody decided in time is among
/// it until its asker asks anew.
const LOOKED_AT_MAX: usize = 2_000;

/// How many requests wait for a decision that is the caller's to make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// At the caller's own scopes.
    pub as_customer: usize,
    /// Of the caller's own people, at others'.
    pub as_provider: usize,
}

impl Waiting {
    /// All of them.
    pub fn all(self) -> usize {
        self.as_customer.saturating_add(self.as_provider)
    }
}

/// What waits for the caller's decision, counted.
pub async fn count(plane: &Plane, context: &Context) -> Result<Waiting, Error> {
    let who = context.caller.principal;
    let snapshot = plane.store.snapshot().await?;
    let range = ranges::activations_waiting_for(who.tenant);
    let (mut found, mut page) = (Vec::<Activation>::new(), Page::first());
    loop {
        let part = snapshot.list(&range, page).await?;
        found.extend(part.items);
        match part.next {
            Some(next) if found.len() < LOOKED_AT_MAX => {
                page = Page { after: Some(next), ..Page::first() };
            }
            Some(_) | None => break,
        }
    }
    let judge = |index: &Index, found: Vec<Activation>| {
        let now = plane.store.now();
        let seen = found.into_iter().filter(|it| is_seen(plane, index, context, it));
        let shown = seen.map(|it| Shown::of(it, index, now));
        let mine = shown.filter(|it| is_due(index, who, it, now));
        let mine: BTreeMap<ActivationId, TenantId> =
            mine.map(|it| (it.it.id, it.it.customer)).collect();
        let as_customer = mine.values().filter(|customer| **customer == who.tenant).count();
        Ok::<_, Error>(Waiting { as_customer, as_provider: mine.len().saturating_sub(as_customer) })
    };
    snapshot.seal(found).open(&plane.store, judge).await
}
