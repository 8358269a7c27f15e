//! What differs between two of an offer's draft, its preview and what is live.

use ids::offer::{OfferId, Slot};
use market::compare::{Difference, compare as differences};
use model::market::{
    offer::{Edition, Offer, Stage},
    submission::Submission,
};

use super::read::{in_slot, shown};
use crate::{
    context::Context,
    error::Error,
    market::{Refused, Thing, own, reading},
    plane::Plane,
};

/// Two forms of an offer: one that may go on, beside what it would replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    DraftAndPreview,
    DraftAndLive,
    /// What a sign-off would change.
    PreviewAndLive,
}

impl Pair {
    fn replaced(self) -> Slot {
        match self {
            Self::DraftAndPreview => Slot::Preview,
            Self::DraftAndLive | Self::PreviewAndLive => Slot::Live,
        }
    }
}

/// Every field of both forms, as they stand at one moment.
pub async fn compare(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    pair: Pair,
) -> Result<Vec<Difference>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let offer = snapshot.find::<Offer>(id).await?.filter(|it| it.tenant == own(context));
    let both = match offer {
        None => Err(Refused::NotFound(Thing::Offer)),
        Some(offer) => {
            let before = in_slot(&snapshot, context, id, pair.replaced()).await?;
            let after = match pair {
                Pair::DraftAndPreview | Pair::DraftAndLive => Some(shown(offer).form),
                Pair::PreviewAndLive => {
                    in_slot(&snapshot, context, id, Slot::Preview).await?.map(|it| it.form)
                }
            };
            before.map(|it| it.form).zip(after).ok_or(Refused::NotFound(Thing::Edition))
        }
    };
    let (before, after) = plane.release(&reading(context, "offers"), snapshot, both).await??;
    Ok(differences(&before, &after))
}

/// How many fields of a draft, as it was listed, are not as they are live. Where nobody saved it
/// since it was submitted, that is known without a look at what is in it: lists ask this of many.
pub async fn waiting(plane: &Plane, context: &Context, listed: &Offer) -> Result<usize, Error> {
    if is_as_submitted(plane, context, listed).await? {
        return Ok(0);
    }
    let found = compare(plane, context, &listed.id, Pair::DraftAndLive).await?;
    Ok(found.iter().filter(|it| it.change.is_modified()).count())
}

/// Whether what is live is the very draft that was listed.
async fn is_as_submitted(plane: &Plane, context: &Context, listed: &Offer) -> Result<bool, Error> {
    let snapshot = plane.store.snapshot().await?;
    let live = (listed.id.clone(), Stage::Published(Slot::Live));
    let live = snapshot.find::<Edition>(&live).await?.filter(|it| it.tenant == own(context));
    let submitted = match live {
        Some(it) => snapshot.find::<Submission>(&it.submission).await?,
        None => None,
    };
    let is_same = submitted.is_some_and(|it| it.revision == listed.revision);
    plane.release(&reading(context, "offers"), snapshot, is_same).await
}
