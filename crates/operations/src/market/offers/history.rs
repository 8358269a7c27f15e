//! What happened to an offer. Saving a draft is no news
//! (<https://learn.microsoft.com/partner-center/marketplace-offers/history>).

use ids::offer::OfferId;
use model::{
    action::Verb,
    market::{
        MarketNoun, in_account,
        offer::{HistoryEntry, Offer},
    },
};
use store::{records::ranges::market as ranges, snapshot::Page, unit::Unit};

use super::read;
use crate::{
    context::Context,
    error::Error,
    market::{By, own},
    page::{self, Paged},
    plane::Plane,
};

/// The history of an offer, the latest first.
pub async fn list(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    page: Page,
) -> Result<Paged<HistoryEntry>, Error> {
    let offer = read::read(plane, context, id).await?;
    let asked = in_account(own(context), "offers", Verb::Read);
    let is_own = |it: &HistoryEntry| it.tenant == offer.tenant;
    let question = |it: &HistoryEntry| is_own(it).then(|| asked.clone());
    page::list(plane, context, &ranges::history_of(id), page, question).await
}

/// Adds an entry: of whoever asks, or of nobody where a step does it.
pub(in crate::market) async fn note(
    plane: &Plane,
    by: By<'_>,
    unit: &mut Unit,
    offer: &Offer,
    event: String,
) -> Result<(), Error> {
    let name = match by {
        By::Caller(_, context) => Some(context.caller.name.clone()),
        By::Job => None,
    };
    let entry = HistoryEntry {
        id: plane.random.uuid_at(unit.now()),
        offer: offer.id.clone(),
        tenant: offer.tenant,
        at: unit.now(),
        event,
        by: name,
    };
    by.put(unit, MarketNoun::HistoryEntry(entry)).await
}
