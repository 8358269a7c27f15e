//! The tables, and how older files get them: in steps, forward only.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::OpenError;

/// `Fyr` and a version of nothing: marks the file as ours (`PRAGMA application_id`).
const APPLICATION: i32 = 0x4679_7201;

/// Each step is applied once, in order. Old steps never change; new ones are added below.
const STEPS: &[&str] = &[
    "
    CREATE TABLE head (
        only INTEGER PRIMARY KEY CHECK (only = 0),
        revision INTEGER NOT NULL,
        access_revision INTEGER NOT NULL,
        last_time TEXT NOT NULL
    );
    INSERT INTO head VALUES (0, 0, 0, '1970-01-01T00:00:00Z');
    CREATE TABLE record (
        key TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        bytes BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE entry (
        list TEXT NOT NULL,
        tuple BLOB NOT NULL,
        key TEXT NOT NULL,
        PRIMARY KEY (list, tuple, key)
    ) WITHOUT ROWID;
    CREATE TABLE journal (
        revision INTEGER NOT NULL,
        n INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (revision, n)
    ) WITHOUT ROWID;
    CREATE TABLE unit (
        id BLOB PRIMARY KEY,
        revision INTEGER NOT NULL
    ) WITHOUT ROWID;
",
    // Nothing was ever looked up by it.
    "DELETE FROM entry WHERE list = 'activity.correlation'",
];

/// Sets a connection up: what is committed is synced, and readers never wait for the writer.
pub(crate) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// Brings the file to this program's schema, or says why that cannot be.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tables: u32 =
        transaction.query_row("SELECT count(*) FROM sqlite_master", (), |row| row.get(0))?;
    let application: i32 =
        transaction.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if tables > 0 && application != APPLICATION {
        let path = transaction.path().unwrap_or_default().into();
        return Err(OpenError::Foreign(path));
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.execute_batch("CREATE TABLE IF NOT EXISTS migration (step INTEGER PRIMARY KEY)")?;
    let found: u32 =
        transaction
            .query_row("SELECT coalesce(max(step), 0) FROM migration", (), |row| row.get(0))?;
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    for (step, sql) in (1_u32..).zip(STEPS).filter(|(step, _)| *step > found) {
        transaction.execute_batch(sql)?;
        transaction.execute("INSERT INTO migration VALUES (?1)", [step])?;
    }
    transaction.commit()?;
    Ok(())
}

/// Looks cheaply whether the parts belong together: a whole check takes as long as reading all.
pub(crate) fn inspect(connection: &Connection) -> Result<(), OpenError> {
    let head: Option<i64> =
        connection.query_row("SELECT max(revision) FROM head", (), |row| row.get(0))?;
    let journal: Option<i64> =
        connection.query_row("SELECT max(revision) FROM journal", (), |row| row.get(0))?;
    if head == Some(journal.unwrap_or(0)) {
        return Ok(());
    }
    let damage = format!("the head is at {head:?} and the journal ends at {journal:?}");
    Err(OpenError::Damaged(damage))
}
