//! The engine over one data folder.

use std::{fs::File, path::Path, sync::Arc, thread::JoinHandle};

use async_trait::async_trait;
use ids::clock::Revision;
use rusqlite::Connection;
use store::{
    engine::{Batch, Engine, Head, JournalRow, Row, UnitId, View},
    error::StoreError,
    key::Key,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    error::OpenError,
    folder,
    reader::Readers,
    schema,
    writer::{self, Group},
};

/// One folder's data. The folder is free again once this is dropped.
pub struct Sqlite {
    readers: Arc<Readers>,
    work: Option<mpsc::Sender<Group>>,
    writer: Option<JoinHandle<()>>,
    /// Let go last, when the writer has ended.
    _lock: File,
}

impl Sqlite {
    /// Opens `fyr.db` in that folder, or makes it. Refuses what another process uses, what a
    /// newer program has written, and what is visibly damaged.
    pub fn open(folder: &Path) -> Result<Arc<Self>, OpenError> {
        let lock = folder::lock(folder)?;
        folder::prepare(folder)?;
        let path = folder::database(folder);
        let mut connection = Connection::open(&path)?;
        schema::configure(&connection)?;
        schema::migrate(&mut connection)?;
        schema::inspect(&connection)?;
        // The store's committer sends one group and waits for it.
        let (work, queue) = mpsc::channel(1);
        let writer = writer::start(connection, queue).map_err(OpenError::Folder)?;
        let readers = Arc::new(Readers::of(&path));
        Ok(Arc::new(Self { readers, work: Some(work), writer: Some(writer), _lock: lock }))
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        drop(self.work.take());
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the writer of the database had panicked");
        }
    }
}

#[async_trait]
impl Engine for Sqlite {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        Ok(Box::new(self.readers.lend()?.snapshot()?))
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.readers.lend()?.get(key)
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        let gone = || StoreError::unavailable("the database is closed");
        let (reply, answer) = oneshot::channel();
        let group = Group { batches, head, reply };
        self.work.as_ref().ok_or_else(gone)?.send(group).await.map_err(|_| gone())?;
        let silent = |source: oneshot::error::RecvError| StoreError::UnknownOutcome {
            unit: UnitId::default(),
            source: source.into(),
        };
        answer.await.map_err(silent)?
    }

    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        self.readers.lend()?.journal(after, limit)
    }

    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        self.readers.lend()?.committed(unit)
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let bad = || StoreError::unavailable("the path of the copy is not text");
        let (readers, path) = (Arc::clone(&self.readers), to.to_str().ok_or_else(bad)?.to_owned());
        folder::new(to).map_err(StoreError::unavailable)?;
        // As long as the data is large: not on the threads that serve.
        let copy = tokio::task::spawn_blocking(move || readers.copy(&path));
        copy.await.map_err(StoreError::unavailable)?
    }
}
