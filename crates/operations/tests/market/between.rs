//! An engine under which something else happens between two reads of an operation. Whoever tries
//! it after the first read, after the second and so on has tried all that can come in between.

use std::{
    cell::Cell,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex},
};

use access::catalogue::Catalogue;
use async_trait::async_trait;
use ids::clock::{Clock, Random, Revision, TestClock, TestRandom};
use operations::{
    plane::{Plane, Simulated},
    seal::Seal,
};
use store::{
    engine::{Batch, Engine, Head, JournalRow, Row, UnitId, View},
    error::StoreError,
    key::Key,
    memory::Memory,
    store::Store,
};

/// What happens in between, whole.
pub(super) type Deed = Pin<Box<dyn Future<Output = ()> + Send>>;

tokio::task_local! {
    /// How many reads of the operation are left until then. What the committer reads is not among
    /// them: it has a task of its own.
    static LEFT: Cell<usize>;
}

struct Between {
    inner: Memory,
    deed: Mutex<Option<Deed>>,
}

impl Between {
    /// A read has its answer, and the operation does not have it yet.
    async fn noted(&self) {
        let is_due = |left: &Cell<usize>| left.replace(left.get().wrapping_sub(1)) == 0;
        if LEFT.try_with(is_due).unwrap_or(false) {
            let deed = self.deed.lock().unwrap().take();
            if let Some(deed) = deed {
                deed.await;
            }
        }
    }
}

#[async_trait]
impl Engine for Between {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        let view = self.inner.snapshot().await;
        self.noted().await;
        view
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        let row = self.inner.get(key).await;
        self.noted().await;
        row
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

/// A plane over that engine.
pub(super) struct Scene {
    pub(super) plane: Arc<Plane>,
    engine: Arc<Between>,
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::over(
            Memory::default(),
            Arc::new(TestClock::default()),
            Arc::new(TestRandom::default()),
        )
        .await
    }

    /// The same as it stands, once more.
    pub(super) async fn again(&self) -> Self {
        let (clock, random) = (Arc::clone(&self.plane.clock), Arc::clone(&self.plane.random));
        Self::over(self.engine.inner.clone(), clock, random).await
    }

    async fn over(inner: Memory, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let engine = Arc::new(Between { inner, deed: Mutex::default() });
        let (now, chance) = (Arc::clone(&clock), Arc::clone(&random));
        let below = Arc::clone(&engine) as Arc<dyn Engine>;
        let store = Store::open(below, Catalogue::builtin(), now, chance).await.unwrap();
        let (simulated, seal) = (Simulated::default(), Seal::new(&[7; 32]));
        let origins = testkit::origins();
        let plane = Plane { store, clock, random, origins, simulated, seal, taken: None };
        Self { plane: Arc::new(plane), engine }
    }

    /// Does something, and the deed after so many of its reads. Answers whether there were so many.
    pub(super) async fn interrupt<T>(
        &self,
        after: usize,
        deed: Deed,
        operation: Pin<Box<dyn Future<Output = T> + '_>>,
    ) -> (T, bool) {
        *self.engine.deed.lock().unwrap() = Some(deed);
        let outcome = LEFT.scope(Cell::new(after), operation).await;
        let left = self.engine.deed.lock().unwrap().take();
        (outcome, left.is_none())
    }
}
