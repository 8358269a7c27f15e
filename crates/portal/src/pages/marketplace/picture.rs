//! A picture of a listing.

use base64::{Engine, prelude::BASE64_STANDARD};
use operations::catalog;

use super::{Looker, offer, place};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    trouble::Trouble,
};

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let looker = Looker::new(&ask, place(&ask)?)?;
        let (plane, digest) = (ask.plane(), ask.key(1));
        let found = catalog::picture(plane, looker.visitor(), &offer(&ask)?, digest).await?;
        let media = found.ok_or(Trouble::Nothing)?;
        let bytes = BASE64_STANDARD.decode(media.bytes).map_err(|_| Trouble::Nothing)?;
        Ok(Answer::Picture(bytes))
    })
}
