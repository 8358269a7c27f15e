//! The narrow waist: an engine is these few methods and nothing else. It stores and finds bytes
//! and decides nothing.

use std::{fmt, path::Path, sync::Arc};

use async_trait::async_trait;
use ids::clock::Revision;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::StoreError,
    key::{Cursor, Entry, Key, Range, Tuple},
};

/// A page examines at most so many rows, and may be short.
pub const ROWS_MAX: usize = 2_000;
/// So many rows are read together to be counted: each may be large.
const COUNTED_ROWS: usize = 20;

/// One unit of work, told apart from all others, so that its outcome can be asked for later.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnitId(pub Uuid);

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How far the one order of commits has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last revision; 0 before the first.
    pub revision: Revision,
    /// The last revision that changed an access fact.
    pub access_revision: Revision,
    /// The time of the last revision. Time never runs back behind it.
    pub last_time: Timestamp,
}

impl Default for Head {
    fn default() -> Self {
        let none = Revision::default();
        Self { revision: none, access_revision: none, last_time: Timestamp::UNIX_EPOCH }
    }
}

/// A row: JSON, and the revision that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub version: Revision,
    pub bytes: Arc<[u8]>,
}

/// A row that an index led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub tuple: Tuple,
    pub key: Key,
    pub row: Row,
}

/// The new form of one row.
#[derive(Clone, Debug)]
pub struct RowWrite {
    pub key: Key,
    /// The new form; none where the row goes.
    pub row: Option<Row>,
    /// Entries that led to the old form and do not lead to the new one.
    pub removed: Vec<Entry>,
    /// Entries that lead to the new form and did not lead to the old one.
    pub added: Vec<Entry>,
}

/// One event as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    pub revision: Revision,
    /// Its place among the events of its revision, from 0.
    pub n: u32,
    pub bytes: Arc<[u8]>,
}

/// Everything that one unit writes.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Whose it is, where it has a revision of its own.
    pub unit: Option<(UnitId, Revision)>,
    pub rows: Vec<RowWrite>,
    pub events: Vec<JournalRow>,
}

/// One moment of the data: everything read from it belongs together.
#[async_trait]
pub trait View: Send + Sync {
    /// How far the order of commits had come at that moment.
    fn head(&self) -> Head;

    /// The row of that key.
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError>;

    /// The rows of a range in order, at most `limit`, from after the cursor on.
    async fn scan(
        &self,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError>;

    /// How many rows a range has, as far as it matters: counting ends at `enough`. An engine that
    /// counts without reading them says so itself.
    async fn count(&self, range: &Range, enough: usize) -> Result<usize, StoreError> {
        let (mut counted, mut last) = (0_usize, None);
        while counted < enough {
            let rows = COUNTED_ROWS.min(enough - counted);
            let page = self.scan(range, last.as_ref(), rows).await?;
            counted = counted.saturating_add(page.len());
            if page.len() < rows {
                break;
            }
            last = page.last().map(Found::cursor);
        }
        Ok(counted)
    }
}

/// What keeps the bytes.
#[async_trait]
pub trait Engine: Send + Sync {
    /// The data of a moment that is not before this call.
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError>;

    /// The row of that key, at some moment after this call began.
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError>;

    /// Writes everything and the new head, all of it or nothing, and answers once it is
    /// durable. Only [`StoreError::Unavailable`] promises that nothing was written; after any
    /// other error nobody knows.
    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError>;

    /// The first `limit` events after that place in the journal, in order.
    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError>;

    /// The revision that this unit became.
    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError>;

    /// Writes a whole copy, of one moment, to a file that does not exist yet.
    async fn backup(&self, to: &Path) -> Result<(), StoreError>;
}
