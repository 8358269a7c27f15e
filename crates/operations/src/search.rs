//! Finding a subscription, or whose it is, by what it is called.

use std::collections::BTreeMap;

use access::index::Index;
use ids::guid::{SubscriptionId, TenantId};
use model::{directory::Tenant, tree::Subscription};

use crate::{context::Context, error::Error, plane::Plane};

/// So many of the caller's subscriptions are looked through: what is asked for as somebody types
/// may not take long.
const EXAMINED_MAX: usize = 1_000;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub subscriptions: Vec<Subscription>,
    /// Tenants that the caller manages something of.
    pub customers: Vec<Tenant>,
    /// Whether the caller has more than was looked through.
    pub is_cut: bool,
}

/// The caller's subscriptions, and the tenants of those that others delegated, whose names hold
/// all of the words or which are called by the id: so many of each at most.
pub async fn places(
    plane: &Plane,
    context: &Context,
    words: &[String],
    limit: usize,
) -> Result<Found, Error> {
    let (who, now) = (context.caller.principal, plane.store.now());
    let ids = plane.index().subscriptions_of(who, now);
    let is_cut = ids.len() > EXAMINED_MAX;
    let snapshot = plane.store.snapshot().await?;
    let mut found = Vec::new();
    let mut customers: BTreeMap<TenantId, (SubscriptionId, Option<Tenant>)> = BTreeMap::new();
    // What is called by its whole id is found wherever it stands.
    let named = |id: &SubscriptionId| words.iter().any(|word| *word == id.to_string());
    let (named, rest): (Vec<_>, Vec<_>) = ids.into_iter().partition(named);
    for id in named.into_iter().chain(rest).take(EXAMINED_MAX) {
        let Some(it) = snapshot.find::<Subscription>(&id).await? else { continue };
        if it.tenant != who.tenant && !customers.contains_key(&it.tenant) {
            let tenant = snapshot.find::<Tenant>(&it.tenant).await?;
            let meant = tenant
                .filter(|it| holds(&format!("{} {} {}", it.display_name, it.domain, it.id), words));
            customers.insert(it.tenant, (id, meant));
        }
        if found.len() < limit && holds(&format!("{} {id}", it.display_name), words) {
            found.push(it);
        }
    }
    let judge = |index: &Index, (found, customers): (Vec<Subscription>, BTreeMap<_, _>)| {
        let seen = |id: SubscriptionId| index.can_see(who, id, now);
        let customers = customers.into_values().filter(|(id, _)| seen(*id));
        Ok::<_, Error>(Found {
            subscriptions: found.into_iter().filter(|it| seen(it.id)).collect(),
            customers: customers.filter_map(|(_, it)| it).take(limit).collect(),
            is_cut,
        })
    };
    snapshot.seal((found, customers)).open(&plane.store, judge).await
}

/// Whether all of the words, in lower case, stand in the text.
pub fn holds(text: &str, words: &[String]) -> bool {
    let folded = text.to_lowercase();
    words.iter().all(|word| folded.contains(word))
}
