//! `SQLite` does everything that an engine must do.
#![expect(clippy::unwrap_used, reason = "test code")]

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use ids::clock::Revision;
use store::{
    engine::{Batch, Engine, Head, JournalRow, Row, UnitId, View},
    error::StoreError,
    key::Key,
};
use store_sqlite::engine::Sqlite;
use tempfile::TempDir;

/// An engine whose folder goes with it.
struct Temporary {
    inner: Arc<Sqlite>,
    _folder: TempDir,
}

fn fresh() -> Arc<dyn Engine> {
    let folder = tempfile::tempdir().unwrap();
    Arc::new(Temporary { inner: Sqlite::open(folder.path()).unwrap(), _folder: folder })
}

#[async_trait]
impl Engine for Temporary {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        self.inner.snapshot().await
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.inner.get(key).await
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        self.inner.commit(batches, head).await
    }

    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        self.inner.journal(after, limit).await
    }

    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        self.inner.committed(unit).await
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.inner.backup(to).await
    }
}

store::store_conformance!(crate::fresh());
