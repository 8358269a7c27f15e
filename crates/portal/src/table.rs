//! What is served where.

use std::sync::LazyLock;

use axum::http::Method;

use crate::{
    ask::{Answered, Ask},
    assets, pages,
};

/// Of a form without files.
const FORM: usize = 256 << 10;

/// Who is let in to a row; what they may see and do there, the operations judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// Whoever has signed in.
    Person,
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) method: fn() -> Method,
    /// `{}` is a key.
    pub(crate) pattern: &'static str,
    pub(crate) who: Who,
    /// So many bytes of a body are read.
    pub(crate) bytes_max: usize,
    pub(crate) serve: fn(Ask) -> Answered,
}

/// A page for people who have signed in.
pub(crate) const fn page(pattern: &'static str, serve: fn(Ask) -> Answered) -> Row {
    Row { method: || Method::GET, pattern, who: Who::Person, bytes_max: 0, serve }
}

/// A form of theirs.
pub(crate) const fn form(pattern: &'static str, serve: fn(Ask) -> Answered) -> Row {
    Row { method: || Method::POST, pattern, who: Who::Person, bytes_max: FORM, serve }
}

/// The same with files, up to that many bytes in all.
pub(crate) const fn upload(
    pattern: &'static str,
    bytes_max: usize,
    serve: fn(Ask) -> Answered,
) -> Row {
    Row { bytes_max, ..form(pattern, serve) }
}

impl Row {
    /// The same for everybody.
    pub(crate) const fn for_anyone(self) -> Self {
        Self { who: Who::Anyone, ..self }
    }

    /// The keys in a path that this row is about; none where it is about others.
    pub(crate) fn keys(&self, path: &[String]) -> Option<Vec<String>> {
        let mut pattern = self.pattern.split('/').filter(|it| !it.is_empty());
        let mut keys = Vec::new();
        for segment in path {
            match pattern.next()? {
                "{}" => keys.push(segment.clone()),
                expected if expected == segment => {}
                _ => return None,
            }
        }
        pattern.next().is_none().then_some(keys)
    }
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let own = [page("/assets/{}/{}", assets::serve).for_anyone()];
    own.into_iter().chain(pages::rows()).collect()
});

/// Every row.
pub(crate) fn all() -> &'static [Row] {
    &TABLE
}

/// A row as whoever only reads the table sees it: what holds for every row is tested by these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    pub method: Method,
    /// `{}` is a key.
    pub pattern: &'static str,
    pub who: Who,
}

/// All that is served.
pub fn served() -> impl Iterator<Item = Served> {
    all().iter().map(|row| Served { method: (row.method)(), pattern: row.pattern, who: row.who })
}
