//! The pictures of an offer's listing: uploaded, described, removed.

use askama::Template;
use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use ids::offer::OfferId;
use model::market::{
    form::{Form, Listing, Screenshot},
    media::Picture,
};
use operations::market::{
    Refused,
    offers::{
        media::{self, For},
        read,
    },
};

use super::{
    draft::{judged, market_refusal},
    plans::save,
    sheet::Said,
    to::{Tab, To},
    top::Top,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
};

/// Of a form with one picture: each purpose has a bound of its own below this.
pub(super) const UPLOAD: usize = 5 << 20;

/// Where a picture stands in a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Large,
    Medium,
    Small,
    Screenshot(usize),
    /// The picture that stands for a video.
    Video(usize),
}

impl Slot {
    fn parse(text: &str) -> Option<Self> {
        match text.split_once('-') {
            None => match text {
                "large" => Some(Self::Large),
                "medium" => Some(Self::Medium),
                "small" => Some(Self::Small),
                _ => None,
            },
            Some(("screenshot", nth)) => Some(Self::Screenshot(nth.parse().ok()?)),
            Some(("video", nth)) => Some(Self::Video(nth.parse().ok()?)),
            Some(_) => None,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Large => "large".to_owned(),
            Self::Medium => "medium".to_owned(),
            Self::Small => "small".to_owned(),
            Self::Screenshot(nth) => format!("screenshot-{nth}"),
            Self::Video(nth) => format!("video-{nth}"),
        }
    }

    /// Where the rules see it.
    fn field(self) -> String {
        match self {
            Self::Large | Self::Medium | Self::Small => format!("listing.logos.{}", self.name()),
            Self::Screenshot(nth) => format!("listing.screenshots[{nth}]"),
            Self::Video(nth) => format!("listing.videos[{nth}].thumbnail"),
        }
    }

    fn purpose(self) -> For {
        match self {
            Self::Large | Self::Medium | Self::Small => For::Logo,
            Self::Screenshot(_) | Self::Video(_) => For::Screenshot,
        }
    }

    /// Puts a picture there, or takes it away; none where there is no such place.
    fn put(self, listing: &mut Listing, picture: Option<Picture>, caption: &str) -> Option<()> {
        match self {
            Self::Large => listing.logo = picture,
            Self::Medium => listing.medium_logo = picture,
            Self::Small => listing.small_logo = picture,
            Self::Video(nth) => listing.videos.get_mut(nth)?.thumbnail = picture,
            Self::Screenshot(nth) => match picture {
                None if nth < listing.screenshots.len() => drop(listing.screenshots.remove(nth)),
                None => return None,
                Some(picture) => {
                    let caption = caption.to_owned();
                    let new = Screenshot { picture, caption };
                    match listing.screenshots.get_mut(nth) {
                        Some(kept) => *kept = new,
                        None => listing.screenshots.push(new),
                    }
                }
            },
        }
        Some(())
    }
}

/// One place for a picture.
struct Spot {
    slot: String,
    label: String,
    hint: &'static str,
    /// Where its bytes are, what it was called, and its size.
    picture: Option<(String, String, String)>,
    /// What it shows; nothing where none is asked for.
    caption: Option<String>,
    said: Vec<Said>,
}

#[derive(Template)]
#[template(path = "partner/media.html")]
struct View {
    frame: Frame,
    top: Top,
    refusal: Option<String>,
    places: Vec<Spot>,
    listing: String,
    revision: u64,
}

/// `GET /partner-center/media/{digest}`
pub(super) fn picture(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, digest) = (ask.plane(), ask.key(0));
        let work = |context| async move { read::media(plane, &context, digest).await };
        let media = ask.market("GET", "offers/read", work).await?;
        let bytes = BASE64_STANDARD.decode(media.bytes).map_err(|_| Trouble::Nothing)?;
        Ok(Answer::Picture(bytes))
    })
}

/// `GET /partner-center/offers/{publisher}/{offer}/media`
pub(super) fn open(ask: Ask) -> Answered {
    Box::pin(async move { draw(&ask, StatusCode::OK, None).await })
}

/// `POST` of the same: a picture is uploaded, described anew, or taken away.
pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer()?;
        match changed(&ask, &id).await {
            Ok(words) => Ok(ask.done(words, To::Offer(&id, Tab::Media))),
            Err(trouble) => match market_refusal(&trouble) {
                Some(Refused::NotFound(_)) | None => Err(trouble),
                Some(refusal) => {
                    let words = format!("Nothing was changed: {refusal}.");
                    draw(&ask, trouble.told().status, Some(words)).await
                }
            },
        }
    })
}

async fn changed(ask: &Ask, id: &OfferId) -> Result<&'static str, Trouble> {
    let garbled = || Trouble::Garbled("it names no place for a picture");
    let mut form = ask.read_offer(id).await?.form;
    let slot = ask.form.get("slot").and_then(Slot::parse).ok_or_else(garbled)?;
    let wanted = ask.revision()?;
    let caption = ask.form.get("caption").unwrap_or_default().trim();
    let words = if ask.form.get("do") == Some("remove") {
        slot.put(&mut form.listing, None, "").ok_or_else(garbled)?;
        "The picture was removed."
    } else if let Some(file) = ask.form.file("file") {
        let (plane, purpose) = (ask.plane(), slot.purpose());
        let work = |context| async move {
            media::upload(plane, &context, purpose, &file.name, file.bytes.clone()).await
        };
        let picture = ask.market("POST", "offers/write", work).await?.into_inner();
        slot.put(&mut form.listing, Some(picture), caption).ok_or_else(garbled)?;
        "The picture was saved."
    } else {
        described(&mut form, slot, caption).ok_or(Trouble::Garbled("no file was chosen"))?;
        "The description was saved."
    };
    save(ask, id, &form, wanted).await?;
    Ok(words)
}

fn described(form: &mut Form, slot: Slot, caption: &str) -> Option<()> {
    let Slot::Screenshot(nth) = slot else { return None };
    caption.clone_into(&mut form.listing.screenshots.get_mut(nth)?.caption);
    Some(())
}

async fn draw(ask: &Ask, status: StatusCode, refusal: Option<String>) -> Result<Answer, Trouble> {
    let id = ask.offer()?;
    let judged = judged(ask, &id).await?;
    let offer = &judged.offer;
    let mut places = places(&offer.form.listing);
    for place in &mut places {
        let field = Slot::parse(&place.slot).map(Slot::field).unwrap_or_default();
        let here = judged.findings.iter().filter(|it| {
            it.field
                .strip_prefix(&field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        place.said = here.map(Said::of).collect();
    }
    let view = View {
        frame: ask
            .offer_frame("Pictures", &id)
            .await?
            .below("Offer listing", To::Offer(&id, Tab::Listing)),
        top: Top::new(offer, Tab::Media, &judged.findings),
        refusal,
        places,
        listing: To::Offer(&id, Tab::Listing).to_string(),
        revision: ask.draft_shown(status, offer.revision),
    };
    Answer::with(status, &view)
}

/// What a screenshot is to be.
const SHOT: &str = "PNG, 1280 by 720 pixels, with a caption. Up to five.";

fn places(listing: &Listing) -> Vec<Spot> {
    let place = |slot: Slot, label: String, hint, picture: Option<&Picture>| Spot {
        slot: slot.name(),
        label,
        hint,
        picture: picture.map(|it| {
            let path = To::Media(&it.digest).to_string();
            (path, it.file.clone(), format!("{} × {} pixels", it.width, it.height))
        }),
        caption: None,
        said: Vec::new(),
    };
    let logo = |slot, label: &str, hint, picture: &Option<Picture>| {
        place(slot, label.to_owned(), hint, picture.as_ref())
    };
    let mut places = vec![
        logo(Slot::Large, "Large logo", "PNG, square, 216 to 350 pixels.", &listing.logo),
        logo(
            Slot::Medium,
            "Medium logo",
            "PNG, 90 by 90 pixels. Without one, it is made from the large logo.",
            &listing.medium_logo,
        ),
        logo(
            Slot::Small,
            "Small logo",
            "PNG, 48 by 48 pixels. Without one, it is made from the large logo.",
            &listing.small_logo,
        ),
    ];
    let shots = listing.screenshots.iter().map(Some).chain([None]).enumerate();
    places.extend(shots.map(|(nth, it)| {
        let label = format!("Screenshot {}", nth.saturating_add(1));
        let caption = it.map(|it| it.caption.clone()).unwrap_or_default();
        let picture = it.map(|it| &it.picture);
        Spot { caption: Some(caption), ..place(Slot::Screenshot(nth), label, SHOT, picture) }
    }));
    places.extend(listing.videos.iter().enumerate().map(|(nth, it)| {
        let label = format!("Picture of the video {}", it.name);
        place(Slot::Video(nth), label, "PNG, 1280 by 720 pixels.", it.thumbnail.as_ref())
    }));
    places
}
