//! A list, page by page: what the caller may see of a stretch of an index.

use access::index::Index;
use model::question::Question;
use store::{
    engine::ROWS_MAX,
    error::StoreError,
    key::{Cursor, Range},
    record::Record,
    snapshot::{Page, Rows, Snapshot},
};

use crate::{context::Context, error::Error, plane::Plane};

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

/// Lists what the caller may see of a stretch of an index. Each item is judged by its own
/// question; one without a question is not part of the list.
///
/// What the caller may not see neither fills a page nor promises a next one, so that nobody can
/// count it by asking for short pages: a page ends with what it shows, or after [`ROWS_MAX`]
/// rows.
pub(crate) async fn list<T: Record>(
    plane: &Plane,
    context: &Context,
    range: &Range,
    page: Page,
    question: impl Fn(&T) -> Option<Question>,
) -> Result<Paged<T>, Error> {
    let seen = |index: &Index, it: &T| {
        question(it).is_some_and(|asked| plane.allowed(index, context, &asked))
    };
    let (snapshot, index) = (plane.store.snapshot().await?, plane.index());
    let found = examine(&snapshot, range, page, |it| seen(&index, it)).await?;
    let judge = |index: &Index, found: Found<T>| Ok::<_, Error>(found.page(|it| seen(index, it)));
    snapshot.seal(found).open(&plane.store, judge).await
}

/// What fits a page and, where there is more, one item beyond it: what is judged once more
/// before it is shown.
#[derive(Debug)]
pub(crate) struct Found<T> {
    rows: Rows<Placed<T>>,
    limit: usize,
}

/// An item and its place in the list.
type Placed<T> = (T, Cursor);

impl<T> Found<T> {
    /// What may be shown so far.
    pub(crate) fn items(&self) -> impl Iterator<Item = &T> {
        self.rows.items.iter().map(|(it, _)| it)
    }

    /// The page of those that may still be shown.
    pub(crate) fn page(self, seen: impl Fn(&T) -> bool) -> Paged<T> {
        let Self { mut rows, limit } = self;
        rows.items.retain(|(it, _)| seen(it));
        let Rows { items, next } = cut(rows, limit);
        Paged { items: items.into_iter().map(|(it, _)| it).collect(), next }
    }
}

/// Goes on until more is found than a page shows, the list ends, or enough was looked through.
pub(crate) async fn examine<T: Record>(
    snapshot: &Snapshot,
    range: &Range,
    Page { after, limit }: Page,
    wanted: impl Fn(&T) -> bool,
) -> Result<Found<T>, StoreError> {
    let limit = limit.clamp(1, PAGE_ROWS);
    let mut found = Rows { items: Vec::new(), next: after };
    // Most callers see all that there is: the first look takes no more than they ask for.
    let (mut left, mut step) = (ROWS_MAX, limit.saturating_add(1));
    loop {
        let stretch = Page { after: found.next.take(), limit: step.min(left) };
        let Rows { items, next } = snapshot.list_placed::<T>(range, stretch).await?;
        left = left.saturating_sub(items.len());
        found.items.extend(items.into_iter().filter(|(it, _)| wanted(it)));
        found.next = next;
        if found.next.is_none() || found.items.len() > limit || left == 0 {
            let rows = cut(found, limit.saturating_add(1));
            return Ok(Found { rows, limit });
        }
        step = left;
    }
}

/// So many of them at most; what is cut off comes with the next page.
fn cut<T>(mut rows: Rows<Placed<T>>, count: usize) -> Rows<Placed<T>> {
    if rows.items.len() > count {
        rows.items.truncate(count);
        rows.next = rows.items.last().map(|(_, place)| place.clone());
    }
    rows
}
