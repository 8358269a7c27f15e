//! The published sample templates, laid out and reviewed as text: Lighthouse's own, and those of
//! the documentation, one for each function.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod corpus;
mod documented;
mod golden;
mod place;
mod unreadable;

use std::path::Path;

use template::preview::{Preview, Wrong};

/// The sample laid out; `None` where the file is no template.
fn expanded(path: &Path) -> Option<Result<Preview, Wrong>> {
    Some(place::asked(path)?.and_then(|asked| place::laid_out(&asked)))
}
