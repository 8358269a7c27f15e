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
    let limit = page.limit.clamp(1, PAGE_ROWS);
    let rows = examine(&snapshot, range, page.after, limit, |it| seen(&index, it)).await?;
    let judge = |index: &Index, mut rows: Rows<Placed<T>>| {
        rows.items.retain(|(it, _)| seen(index, it));
        Ok::<_, Error>(cut(rows, limit))
    };
    snapshot.seal(rows).open(&plane.store, judge).await
}

/// An item and its place in the list.
type Placed<T> = (T, Cursor);

/// Goes on until more is found than a page shows, the list ends, or enough was looked through.
async fn examine<T: Record>(
    snapshot: &Snapshot,
    range: &Range,
    after: Option<Cursor>,
    limit: usize,
    wanted: impl Fn(&T) -> bool,
) -> Result<Rows<Placed<T>>, StoreError> {
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
            return Ok(found);
        }
        step = left;
    }
}

fn cut<T>(mut rows: Rows<Placed<T>>, limit: usize) -> Paged<T> {
    let more = rows.items.len() > limit;
    rows.items.truncate(limit);
    let next = match rows.items.last() {
        Some((_, place)) if more => Some(place.clone()),
        _ => rows.next,
    };
    Paged { items: rows.items.into_iter().map(|(it, _)| it).collect(), next }
}
