//! A row of each rule: what it objects to, and what is like it and passes.

mod listing;
mod manifests;
mod plans;

use model::{
    market::{
        account::VerificationStage,
        form::{Destination, Link, Screenshot, Terms, Video},
        media::{Background, Picture},
    },
    samples::CUSTOMER,
};

use self::{
    listing::{LISTING, MEDIA},
    manifests::{AUTHORIZATIONS, NUMBERS, WARNINGS},
    plans::{ACCOUNT, OFFER, PLANS, PROPERTIES, TEMPLATES},
};
use super::*;

/// In the order of the rules.
pub(super) fn rows() -> Vec<Row> {
    [
        LISTING,
        MEDIA,
        NUMBERS,
        AUTHORIZATIONS,
        WARNINGS,
        OFFER,
        PLANS,
        PROPERTIES,
        ACCOUNT,
        TEMPLATES,
    ]
    .concat()
}

fn sized(width: u32, height: u32) -> Picture {
    Picture { width, height, ..market::picture() }
}

fn shot(width: u32, height: u32) -> Screenshot {
    Screenshot { picture: sized(width, height), caption: "The board".to_owned() }
}

fn video(url: &str) -> Video {
    let thumbnail = Some(sized(1280, 720));
    Video { name: "Tour".to_owned(), url: url.to_owned(), thumbnail }
}

fn link(name: &str, url: &str) -> Vec<Link> {
    vec![Link { name: name.to_owned(), url: url.to_owned() }]
}
