//! What is delegated at a scope and around it, or below it, with whether that is all.

use arm::request::Method::Get;
use ids::{guid::SubscriptionId, scope::Scope};
use model::delegation::{Assignment, Definition};
use operations::{
    delegation::{
        Shown,
        read::{self, Listing},
    },
    page::{PAGE_ROWS, page},
};

use super::below;
use crate::{ask::Ask, trouble::Trouble};

/// So many pages of a subscription's delegations are looked through.
const PAGES_MAX: usize = 10;

/// A delegation with what it gives.
pub(super) type Given = (Assignment, Shown<Definition>);

/// Delegations, as far as the visitor sees them.
#[derive(Default)]
pub(super) struct Found {
    pub(super) items: Vec<Given>,
    /// Whether there may be more.
    pub(super) is_cut: bool,
}

/// What is delegated at the scope, and around it in its subscription. Whoever reads one resource
/// group alone sees that one's.
pub(super) async fn around(
    ask: &Ask,
    subscription: SubscriptionId,
    scope: &Scope,
    limit: usize,
) -> Result<Found, Trouble> {
    let whole = Scope::Subscription(subscription);
    let group = scope.resource_group().cloned();
    let mut found = match group.map(|name| Scope::ResourceGroup(subscription, name)) {
        Some(group) => seen(listed(ask, group, limit, |_| true).await)?,
        None => Found::default(),
    };
    let at_whole = |it: &Assignment| *it.id.scope() == whole;
    let above = seen(listed(ask, whole.clone(), limit, at_whole).await)?;
    found.items.extend(above.items);
    found.is_cut |= above.is_cut;
    Ok(found)
}

/// What is delegated in the scope's subscription; of its resource group alone, for whoever reads
/// no more.
pub(super) async fn within(
    ask: &Ask,
    subscription: SubscriptionId,
    scope: &Scope,
    limit: usize,
) -> Result<Found, Trouble> {
    let group = scope.resource_group().cloned();
    let group = group.map(|name| Scope::ResourceGroup(subscription, name));
    match (listed(ask, Scope::Subscription(subscription), limit, |_| true).await, group) {
        (Err(Trouble::Refused(_)), Some(group)) => listed(ask, group, limit, |_| true).await,
        (found, _) => found,
    }
}

/// What is refused is not seen.
fn seen(found: Result<Found, Trouble>) -> Result<Found, Trouble> {
    match found {
        Err(Trouble::Refused(_)) => Ok(Found::default()),
        found => found,
    }
}

/// Those of a list that are wanted, so many at most.
async fn listed(
    ask: &Ask,
    scope: Scope,
    limit: usize,
    wanted: impl Fn(&Assignment) -> bool,
) -> Result<Found, Trouble> {
    let path = below(&scope, "/providers/Microsoft.ManagedServices/registrationAssignments");
    let (plane, mut items, mut after) = (ask.plane(), Vec::new(), None);
    for _ in 0..PAGES_MAX {
        let page = page(after.take(), Some(PAGE_ROWS));
        let listing = Listing { scope: scope.clone(), managing: None, page };
        let found = ask
            .arm((Get, path.clone(), "2022-10-01"), async |context| {
                read::assignments(plane, &context, &listing).await
            })
            .await?;
        let whole = |(it, definition): (Assignment, Option<_>)| Some((it, definition?));
        items.extend(found.items.into_iter().filter_map(whole).filter(|(it, _)| wanted(it)));
        after = found.next;
        if after.is_none() || items.len() > limit {
            break;
        }
    }
    let is_cut = after.is_some() || items.len() > limit;
    items.truncate(limit);
    Ok(Found { items, is_cut })
}
