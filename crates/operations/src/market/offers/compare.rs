//! What differs between an offer's draft and what is published of it.

use ids::offer::{OfferId, Slot};
use market::compare::{Difference, compare as differences};

use super::read;
use crate::{context::Context, error::Error, plane::Plane};

/// Every field of the draft and of what is in that slot.
pub async fn compare(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    slot: Slot,
) -> Result<Vec<Difference>, Error> {
    let draft = read::read(plane, context, id).await?;
    let published = read::edition(plane, context, id, slot).await?;
    Ok(differences(&published.form, &draft.form))
}
