//! Reading: rows of one moment, and the rule that they are released only under a verdict as
//! new as themselves.

use access::index::Index;
use model::activity::Activity;

use crate::{
    activity::ActivityQuery,
    engine::{Found, Head, ROWS_MAX, View},
    error::StoreError,
    key::{Cursor, Key, Range},
    record::{Record, decode},
    store::Store,
};

/// The rows of one moment.
pub struct Snapshot {
    view: Box<dyn View>,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Where the page before it ended; none for the first.
    pub after: Option<Cursor>,
    /// At most so many rows; never more than [`ROWS_MAX`], which 0 stands for.
    pub limit: usize,
}

impl Page {
    /// The first page, as long as pages get.
    pub fn first() -> Self {
        Self::default()
    }

    fn rows(&self) -> usize {
        if self.limit == 0 { ROWS_MAX } else { self.limit.min(ROWS_MAX) }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<R> {
    pub items: Vec<R>,
    /// Where the next page begins; none where the list ends here.
    pub next: Option<Cursor>,
}

impl Snapshot {
    pub(crate) fn new(view: Box<dyn View>) -> Self {
        Self { view }
    }

    /// Ends the reading: what was read, to be released only by facts as new as itself.
    pub fn seal<T>(self, value: T) -> Loaded<T> {
        Loaded { head: self.view.head(), value }
    }

    /// How far the order of commits had come at this moment.
    pub fn head(&self) -> Head {
        self.view.head()
    }

    /// The record of that id.
    pub async fn find<R: Record>(&self, id: &R::Id) -> Result<Option<R>, StoreError> {
        self.view.get(&R::key(id)).await?.as_ref().map(decode).transpose()
    }

    /// How many records a range has; counting ends at `enough`.
    pub async fn count(&self, range: &Range, enough: usize) -> Result<usize, StoreError> {
        self.view.count(range, enough).await
    }

    /// A page of the records in a range, in its order.
    pub async fn list<R: Record>(&self, range: &Range, page: Page) -> Result<Rows<R>, StoreError> {
        let Rows { items, next } = self.list_placed(range, page).await?;
        Ok(Rows { items: items.into_iter().map(|(item, _)| item).collect(), next })
    }

    /// A page of the records in a range, each with the place where a page that ends with it
    /// would end.
    pub async fn list_placed<R: Record>(
        &self,
        range: &Range,
        page: Page,
    ) -> Result<Rows<(R, Cursor)>, StoreError> {
        let limit = page.rows();
        let mut found = self.view.scan(range, page.after.as_ref(), limit.saturating_add(1)).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(Found::cursor);
        let placed = |it: &Found| Ok((decode(&it.row)?, it.cursor()));
        let items = found.iter().map(placed).collect::<Result<_, StoreError>>()?;
        Ok(Rows { items, next })
    }

    /// The keys of a page of a range, in its order, for who asks only what is in there: no row is
    /// decoded, however large it is.
    pub async fn keys(&self, range: &Range, page: Page) -> Result<Rows<Key>, StoreError> {
        let limit = page.rows();
        let mut found = self.view.scan(range, page.after.as_ref(), limit.saturating_add(1)).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(Found::cursor);
        Ok(Rows { items: found.into_iter().map(|it| it.key).collect(), next })
    }

    /// A page of the activity log. Looks through at most [`ROWS_MAX`] rows, and may be short.
    pub async fn activity(
        &self,
        query: &ActivityQuery,
        page: Page,
    ) -> Result<Rows<Activity>, StoreError> {
        let limit = page.rows();
        let (after, torn) = self.resume(page.after).await?;
        let found = self.view.scan(&query.range(), after.as_ref(), ROWS_MAX).await?;
        let is_all = found.len() < ROWS_MAX;
        let mut rows = Rows { items: Vec::new(), next: None };
        let rest = found.iter().map(|it| Ok::<_, StoreError>((decode(&it.row)?, it.cursor())));
        for row in torn.into_iter().map(Ok).chain(rest) {
            for (record, place) in records(row?) {
                if rows.items.len() == limit {
                    return Ok(rows);
                }
                rows.next = Some(place);
                rows.items.extend(Some(record).filter(|it| query.wants(it)));
            }
        }
        if is_all {
            rows.next = None;
        }
        Ok(rows)
    }

    /// Where a page of the log goes on, and what it begins with where the page before it ended
    /// between the two records of one row.
    async fn resume(
        &self,
        after: Option<Cursor>,
    ) -> Result<(Option<Cursor>, Option<(Activity, Cursor)>), StoreError> {
        let Some(Cursor { tuple, key }) = after else { return Ok((None, None)) };
        let Some(whole) = key.as_str().strip_prefix(TORN).map(Key::stored) else {
            return Ok((Some(Cursor { tuple, key }), None));
        };
        let place = Cursor { tuple, key: whole };
        let row = self.view.get(&place.key).await?;
        let row: Option<Activity> = row.as_ref().map(decode).transpose()?;
        let began = row.and_then(|it| it.apart().1);
        Ok((Some(place.clone()), began.map(|it| (it, place))))
    }
}

/// Marks the place after the end of an operation and before its beginning, which one row keeps.
const TORN: &str = "torn:";

/// The one or two records of a row, the later first, each with the place after it.
fn records((row, place): (Activity, Cursor)) -> impl Iterator<Item = (Activity, Cursor)> {
    let (end, began) = row.apart();
    let tuple = place.tuple.clone();
    let torn = || Cursor { tuple, key: Key::stored(&format!("{TORN}{}", place.key.as_str())) };
    let after_end = began.as_ref().map_or_else(|| place.clone(), |_| torn());
    [Some((end, after_end)), began.map(|it| (it, place))].into_iter().flatten()
}

impl Found {
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor { tuple: self.tuple.clone(), key: self.key.clone() }
    }
}

/// What was read at one moment, and not released yet.
#[must_use]
pub struct Loaded<T> {
    pub(crate) value: T,
    pub(crate) head: Head,
}

impl<T> Loaded<T> {
    /// Hands what was read to a judge, together with an index at least as new as the last
    /// change of access that the data could show (G2). Waits until there is one.
    pub async fn open<R, E: From<StoreError>>(
        self,
        store: &Store,
        judge: impl FnOnce(&Index, T) -> Result<R, E>,
    ) -> Result<R, E> {
        let index = store.index_since(self.head.access_revision).await?;
        judge(&index, self.value)
    }
}
