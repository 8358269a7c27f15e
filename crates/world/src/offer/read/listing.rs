//! What the storefront shows.

use document::{fault::Faults, fields::Fields, tree::Node};
use model::market::{
    account::Person,
    form::{Link, Listing},
};

use crate::offer::{
    declared::{Logos, Pictures, Screenshot, Video},
    sections,
};

/// The language of a listing that does not say it.
const LANGUAGE: &str = "en-us";

/// A listing, and the pictures that belong to it.
pub(super) struct Read {
    pub(super) plain: Listing,
    pub(super) pictures: Pictures,
}

impl Default for Read {
    fn default() -> Self {
        let plain = Listing { language: LANGUAGE.to_owned(), ..Listing::default() };
        Self { plain, pictures: Pictures::default() }
    }
}

pub(super) fn listing(node: &Node, faults: &mut Faults) -> Read {
    let mut fields = Fields::of(node, &sections::LISTING, faults);
    let mut text = |key| fields.text(key);
    let texts = Listing {
        language: text("languageId").unwrap_or_else(|| LANGUAGE.to_owned()),
        title: text("title").unwrap_or_default(),
        summary: text("searchResultSummary").unwrap_or_default(),
        short_description: text("shortDescription").unwrap_or_default(),
        description: text("description").unwrap_or_default(),
        privacy_policy: text("privacyPolicyLink").unwrap_or_default(),
        ..Listing::default()
    };
    let plain = Listing {
        links: fields.each("generalLinks", link),
        support: fields.one("supportContact", contact).unwrap_or_default(),
        engineering: fields.one("engineeringContact", contact).unwrap_or_default(),
        support_global: fields.text("globalSupportWebsite"),
        support_government: fields.text("governmentSupportWebsite"),
        ..texts
    };
    let pictures = Pictures {
        logos: fields.one("logos", logos).unwrap_or_default(),
        screenshots: fields.each("screenshots", screenshot),
        videos: fields.each("videos", video),
    };
    Read { plain, pictures }
}

fn link(node: &Node, faults: &mut Faults) -> Link {
    let mut fields = Fields::of(node, &sections::LINK, faults);
    Link { name: fields.required("name").it, url: fields.required("url").it }
}

fn contact(node: &Node, faults: &mut Faults) -> Person {
    let mut fields = Fields::of(node, &sections::CONTACT, faults);
    Person {
        name: fields.text("name").unwrap_or_default(),
        email: fields.text("email").unwrap_or_default(),
        phone: fields.text("phone").unwrap_or_default(),
    }
}

fn logos(node: &Node, faults: &mut Faults) -> Logos {
    let mut fields = Fields::of(node, &sections::LOGOS, faults);
    Logos {
        large: fields.word("large"),
        medium: fields.word("medium"),
        small: fields.word("small"),
    }
}

fn screenshot(node: &Node, faults: &mut Faults) -> Screenshot {
    let mut fields = Fields::of(node, &sections::SCREENSHOT, faults);
    Screenshot {
        file: fields.required("file"),
        caption: fields.text("caption").unwrap_or_default(),
    }
}

fn video(node: &Node, faults: &mut Faults) -> Video {
    let mut fields = Fields::of(node, &sections::VIDEO, faults);
    Video {
        name: fields.required("name").it,
        url: fields.required("url").it,
        thumbnail: fields.word("thumbnail"),
    }
}
