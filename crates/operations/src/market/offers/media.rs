//! Pictures for a listing.

use base64::{Engine, prelude::BASE64_STANDARD};
use market::image::{self, Bounds, LOGO, SCREENSHOT};
use model::{
    action::Verb,
    market::{
        MarketNoun,
        account::Account,
        media::{Media, Picture},
    },
};
use store::records::ranges::market as ranges;

use crate::{
    context::Context,
    error::Error,
    market::{By, Refused, begin, line, own},
    plane::{Plane, retry},
    put::Put,
    turns::Turns,
};

/// How many pictures one account keeps.
const MEDIA_MAX: usize = 1_000;
/// How long a file's name may be.
const NAME_CHARS_MAX: usize = 200;
/// So many pictures are decoded at a time, and one of each tenant's: it takes room and time.
static DECODING: Turns = Turns::new(2);

/// What a picture is for, which says how large it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    Logo,
    /// Or what stands for a video.
    Screenshot,
}

impl For {
    fn bounds(self) -> Bounds {
        match self {
            Self::Logo => LOGO,
            Self::Screenshot => SCREENSHOT,
        }
    }
}

/// Keeps a picture that could be decoded, once for the account, and answers what it is.
pub async fn upload(
    plane: &Plane,
    context: &Context,
    purpose: For,
    file: &str,
    bytes: Vec<u8>,
) -> Result<Put<Picture>, Error> {
    line("fileName", file, NAME_CHARS_MAX)?;
    // Nothing is decoded for whoever may not keep it.
    drop(begin(plane, context, "offers", Verb::Write)?);
    let media = decoded(context, purpose, file.to_owned(), bytes).await?;
    let key = (own(context), media.picture.digest.clone());
    retry(async || {
        let mut unit = begin(plane, context, "offers", Verb::Write)?;
        unit.find::<Account>(&own(context)).await?.ok_or(Refused::NoAccount)?;
        if let Some(before) = unit.find::<Media>(&key).await? {
            let file = media.picture.file.clone();
            return Ok(Put::Unchanged(Picture { file, ..before.picture }));
        }
        let enough = MEDIA_MAX.saturating_add(1);
        if unit.count(&ranges::media_of(own(context)), enough).await? >= MEDIA_MAX {
            return Err(Refused::TooMany { what: "pictures", max: MEDIA_MAX }.into());
        }
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Media(media.clone())).await?;
        plane.commit(context, unit, 201).await?;
        Ok(Put::Created(media.picture.clone()))
    })
    .await
}

/// Decodes where it holds nobody up.
async fn decoded(
    context: &Context,
    purpose: For,
    file: String,
    bytes: Vec<u8>,
) -> Result<Media, Error> {
    let tenant = own(context);
    let turn = DECODING.take(tenant).await?;
    let work = move || {
        let _turn = turn;
        let picture = image::facts(&file, &bytes, purpose.bounds())?;
        Ok(Media { tenant, picture, bytes: BASE64_STANDARD.encode(&bytes) })
    };
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| Error::Store(store::error::StoreError::unavailable(error)))?;
    done.map_err(|problem: image::Problem| Refused::from(problem).into())
}
