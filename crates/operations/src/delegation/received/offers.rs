//! What a tenant was offered: one row for each registration definition.

use delegation::acceptance::Waiting;
use model::{action::Action, delegation::Definition};

use super::{Received, Wanted, asking, walk};
use crate::{
    acceptance::{self, At},
    context::Context,
    delegation::{
        Shown,
        reach::{self, Reach},
        read::{self, DEFINITIONS_READ},
    },
    error::Error,
    plane::Plane,
};

const ACCEPTANCES_READ: Action = Action::known("Fyr.Marketplace/acceptances/read");

/// One offer in one subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub shown: Shown<Definition>,
    /// Where it is assigned.
    pub reach: Reach,
    /// A newer version that waits, where the offer is of the marketplace and the caller may read
    /// what is accepted.
    pub waiting: Option<Waiting>,
}

/// The offers in the caller's own subscriptions.
pub async fn list(
    plane: &Plane,
    context: &Context,
    wanted: Wanted,
) -> Result<Received<Offer>, Error> {
    let Wanted { filter, after, limit, lists } = wanted;
    let page =
        |asked: Context, listing| async move { read::definitions(plane, &asked, &listing).await };
    let is_wanted = |Shown { it, parties }: &Shown<Definition>| {
        filter.meets(it.managed_by, parties, it.name.as_deref().unwrap_or_default(), it.id.scope())
    };
    let asked = (&DEFINITIONS_READ, after, limit, lists);
    let found = walk(plane, context, asked, page, is_wanted).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for shown in found.items {
        let reach = reach::count(plane, context, &shown.it.id).await?;
        let waiting = waiting(plane, context, &shown.it).await?;
        items.push(Offer { shown, reach, waiting });
    }
    Ok(Received { items, next: found.next })
}

/// The version that waits for a word about the definition.
pub(super) async fn waiting(
    plane: &Plane,
    context: &Context,
    definition: &Definition,
) -> Result<Option<Waiting>, Error> {
    let subscription = definition.id.scope().subscription();
    let (Some(accepted), Some(subscription)) = (&definition.accepted, subscription) else {
        return Ok(None);
    };
    let at = At::of(subscription, &accepted.plan);
    let asked = asking(context, &ACCEPTANCES_READ, subscription);
    match acceptance::read::get(plane, &asked, &at).await {
        Ok(found) => Ok(found.waiting),
        // Withdrawn meanwhile, or not for the caller to read.
        Err(Error::Delegation(_) | Error::Denied(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
