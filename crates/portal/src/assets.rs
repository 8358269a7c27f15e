//! Style and script: the project's own, in the binary, named after what they hold so that browsers
//! may keep them.

use std::sync::LazyLock;

use identity::secret::fingerprint;

use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    trouble::Trouble,
};

const STYLE: &str = include_str!("../assets/portal.css");
const SCRIPT: &str = include_str!("../assets/portal.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// Where the page's style, script and icon are.
pub(crate) struct Paths {
    pub(crate) style: String,
    pub(crate) script: String,
    pub(crate) icon: String,
}

pub(crate) static PATHS: LazyLock<Paths> = LazyLock::new(|| Paths {
    style: path(STYLE, "portal.css"),
    script: path(SCRIPT, "portal.js"),
    icon: path(ICON, "icon.svg"),
});

fn path(text: &str, name: &str) -> String {
    let print: String = fingerprint(text).chars().take(12).collect();
    format!("/assets/{print}/{name}")
}

/// `GET /assets/{print}/{name}`.
pub(crate) fn serve(ask: Ask) -> Answered {
    let path = format!("/assets/{}/{}", ask.key(0), ask.key(1));
    let known = [
        (&PATHS.style, "text/css; charset=utf-8", STYLE),
        (&PATHS.script, "text/javascript; charset=utf-8", SCRIPT),
        (&PATHS.icon, "image/svg+xml", ICON),
    ];
    let found = known.into_iter().find(|(known, ..)| **known == path);
    let found = found.map(|(_, kind, text)| Answer::Asset(kind, text.as_bytes()));
    Box::pin(async move { found.ok_or(Trouble::Nothing) })
}
