//! Writing: one thread, one connection, one transaction and one sync for each group of units.

use std::thread::{self, JoinHandle};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use store::{
    engine::{Batch, Head, RowWrite, UnitId},
    error::StoreError,
};
use tokio::sync::{mpsc, oneshot};

use crate::{error::failed, reader::number};

/// A group of units, and who waits for it.
pub(crate) struct Group {
    pub(crate) batches: Vec<Batch>,
    pub(crate) head: Head,
    pub(crate) reply: oneshot::Sender<Result<(), StoreError>>,
}

/// Starts the thread. It ends when nobody can send it work any more.
pub(crate) fn start(
    mut connection: Connection,
    mut work: mpsc::Receiver<Group>,
) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name("sqlite-writer".to_owned()).spawn(move || {
        while let Some(Group { batches, head, reply }) = work.blocking_recv() {
            // Whoever hung up will find the units by their ids.
            drop(reply.send(write(&mut connection, &batches, head)));
        }
        // Leaves a database in one file behind; if it cannot, the log is as good.
        if let Err((_, error)) = connection.close() {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database did not close");
        }
    })
}

fn write(connection: &mut Connection, batches: &[Batch], head: Head) -> Result<(), StoreError> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let filled = batches.iter().try_for_each(|batch| fill(&transaction, batch));
    let filled = filled.and_then(|()| advance(&transaction, head));
    if let Err(error) = filled {
        // Taken back here or by the next start: nothing was committed.
        drop(transaction);
        return Err(StoreError::unavailable(error));
    }
    // A failed sync may or may not have reached the disk.
    let unknown = |error: rusqlite::Error| StoreError::UnknownOutcome {
        unit: batches.iter().find_map(|it| it.unit).map_or(UnitId::default(), |(id, _)| id),
        source: error.into(),
    };
    transaction.commit().map_err(unknown)
}

fn fill(transaction: &Transaction<'_>, batch: &Batch) -> rusqlite::Result<()> {
    for write in &batch.rows {
        put(transaction, write)?;
    }
    if !batch.events.is_empty() {
        let sql = "INSERT INTO journal (revision, n, bytes) VALUES (?1, ?2, ?3)";
        let mut statement = transaction.prepare_cached(sql)?;
        for event in &batch.events {
            statement.execute(params![number(event.revision), event.n, &event.bytes[..]])?;
        }
    }
    if let Some((id, revision)) = batch.unit {
        let sql = "INSERT INTO unit (id, revision) VALUES (?1, ?2)";
        transaction.prepare_cached(sql)?.execute(params![id.0.as_bytes(), number(revision)])?;
    }
    Ok(())
}

fn put(transaction: &Transaction<'_>, write: &RowWrite) -> rusqlite::Result<()> {
    let key = write.key.as_str();
    let sql = "DELETE FROM entry WHERE list = ?1 AND tuple = ?2 AND key = ?3";
    for entry in &write.removed {
        let mut statement = transaction.prepare_cached(sql)?;
        statement.execute(params![entry.index, entry.tuple.as_bytes(), key])?;
    }
    let sql = "INSERT OR IGNORE INTO entry (list, tuple, key) VALUES (?1, ?2, ?3)";
    for entry in &write.added {
        let mut statement = transaction.prepare_cached(sql)?;
        statement.execute(params![entry.index, entry.tuple.as_bytes(), key])?;
    }
    if let Some(row) = &write.row {
        let sql = "INSERT INTO record (key, version, bytes) VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET version = excluded.version, bytes = excluded.bytes";
        let mut statement = transaction.prepare_cached(sql)?;
        statement.execute(params![key, number(row.version), &row.bytes[..]])?;
    } else {
        transaction.prepare_cached("DELETE FROM record WHERE key = ?1")?.execute([key])?;
    }
    Ok(())
}

fn advance(transaction: &Transaction<'_>, head: Head) -> rusqlite::Result<()> {
    let sql = "UPDATE head SET revision = ?1, access_revision = ?2, last_time = ?3";
    let mut statement = transaction.prepare_cached(sql)?;
    let (revision, access) = (number(head.revision), number(head.access_revision));
    let time = head.last_time.to_string();
    statement.execute(params![revision, access, time]).map(|_| ())
}
