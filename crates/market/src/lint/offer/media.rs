//! The pictures and videos of a listing. That a picture is PNG was seen when it was decoded.

use model::market::media::{Background, Picture};

use super::{Lint, link};
use crate::{
    image::DERIVED_LOGO_PIXELS,
    lint::{
        limits::{LOGO_PIXELS, SCREENSHOT_PIXELS, SCREENSHOTS_MAX, VIDEOS_MAX},
        rules::{self, Rule},
    },
};

const LOGO: &str = "listing.logos.large";

impl Lint<'_> {
    pub(super) fn media(&mut self) {
        let listing = &self.form.listing;
        match &listing.logo {
            None => self.find(&rules::LOGO, LOGO, "there is none"),
            Some(logo) => self.logo(logo),
        }
        let [medium, small] = DERIVED_LOGO_PIXELS;
        let replaced =
            [("medium", &listing.medium_logo, medium), ("small", &listing.small_logo, small)];
        for (name, logo, edge) in replaced {
            if let Some(logo) = logo {
                let field = format!("listing.logos.{name}");
                self.size(&rules::SMALL_LOGO, &field, logo, (edge, edge));
            }
        }
        self.screenshots();
        self.videos();
    }

    fn logo(&mut self, logo: &Picture) {
        let Picture { width, height, background, .. } = logo;
        if width != height || !LOGO_PIXELS.contains(width) {
            self.find(&rules::LOGO, LOGO, format!("it has {width} by {height} pixels"));
        }
        let colour = match background {
            Background::Black => "black",
            Background::White => "white",
            Background::Transparent | Background::Other => return,
        };
        self.find(&rules::LOGO_BACKGROUND, LOGO, format!("it stands on {colour}"));
    }

    fn screenshots(&mut self) {
        let (rule, all) = (&rules::SCREENSHOT, "listing.screenshots");
        let shots = &self.form.listing.screenshots;
        if shots.len() > SCREENSHOTS_MAX {
            let reason = format!("there are {}, and {SCREENSHOTS_MAX} are shown", shots.len());
            self.find(rule, all, reason);
        }
        for (nth, it) in shots.iter().enumerate() {
            let field = format!("{all}[{nth}]");
            self.size(rule, &field, &it.picture, SCREENSHOT_PIXELS);
            let caption = format!("{field}.caption");
            if it.caption.trim().is_empty() {
                self.find(rule, caption.as_str(), "it is empty");
            }
            self.seen(&caption, &it.caption);
        }
    }

    fn videos(&mut self) {
        let (rule, all) = (&rules::VIDEO, "listing.videos");
        let videos = &self.form.listing.videos;
        if videos.len() > VIDEOS_MAX {
            let reason = format!("there are {}, and {VIDEOS_MAX} are shown", videos.len());
            self.find(rule, all, reason);
        }
        for (nth, it) in videos.iter().enumerate() {
            let field = format!("{all}[{nth}]");
            if !link::is_video(&it.url) {
                self.find(rule, format!("{field}.url"), "it is neither at YouTube nor at Vimeo");
            }
            let name = format!("{field}.name");
            if it.name.trim().is_empty() {
                self.find(rule, name.as_str(), "it is empty");
            }
            self.seen(&name, &it.name);
            match &it.thumbnail {
                Some(picture) => {
                    self.size(rule, &format!("{field}.thumbnail"), picture, SCREENSHOT_PIXELS);
                }
                None => self.find(rule, format!("{field}.thumbnail"), "there is none"),
            }
        }
    }

    fn size(&mut self, rule: &'static Rule, field: &str, picture: &Picture, asked: (u32, u32)) {
        let Picture { width, height, .. } = picture;
        if (*width, *height) != asked {
            self.find(rule, field, format!("it has {width} by {height} pixels"));
        }
    }
}
