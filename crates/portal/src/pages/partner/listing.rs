//! *Offer listing*: what the storefront says of the offer.

use market::lint::{Finding, publish::Page};
use model::market::form::{Form, Link, Listing, Video};
use operations::market::submissions::lint::Judged;

use super::{
    draft::{Place, Sheet, Way},
    sheet::{Block, Field, Kind, Shown, Text, fields, rows, take, take_rows},
    to::{Tab, To},
};
use crate::{fields::Fields, pages::marketplace::listing::description};

/// The page as it is typed.
pub(super) struct Sheeted {
    listing: Listing,
    global: String,
    government: String,
    links: Vec<Row>,
    videos: Vec<Row>,
}

/// Something with a name that is somewhere.
#[derive(Default)]
struct Row {
    name: String,
    url: String,
}

macro_rules! text {
    ($name:literal at $at:literal, $kind:expr, $label:literal, $hint:literal, $($of:tt)+) => {
        Text {
            name: $name,
            at: $at,
            label: $label,
            hint: $hint,
            kind: $kind,
            of: |it| &mut it.$($of)+,
        }
    };
}

const LINE: Kind = Kind::Line("text");
const ADDRESS: Kind = Kind::Line("url");

const TEXTS: [Text<Sheeted>; 6] = [
    text!("title" at "title", LINE, "Name", "Up to 200 characters; from 50 on, some pages cut it off.", listing.title),
    text!("summary" at "searchResultSummary", LINE, "Search results summary", "Up to 100 characters, and not the name again.", listing.summary),
    text!("short" at "shortDescription", Kind::Text, "Short description", "Up to 256 characters. The portal shows it.", listing.short_description),
    text!("description" at "description", Kind::Text, "Description", "Up to 5,000 characters. HTML of b, i, em, br, p, ul, ol, li and h1 to h6; it says that it is about managed services.", listing.description),
    text!("language" at "languageId", LINE, "Language", "As in en-us.", listing.language),
    text!("privacy" at "privacyPolicyLink", ADDRESS, "Privacy policy link", "It begins with https://.", listing.privacy_policy),
];

const CONTACTS: [Text<Sheeted>; 6] = [
    text!("support-name" at "supportContact.name", LINE, "Support: name", "", listing.support.name),
    text!("support-email" at "supportContact.email", Kind::Line("email"), "Support: e-mail", "", listing.support.email),
    text!("support-phone" at "supportContact.phone", LINE, "Support: phone", "", listing.support.phone),
    text!("engineering-name" at "engineeringContact.name", LINE, "Engineering: name", "", listing.engineering.name),
    text!("engineering-email" at "engineeringContact.email", Kind::Line("email"), "Engineering: e-mail", "", listing.engineering.email),
    text!("engineering-phone" at "engineeringContact.phone", LINE, "Engineering: phone", "", listing.engineering.phone),
];

const SUPPORT: [Text<Sheeted>; 2] = [
    text!("global" at "globalSupportWebsite", ADDRESS, "Azure Global", "", global),
    text!("government" at "governmentSupportWebsite", ADDRESS, "Azure Government", "", government),
];

const ROW: [Text<Row>; 2] = [
    text!("name" at "name", LINE, "Name", "", name),
    text!("url" at "url", ADDRESS, "Address", "", url),
];

const LISTING: &str = "listing.";

/// The description as the storefront shows it.
fn shown(text: &str) -> Shown {
    if text.trim().is_empty() {
        return Shown::Nothing("There is nothing to show yet.");
    }
    let refused = "Nothing of it is shown before what is wrong with it is mended.";
    description(text).map_or(Shown::Nothing(refused), Shown::Html)
}

impl Sheet for Sheeted {
    const TITLE: &'static str = "Offer listing";
    const TAB: Tab = Tab::Listing;
    const SAYS: &'static str =
        "What customers read of the offer in the storefront and in the portal.";

    fn of(judged: &Judged, _place: &Place) -> Option<Self> {
        let listing = judged.offer.form.listing.clone();
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let link = |it: &Link| Row { name: it.name.clone(), url: it.url.clone() };
        let video = |it: &Video| Row { name: it.name.clone(), url: it.url.clone() };
        Some(Self {
            global: text(&listing.support_global),
            government: text(&listing.support_government),
            links: listing.links.iter().map(link).collect(),
            videos: listing.videos.iter().map(video).collect(),
            listing,
        })
    }

    fn take(&mut self, sent: &Fields) {
        take(&TEXTS, self, "", sent);
        take(&CONTACTS, self, "", sent);
        take(&SUPPORT, self, "", sent);
        self.links = take_rows(&ROW, "links", sent);
        self.videos = take_rows(&ROW, "videos", sent);
    }

    fn put(&self, form: &mut Form, _place: &Place) -> Vec<Finding> {
        let before = std::mem::take(&mut form.listing.videos);
        // What stands for a video stays with it, wherever it stands now.
        let thumbnail =
            |url: &str| before.iter().find(|it| it.url == url).and_then(|it| it.thumbnail.clone());
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let video = |it: &Row| Video {
            name: it.name.clone(),
            url: it.url.clone(),
            thumbnail: thumbnail(&it.url),
        };
        form.listing = Listing {
            support_global: some(&self.global),
            support_government: some(&self.government),
            links: self
                .links
                .iter()
                .map(|it| Link { name: it.name.clone(), url: it.url.clone() })
                .collect(),
            videos: self.videos.iter().map(video).collect(),
            ..self.listing.clone()
        };
        Vec::new()
    }

    fn blocks(&mut self, _form: &Form, _place: &Place) -> Vec<Block> {
        let links = rows(&ROW, &mut self.links, ("links", "listing.generalLinks"));
        let videos = rows(&ROW, &mut self.videos, ("videos", "listing.videos"));
        let mut texts = fields(&TEXTS, self, "", LISTING);
        let is_description = |it: &&mut Field| it.name == "description";
        if let Some(field) = texts.iter_mut().find(is_description) {
            field.shown = Some(shown(&field.value));
        }
        vec![
            Block { heading: "Listing", fields: texts, ..Block::default() },
            Block {
                heading: "Product information links",
                row: "Link",
                rows: links,
                ..Block::default()
            },
            Block {
                heading: "Contacts",
                says: "No customer sees them.",
                fields: fields(&CONTACTS, self, "", LISTING),
                ..Block::default()
            },
            Block {
                heading: "Support links",
                fields: fields(&SUPPORT, self, "", LISTING),
                ..Block::default()
            },
            Block {
                heading: "Videos",
                says: "Up to five, at YouTube or Vimeo. The picture that stands for each is uploaded with the other pictures.",
                row: "Video",
                rows: videos,
                ..Block::default()
            },
        ]
    }

    fn is_here(field: &str, _form: &Form, _place: &Place) -> bool {
        Page::of(field) == Page::Listing
    }

    fn ways(&self, _judged: &Judged, place: &Place) -> Vec<Way> {
        vec![
            Way::new("Logos, screenshots and pictures of videos", To::Offer(&place.id, Tab::Media)),
            Way::new("Next: Preview audience", To::Offer(&place.id, Tab::Preview)),
        ]
    }
}
