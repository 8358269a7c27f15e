//! A picture of a listing.

use base64::{Engine, prelude::BASE64_STANDARD};
use ids::offer::Slot;
use operations::catalog;

use super::{Looker, place, product};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    trouble::Trouble,
    visitors,
};

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let _turn = visitors::turn(&ask).await?;
        let looker = Looker::new(&ask, place(&ask)?)?;
        let (offer, Slot::Live) = product(&ask)? else { return Err(Trouble::Nothing) };
        let (plane, digest) = (ask.plane(), ask.key(1));
        let found = catalog::picture(plane, looker.visitor(), &offer, digest).await?;
        let media = found.ok_or(Trouble::Nothing)?;
        let bytes = BASE64_STANDARD.decode(media.bytes).map_err(|_| Trouble::Nothing)?;
        Ok(Answer::Picture(bytes))
    })
}
