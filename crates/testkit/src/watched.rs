//! An engine that passes every call on to another, and tells of what is read.

use std::{future::ready, path::Path, pin::Pin, sync::Arc};

use async_trait::async_trait;
use ids::clock::Revision;
use store::{
    engine::{Batch, Engine, Found, Head, JournalRow, Row, UnitId, View},
    error::StoreError,
    key::{Cursor, Key, Range},
};

/// Whoever looks on.
pub trait Watch: Send + Sync + 'static {
    /// A row was looked up, or found by a list.
    fn read(&self, _key: &Key) {}

    /// The engine has an answer, and who asked does not have it yet: a snapshot, or a row.
    fn answered(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(ready(()))
    }
}

/// The engine below, and who looks on.
pub struct Watched<W> {
    below: Arc<dyn Engine>,
    watch: Arc<W>,
}

struct WatchedView<W> {
    below: Box<dyn View>,
    watch: Arc<W>,
}

impl<W: Watch> Watched<W> {
    /// That engine, looked on by that one.
    pub fn new(below: Arc<dyn Engine>, watch: Arc<W>) -> Arc<Self> {
        Arc::new(Self { below, watch })
    }
}

#[async_trait]
impl<W: Watch> View for WatchedView<W> {
    fn head(&self) -> Head {
        self.below.head()
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.watch.read(key);
        self.below.get(key).await
    }

    async fn scan(
        &self,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        let found = self.below.scan(range, after, limit).await?;
        for it in &found {
            self.watch.read(&it.key);
        }
        Ok(found)
    }

    async fn count(&self, range: &Range, enough: usize) -> Result<usize, StoreError> {
        self.below.count(range, enough).await
    }
}

#[async_trait]
impl<W: Watch> Engine for Watched<W> {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        let below = self.below.snapshot().await?;
        self.watch.answered().await;
        Ok(Box::new(WatchedView { below, watch: Arc::clone(&self.watch) }))
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.watch.read(key);
        let row = self.below.get(key).await;
        self.watch.answered().await;
        row
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        self.below.commit(batches, head).await
    }

    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        self.below.journal(after, limit).await
    }

    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        self.below.committed(unit).await
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.below.backup(to).await
    }
}
