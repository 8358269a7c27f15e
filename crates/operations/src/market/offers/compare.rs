//! What differs between two of an offer's draft, its preview and what is live.

use ids::offer::{OfferId, Slot};
use market::compare::{Difference, compare as differences};
use model::market::offer::Offer;

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
