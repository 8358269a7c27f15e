//! Reading: connections that are lent out, each at the moment its transaction began.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use ids::clock::Revision;
use rusqlite::{CachedStatement, Connection, OpenFlags, OptionalExtension, params};
use store::{
    engine::{Found, Head, JournalRow, Row, UnitId, View},
    error::StoreError,
    key::{Cursor, Key, Range, Tuple},
};

use crate::{error::failed, schema};

/// So many connections are kept open for the next reader. More are opened when needed, so that
/// nobody who holds one waits for another.
const IDLE_MAX: usize = 8;

/// Connections that read.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::default() }
    }

    /// Lends a connection out until it is dropped.
    pub(crate) fn lend(self: &Arc<Self>) -> Result<Reader, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.reader().map_err(failed)?,
        };
        Ok(Reader { connection: Some(connection), home: Arc::clone(self) })
    }

    fn reader(&self) -> rusqlite::Result<Connection> {
        let connection = self.open()?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        schema::configure(&connection)?;
        Ok(connection)
    }

    /// Copies everything of one moment into an empty file.
    pub(crate) fn copy(&self, to: &str) -> Result<(), StoreError> {
        let connection = self.open().map_err(failed)?;
        connection.execute("VACUUM INTO ?1", [to]).map(|_| ()).map_err(failed)
    }
}

/// A connection on loan. Reads take microseconds from the page cache, less than a thread hop:
/// they run where they are asked for.
pub(crate) struct Reader {
    connection: Option<Connection>,
    home: Arc<Readers>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {
            return;
        }
        let mut idle = self.home.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
    }
}

impl Reader {
    fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        let lent = || StoreError::unavailable("the connection was given back");
        self.connection.as_ref().ok_or_else(lent)?.prepare_cached(sql).map_err(failed)
    }

    /// Stays at this moment until given back.
    pub(crate) fn snapshot(self) -> Result<Moment, StoreError> {
        self.prepare("BEGIN")?.execute(()).map_err(failed)?;
        // The first read fixes the moment.
        let head = self.head()?;
        Ok(Moment { head, reader: Mutex::new(self) })
    }

    fn head(&self) -> Result<Head, StoreError> {
        let sql = "SELECT revision, access_revision, last_time FROM head";
        let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(Revision, Revision, String)> {
            Ok((revision(row, 0)?, revision(row, 1)?, row.get(2)?))
        };
        let (revision, access_revision, time) =
            self.prepare(sql)?.query_row((), read).map_err(failed)?;
        let last_time = time.parse().map_err(StoreError::corrupt)?;
        Ok(Head { revision, access_revision, last_time })
    }

    pub(crate) fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        let mut statement = self.prepare("SELECT version, bytes FROM record WHERE key = ?1")?;
        statement.query_row([key.as_str()], |row| kept(row, 0)).optional().map_err(failed)
    }

    fn scan(
        &self,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        // Rows of entries compare as their parts do; every key is after the empty one.
        let sql = "SELECT entry.tuple, entry.key, version, bytes
            FROM entry CROSS JOIN record ON record.key = entry.key
            WHERE list = ?1 AND (tuple, entry.key) > (?2, ?3) AND (?4 IS NULL OR tuple < ?4)
            ORDER BY tuple, entry.key LIMIT ?5";
        let first = (range.from.as_bytes(), "");
        let from = after.map_or(first, |it| first.max((it.tuple.as_bytes(), it.key.as_str())));
        let to = range.to.as_ref().map(Tuple::as_bytes);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.prepare(sql)?;
        let found = |row: &rusqlite::Row<'_>| {
            let key = Key::stored(row.get_ref(1)?.as_str()?);
            Ok(Found { tuple: Tuple::stored(row.get(0)?), key, row: kept(row, 2)? })
        };
        let rows = statement.query_map(params![range.index, from.0, from.1, to, limit], found);
        rows.map_err(failed)?.collect::<Result<_, _>>().map_err(failed)
    }

    pub(crate) fn count(&self, range: &Range, enough: usize) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM entry
            WHERE list = ?1 AND tuple >= ?2 AND (?3 IS NULL OR tuple < ?3) LIMIT ?4)";
        let to = range.to.as_ref().map(Tuple::as_bytes);
        let enough = i64::try_from(enough).unwrap_or(i64::MAX);
        let mut statement = self.prepare(sql)?;
        let asked = params![range.index, range.from.as_bytes(), to, enough];
        let counted = statement.query_row(asked, |row| row.get::<_, i64>(0)).map_err(failed)?;
        Ok(usize::try_from(counted).unwrap_or_default())
    }

    pub(crate) fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let sql = "SELECT revision, n, bytes FROM journal
            WHERE (revision, n) > (?1, ?2) ORDER BY revision, n LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let read = |row: &rusqlite::Row<'_>| {
            let bytes = row.get_ref(2)?.as_blob()?.into();
            Ok(JournalRow { revision: revision(row, 0)?, n: row.get(1)?, bytes })
        };
        let mut statement = self.prepare(sql)?;
        let rows = statement.query_map(params![number(after.0), after.1, limit], read);
        rows.map_err(failed)?.collect::<Result<_, _>>().map_err(failed)
    }

    pub(crate) fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        let mut statement = self.prepare("SELECT revision FROM unit WHERE id = ?1")?;
        let read = |row: &rusqlite::Row<'_>| revision(row, 0);
        statement.query_row([unit.0.as_bytes()], read).optional().map_err(failed)
    }
}

/// A revision as `SQLite` keeps it, which knows signed numbers only.
pub(crate) fn number(revision: Revision) -> i64 {
    revision.0.cast_signed()
}

fn revision(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Revision> {
    row.get(column).map(|number: i64| Revision(number.cast_unsigned()))
}

fn kept(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Row> {
    let version = revision(row, column)?;
    Ok(Row { version, bytes: row.get_ref(column.saturating_add(1))?.as_blob()?.into() })
}

/// The data of one moment.
pub(crate) struct Moment {
    head: Head,
    reader: Mutex<Reader>,
}

#[async_trait]
impl View for Moment {
    fn head(&self) -> Head {
        self.head
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner).get(key)
    }

    async fn scan(
        &self,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner).scan(range, after, limit)
    }

    async fn count(&self, range: &Range, enough: usize) -> Result<usize, StoreError> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner).count(range, enough)
    }
}
