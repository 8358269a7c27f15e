//! `fyr offer export`: a draft as a file.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::Context;
use model::market::{form::Form, media::Picture};
use world::offer::write;

use super::draft::{Draft, product};
use crate::{
    cli::Export,
    commands::{say, server::Server},
    worlds::BuiltIn,
};

/// What is enough of a digest to tell pictures of one offer apart.
const DIGEST_CHARS: usize = 12;

/// Writes the draft as a file that `fyr offer apply` takes, and its pictures beside it.
pub(in crate::commands) fn run(wanted: &Export) -> anyhow::Result<()> {
    let Export { named, into: folder } = wanted;
    let server = Server::marketplace(&named.online)?;
    let found = product(&server, &named.offer)?;
    let found = found.with_context(|| format!("there is no offer `{}`", named.offer))?;
    let mut form = Draft::read(&server, found)?.form;
    fs::create_dir(folder).with_context(|| format!("`{}`", folder.display()))?;
    for picture in pictures(&mut form) {
        let short: String = picture.digest.chars().take(DIGEST_CHARS).collect();
        picture.file = format!("{short}.png");
    }
    let named_pictures: BTreeSet<(String, String)> =
        pictures(&mut form).into_iter().map(|it| (it.digest.clone(), it.file.clone())).collect();
    for (digest, file) in named_pictures {
        keep(&folder.join(file), &server.bytes(&format!("/market/media/{digest}"))?)?;
    }
    let text = write::write(&named.offer, &form, &BuiltIn::roles());
    let file = folder.join("offer.yaml");
    keep(&file, text.as_bytes())?;
    say(&format!("{}\n", file.display()));
    Ok(())
}

fn keep(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("`{}`", path.display()))
}

fn pictures(form: &mut Form) -> Vec<&mut Picture> {
    let listing = &mut form.listing;
    let logos = [&mut listing.logo, &mut listing.medium_logo, &mut listing.small_logo];
    let screenshots = listing.screenshots.iter_mut().map(|it| &mut it.picture);
    let videos = listing.videos.iter_mut().filter_map(|it| it.thumbnail.as_mut());
    logos.into_iter().flatten().chain(screenshots).chain(videos).collect()
}
