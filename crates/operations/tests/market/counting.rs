//! A plane that counts the audiences that are read: each may be some megabytes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use ids::clock::{TestClock, TestRandom};
use jiff::SignedDuration;
use model::change::Noun;
use operations::plane::Plane;
use store::{key::Key, memory::Memory};
use testkit::watched::{Watch, Watched};

/// How many were read.
#[derive(Default)]
pub(super) struct Audiences(AtomicUsize);

impl Watch for Audiences {
    fn read(&self, key: &Key) {
        self.0.fetch_add(usize::from(key.as_str().starts_with("audience:")), Ordering::SeqCst);
    }
}

impl Audiences {
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A plane of those nouns, whose count begins behind them.
pub(super) async fn counting(nouns: Vec<Noun>) -> (Plane, Arc<Audiences>) {
    let audiences = Arc::<Audiences>::default();
    let engine = Watched::new(Arc::new(Memory::default()), Arc::clone(&audiences));
    let (clock, random) = (Arc::new(TestClock::default()), Arc::new(TestRandom::default()));
    let plane = testkit::over(engine, clock, random, SignedDuration::ZERO).await;
    testkit::put(&plane, nouns).await;
    audiences.0.store(0, Ordering::SeqCst);
    (plane, audiences)
}
