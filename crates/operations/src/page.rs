//! A list, page by page: what the caller may see of a stretch of an index.

use store::{key::Cursor, snapshot::Page};

/// What a page of a list holds, and where the next begins. It may be short, even empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    pub items: Vec<T>,
    pub next: Option<Cursor>,
}

/// As many rows as a page of a list examines where the client names no number.
pub const PAGE_ROWS: usize = 1_000;

/// The first page, or the one that a continuation leads to.
pub fn page(after: Option<Cursor>, top: Option<usize>) -> Page {
    Page { after, limit: top.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS) }
}
