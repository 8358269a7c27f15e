//! Pictures, decoded to the end before they are believed.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use document::{fault::quoted, place::Word};
use market::image::{self, Bounds, LOGO, SCREENSHOT};
use model::market::{
    form::{Listing, Screenshot, Video},
    media::Picture,
};

use super::Scene;
use crate::offer::{PictureBytes, declared::Pictures};

/// How a picture begins that stands in the file itself (RFC 2397).
const INLINE: &str = "data:image/png;base64,";
/// What such a picture is called: it has no name of its own.
const INLINE_NAME: &str = "picture.png";

impl Scene<'_> {
    pub(super) fn show(&mut self, declared: &Pictures, listing: &mut Listing) {
        let mut logo = |path: &Option<Word>| self.picture(path.as_ref()?, LOGO);
        listing.logo = logo(&declared.logos.large);
        listing.medium_logo = logo(&declared.logos.medium);
        listing.small_logo = logo(&declared.logos.small);
        let screenshots = declared.screenshots.iter().filter_map(|it| {
            let picture = self.picture(&it.file, SCREENSHOT)?;
            Some(Screenshot { picture, caption: it.caption.clone() })
        });
        listing.screenshots = screenshots.collect();
        let videos = declared.videos.iter().map(|it| Video {
            name: it.name.clone(),
            url: it.url.clone(),
            thumbnail: it.thumbnail.as_ref().and_then(|path| self.picture(path, SCREENSHOT)),
        });
        listing.videos = videos.collect();
    }

    fn inline(&mut self, at: &Word, data: &str) -> Option<Vec<u8>> {
        let bytes = BASE64_STANDARD.decode(data);
        bytes.map_err(|_| self.faults.add(at.at, "the `data:` URL is no base64")).ok()
    }

    fn picture(&mut self, path: &Word, bounds: Bounds) -> Option<Picture> {
        let bytes = match path.it.strip_prefix(INLINE) {
            Some(data) => self.inline(path, data)?,
            None => self.open(path, bounds.bytes_max)?,
        };
        let file = if path.it.starts_with(INLINE) { INLINE_NAME } else { &path.it };
        let told = |why| self.faults.add(path.at, format!("{}: {why}", quoted(&path.it)));
        let picture = image::facts(file, &bytes, bounds).map_err(told).ok()?;
        if !self.pictures.iter().any(|it| it.picture.digest == picture.digest) {
            self.pictures.push(PictureBytes { picture: picture.clone(), bytes });
        }
        Some(picture)
    }
}
