//! Removing an offer that was never published.

use ids::offer::OfferId;
use market::lifecycle::{Event, next};
use model::{
    action::Verb,
    market::{
        MarketNoun,
        offer::{Audience, Edition, HistoryEntry, Stage},
        submission::Submission,
    },
};
use store::{key::Range, record::Record, records::ranges::market as ranges, unit::Unit};

use super::published::standing;
use crate::{
    context::Context,
    error::Error,
    market::{By, IfMatch, admit, find},
    plane::{Plane, retry},
};

/// Removes the offer with its draft, its history and what became of its submissions, so that
/// nothing of it is told of another one of its name.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    wanted: IfMatch,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        delete_in(plane, context, &mut unit, id, wanted).await?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// The same as a part of what happens together.
pub(super) async fn delete_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &OfferId,
    wanted: IfMatch,
) -> Result<(), Error> {
    admit(plane, context, unit, "offers", Verb::Delete)?;
    let offer = find(unit, context, id).await?;
    wanted.check(offer.revision)?;
    let facts = standing(unit, &offer, false).await?;
    next(offer.state, Event::Delete, facts)?;
    let by = By::Caller(plane, context);
    if let Some(it) = unit.find::<Edition>(&(id.clone(), Stage::Submitted)).await? {
        by.remove(unit, MarketNoun::Edition(it)).await?;
    }
    let audiences = ranges::audiences_of(id, Stage::Submitted);
    all::<Audience>(by, unit, audiences, MarketNoun::Audience).await?;
    all::<HistoryEntry>(by, unit, ranges::history_of(id), MarketNoun::HistoryEntry).await?;
    all::<Submission>(by, unit, ranges::submissions_of(id), MarketNoun::Submission).await?;
    by.remove(unit, MarketNoun::Offer(offer)).await
}

async fn all<R: Record>(
    by: By<'_>,
    unit: &mut Unit,
    range: Range,
    noun: fn(R) -> MarketNoun,
) -> Result<(), Error> {
    let mut rest = Some(range);
    while let Some(range) = rest {
        let (found, more) = unit.list_part::<R>(&range).await?;
        for it in found {
            by.remove(unit, noun(it)).await?;
        }
        rest = more;
    }
    Ok(())
}
