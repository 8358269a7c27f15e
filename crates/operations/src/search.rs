//! Finding a subscription, or whose it is, by what it is called.

use std::collections::{BTreeMap, btree_map::Entry};

use access::index::Index;
use ids::guid::{SubscriptionId, TenantId};
use model::{delegation::Assignment, directory::Tenant, tree::Subscription};
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use crate::{context::Context, delegation::managed::reading::sees, error::Error, plane::Plane};

/// So many of the caller's subscriptions are looked through: what is asked for as somebody types
/// may not take long.
const EXAMINED_MAX: usize = 1_000;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub subscriptions: Vec<Subscription>,
    /// Tenants of which the caller reads some delegation: no others are customers to the caller.
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
    let mut customers: BTreeMap<TenantId, Option<Customer>> = BTreeMap::new();
    // What is called by its whole id is found wherever it stands.
    let named = |id: &SubscriptionId| words.iter().any(|word| *word == id.to_string());
    let (named, rest): (Vec<_>, Vec<_>) = ids.into_iter().partition(named);
    for id in named.into_iter().chain(rest).take(EXAMINED_MAX) {
        let Some(it) = snapshot.find::<Subscription>(&id).await? else { continue };
        if it.tenant != who.tenant {
            let customer = match customers.entry(it.tenant) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(called(&snapshot, it.tenant, words).await?),
            };
            if let Some(customer) = customer.as_mut().filter(|it| it.reads.is_none()) {
                customer.reads = read_in(plane, context, &snapshot, id).await?;
            }
        }
        if found.len() < limit && holds(&format!("{} {id}", it.display_name), words) {
            found.push(it);
        }
    }
    let customers: Vec<Customer> = customers.into_values().flatten().collect();
    let judge = |index: &Index, (found, customers): (Vec<Subscription>, Vec<Customer>)| {
        let seen = |it: &Subscription| index.can_see(who, it.id, now);
        let reads =
            |it: &Customer| it.reads.as_ref().is_some_and(|it| sees(plane, context, index, it));
        let customers = customers.into_iter().filter(reads).map(|it| it.tenant);
        Ok::<_, Error>(Found {
            subscriptions: found.into_iter().filter(seen).collect(),
            customers: customers.take(limit).collect(),
            is_cut,
        })
    };
    snapshot.seal((found, customers)).open(&plane.store, judge).await
}

/// A tenant whose name is meant.
struct Customer {
    tenant: Tenant,
    /// A delegation of theirs that the caller may read.
    reads: Option<Assignment>,
}

/// The tenant, if its name is meant.
async fn called(
    snapshot: &Snapshot,
    id: TenantId,
    words: &[String],
) -> Result<Option<Customer>, StoreError> {
    let meant = |it: &Tenant| holds(&format!("{} {} {}", it.display_name, it.domain, it.id), words);
    let found = snapshot.find::<Tenant>(&id).await?.filter(meant);
    Ok(found.map(|tenant| Customer { tenant, reads: None }))
}

/// A delegation in that subscription that the caller may read, if there is one among its first.
async fn read_in(
    plane: &Plane,
    context: &Context,
    snapshot: &Snapshot,
    id: SubscriptionId,
) -> Result<Option<Assignment>, StoreError> {
    let range = ranges::assignments_of_subscription(id);
    let rows = snapshot.list::<Assignment>(&range, Page::first()).await?;
    let index = plane.index();
    Ok(rows.items.into_iter().find(|it| sees(plane, context, &index, it)))
}

/// Whether all of the words, in lower case, stand in the text.
pub fn holds(text: &str, words: &[String]) -> bool {
    let folded = text.to_lowercase();
    words.iter().all(|word| folded.contains(word))
}
