//! An engine under which something else happens between two reads of an operation. Whoever tries
//! it after the first read, after the second and so on has tried all that can come in between.

use std::{
    cell::Cell,
    pin::Pin,
    sync::{Arc, Mutex},
};

use ids::clock::{Clock, Random, TestClock, TestRandom};
use jiff::SignedDuration;
use operations::plane::Plane;
use store::{engine::Engine, memory::Memory};
use testkit::watched::{Watch, Watched};

/// What happens in between, whole.
pub(super) type Deed = Pin<Box<dyn Future<Output = ()> + Send>>;

tokio::task_local! {
    /// How many reads of the operation are left until then. What the committer reads is not among
    /// them: it has a task of its own.
    static LEFT: Cell<usize>;
}

/// What waits to happen.
#[derive(Default)]
struct Between(Mutex<Option<Deed>>);

impl Between {
    fn deed(&self) -> Option<Deed> {
        self.0.lock().unwrap().take()
    }
}

impl Watch for Between {
    fn answered(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let is_due = |left: &Cell<usize>| left.replace(left.get().wrapping_sub(1)) == 0;
        let is_due = LEFT.try_with(is_due).unwrap_or(false);
        let deed = if is_due { self.deed() } else { None };
        Box::pin(async move {
            if let Some(deed) = deed {
                deed.await;
            }
        })
    }
}

/// A plane over that engine.
pub(super) struct Scene {
    pub(super) plane: Arc<Plane>,
    memory: Arc<Memory>,
    between: Arc<Between>,
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
        Self::over(Memory::clone(&self.memory), clock, random).await
    }

    async fn over(memory: Memory, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let (memory, between) = (Arc::new(memory), Arc::<Between>::default());
        let below = Arc::clone(&memory) as Arc<dyn Engine>;
        let engine = Watched::new(below, Arc::clone(&between));
        let plane = testkit::over(engine, clock, random, SignedDuration::ZERO).await;
        Self { plane: Arc::new(plane), memory, between }
    }

    /// Does something, and the deed after so many of its reads. Answers whether there were so many.
    pub(super) async fn interrupt<T>(
        &self,
        after: usize,
        deed: Deed,
        operation: Pin<Box<dyn Future<Output = T> + '_>>,
    ) -> (T, bool) {
        *self.between.0.lock().unwrap() = Some(deed);
        let outcome = LEFT.scope(Cell::new(after), operation).await;
        (outcome, self.between.deed().is_none())
    }
}
