//! What a tenant was offered and what it delegated, at a glance: as much as a few lists tell.

use std::collections::{BTreeMap, BTreeSet};

use model::delegation::Definition;

use super::{Wanted, delegations, offers, walk};
use crate::{
    context::Context,
    delegation::read::{self, DEFINITIONS_READ},
    error::Error,
    plane::Plane,
};

/// How many offers, and how many delegations, are looked at.
pub const LOOKED_AT_MAX: usize = 50;
/// How many lists of subscriptions are looked through for each.
const LISTS_MAX: usize = 50;

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub count: usize,
    /// Whether there may be more than was looked at.
    pub is_more: bool,
}

/// What the caller sees of their own tenant's side of delegations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    pub offers: Count,
    /// Who made them.
    pub providers: Count,
    /// Plans of which a newer version waits that nobody has declined.
    pub updates: Count,
    pub delegations: Count,
}

/// Looks at the first of the offers and of the delegations that the caller sees.
pub async fn look(plane: &Plane, context: &Context) -> Result<Glance, Error> {
    let page =
        |asked: Context, listing| async move { read::definitions(plane, &asked, &listing).await };
    let asked = (&DEFINITIONS_READ, None, LOOKED_AT_MAX, LISTS_MAX);
    let found = walk(plane, context, asked, page, |_| true).await?;
    let is_more = found.next.is_some();
    let count = |count| Count { count, is_more };
    let all: Vec<&Definition> = found.items.iter().map(|it| &it.it).collect();
    let providers: BTreeSet<_> = all.iter().map(|it| it.managed_by).collect();
    let updates = updates(plane, context, &all).await?;
    let wanted = Wanted { limit: LOOKED_AT_MAX, lists: LISTS_MAX, ..Wanted::default() };
    let delegated = delegations::list(plane, context, wanted).await?;
    Ok(Glance {
        offers: count(all.len()),
        providers: count(providers.len()),
        updates: count(updates),
        delegations: Count { count: delegated.items.len(), is_more: delegated.next.is_some() },
    })
}

/// How many of the plans have an update that waits. A plan that stands in several subscriptions is
/// accepted once, and asked about once.
async fn updates(plane: &Plane, context: &Context, all: &[&Definition]) -> Result<usize, Error> {
    let mut plans = BTreeMap::new();
    for it in all {
        if let Some(accepted) = &it.accepted {
            plans.entry((&accepted.plan.plan, accepted.plan.slot.as_str())).or_insert(*it);
        }
    }
    let mut count = 0_usize;
    for it in plans.into_values() {
        let waiting = offers::waiting(plane, context, it).await?;
        count = count.saturating_add(usize::from(waiting.is_some_and(|it| !it.is_declined)));
    }
    Ok(count)
}
