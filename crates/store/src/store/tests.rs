//! A store over an engine that fails at the n-th call, for every n: all or nothing, and asking
//! again is safe.

use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use model::{change::Noun, resource::Resource};
use tokio::sync::Notify;

use super::*;
use crate::{
    conformance::kit::{self, Kit},
    engine::{Batch, Found},
    key::{Cursor, Range},
    memory::Memory,
};

/// What happens to the call that fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// Nothing, and it says so.
    Nothing,
    /// It is done, and nobody hears of it.
    DoneUnheard,
    /// It is not done, and nobody knows.
    UndoneUnheard,
}

struct Failing {
    inner: Arc<Memory>,
    calls: Arc<AtomicUsize>,
    at: usize,
    mode: Mode,
}

struct FailingView {
    inner: Box<dyn View>,
    calls: Arc<AtomicUsize>,
    at: usize,
}

fn broken() -> StoreError {
    StoreError::unavailable("out of order")
}

/// Counts the call; an error if it is the one that fails.
fn call(calls: &AtomicUsize, at: usize) -> Result<(), StoreError> {
    if calls.fetch_add(1, Ordering::SeqCst) == at { Err(broken()) } else { Ok(()) }
}

#[async_trait]
impl View for FailingView {
    fn head(&self) -> Head {
        self.inner.head()
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        call(&self.calls, self.at)?;
        self.inner.get(key).await
    }

    async fn scan(
        &self,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        call(&self.calls, self.at)?;
        self.inner.scan(range, after, limit).await
    }
}

#[async_trait]
impl Engine for Failing {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        call(&self.calls, self.at)?;
        let (inner, calls) = (self.inner.snapshot().await?, Arc::clone(&self.calls));
        Ok(Box::new(FailingView { inner, calls, at: self.at }))
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        call(&self.calls, self.at)?;
        self.inner.get(key).await
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        let failed = call(&self.calls, self.at).err();
        let unheard = || Err(unknown("the line is dead".into()));
        match (failed, self.mode) {
            (None, _) => self.inner.commit(batches, head).await,
            (Some(error), Mode::Nothing) => Err(error),
            (Some(_), Mode::UndoneUnheard) => unheard(),
            (Some(_), Mode::DoneUnheard) => {
                self.inner.commit(batches, head).await?;
                unheard()
            }
        }
    }

    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        call(&self.calls, self.at)?;
        self.inner.journal(after, limit).await
    }

    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        call(&self.calls, self.at)?;
        self.inner.committed(unit).await
    }

    async fn backup(&self, _to: &Path) -> Result<(), StoreError> {
        Err(broken())
    }
}

/// Writes two resources that belong together.
async fn pair(kit: &Kit, last: &mut Option<UnitId>) -> Result<Revision, StoreError> {
    let mut unit = kit.begin();
    for name in ["a", "b"] {
        kit::write(kit, &mut unit, kit::resource("app", name, 7)).await?;
    }
    *last = Some(unit.id());
    unit.commit().await
}

/// One operation over an engine whose call number `at` fails. Answers whether it got that far.
async fn check(at: usize, mode: Mode) -> bool {
    let memory = Arc::new(Memory::default());
    let world = Kit::new(Arc::clone(&memory) as Arc<dyn Engine>).await;
    let before = world.store.head().revision;
    world.close().await;

    let calls = Arc::new(AtomicUsize::new(0));
    let inner = Arc::clone(&memory);
    let failing: Arc<dyn Engine> = Arc::new(Failing { inner, calls: Arc::clone(&calls), at, mode });
    let mut last = None;
    let outcome = match Kit::seeded(failing, 2).await {
        Err(error) => Err(error),
        Ok(kit) => {
            let outcome = pair(&kit, &mut last).await;
            if let Err(StoreError::UnknownOutcome { unit, .. }) = &outcome {
                assert_eq!(Some(*unit), last, "the caller learns what to ask for");
                assert!(!kit.store.is_answering(), "and whoever asks for readiness does, too");
                let stopped = kit.store.load(async |_| Ok(())).await;
                assert!(matches!(stopped, Err(StoreError::Unavailable(_))));
                assert!(matches!(kit.store.sweep().await, Err(StoreError::Unavailable(_))));
                let again = pair(&kit, &mut None).await;
                assert!(matches!(again, Err(StoreError::Unavailable(_))));
            } else if outcome.is_err() {
                // Nothing happened, so the same store goes on.
                pair(&kit, &mut last).await.unwrap();
            }
            outcome
        }
    };

    // After a restart, asking what became of the unit is enough to go on safely.
    let kit = Kit::seeded(memory, 3).await.unwrap();
    let known = match last {
        Some(unit) => kit.store.committed(unit).await.unwrap(),
        None => None,
    };
    let mut reader = kit.begin();
    let mut rows = 0;
    for name in ["a", "b"] {
        let row: Option<Resource> = reader.find(&kit::resource("app", name, 0).id).await.unwrap();
        rows += usize::from(row.is_some());
    }
    let events = kit.store.journal(before, 100).await.unwrap().len();
    let told = format!("call {at}, {mode:?}, {outcome:?}");
    assert_eq!((rows, events), if known.is_some() { (2, 2) } else { (0, 0) }, "{told}");
    if outcome.is_ok() {
        assert!(known.is_some(), "{told}");
    } else if known.is_none() {
        pair(&kit, &mut None).await.unwrap();
    }
    calls.load(Ordering::SeqCst) > at
}

#[tokio::test]
async fn an_engine_that_fails_at_any_call_leaves_all_or_nothing() {
    for mode in [Mode::Nothing, Mode::DoneUnheard, Mode::UndoneUnheard] {
        let mut calls = 0;
        while check(calls, mode).await {
            calls += 1;
        }
        assert!(calls >= 5, "{mode:?}: only {calls} calls, what is tested here?");
    }
}

#[tokio::test]
async fn what_waits_at_shutdown_is_committed_and_what_comes_later_refused() {
    let kit = Kit::new(Arc::new(Memory::default())).await;
    let (early, late) = (kit::writing(&kit, "a").await, kit::writing(&kit, "b").await);
    let (early, ()) = tokio::join!(early.commit(), kit.store.shutdown());
    assert!(early.is_ok());
    assert!(matches!(late.commit().await, Err(StoreError::Unavailable(_))));
    let loaded = kit.store.load(async |_| Ok(())).await;
    assert!(matches!(loaded, Err(StoreError::Unavailable(_))));
    let kit = kit.reopened().await;
    assert_eq!(kit.trace().await.1, [kit::resource("app", "a", 1)]);
    kit.put(Noun::ResourceGroup(kit::resource_group("new"))).await;
}

#[tokio::test]
async fn a_journal_with_a_gap_is_refused() {
    let kit = Kit::new(Arc::new(Memory::default())).await;
    let first = kit.engine.journal((Revision(0), 0), 1).await.unwrap().remove(0);
    let head = Head { revision: Revision(3), ..kit.store.head() };
    let event = JournalRow { revision: Revision(3), n: 0, ..first };
    let batch = Batch { events: vec![event], ..Batch::default() };
    kit.engine.commit(vec![batch], head).await.unwrap();
    let outcome = Kit::seeded(Arc::clone(&kit.engine), 2).await.map(|_| ());
    let Err(StoreError::Corrupt(reason)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(reason.to_string(), "the journal has revision 3 where 2 should be");
}

/// Shows rows before the store can publish the index, as `SQLite` does; or fails once.
#[derive(Default)]
struct Slow {
    inner: Memory,
    held: std::sync::atomic::AtomicBool,
    fails: std::sync::atomic::AtomicBool,
    visible: Notify,
    go_on: Notify,
}

#[async_trait]
impl Engine for Slow {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        self.inner.snapshot().await
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.inner.get(key).await
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        if self.fails.swap(false, Ordering::SeqCst) {
            return Err(broken());
        }
        self.inner.commit(batches, head).await?;
        if self.held.load(Ordering::SeqCst) {
            self.visible.notify_one();
            self.go_on.notified().await;
        }
        Ok(())
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

    async fn backup(&self, _to: &Path) -> Result<(), StoreError> {
        Err(broken())
    }
}

#[tokio::test]
async fn data_newer_than_the_index_is_not_handed_out_before_the_index_is_as_new() {
    let engine = Arc::new(Slow::default());
    let kit = Kit::new(Arc::clone(&engine) as Arc<dyn Engine>).await;
    engine.held.store(true, Ordering::SeqCst);
    let mut revocation = kit.begin();
    kit::remove(&mut revocation, kit::owner(model::samples::OLOF)).await;
    let revocation = tokio::spawn(revocation.commit());
    engine.visible.notified().await;

    let loaded = kit.store.load(async |_| Ok(())).await.unwrap();
    let stale = kit.store.index().access_revision();
    let newer = loaded.head.access_revision;
    assert!(stale < newer, "the index was published before it was held");
    let open = loaded.open(&kit.store, |index, ()| Ok::<_, StoreError>(index.access_revision()));
    let mut open = std::pin::pin!(open);
    for _ in 0..10 {
        tokio::select! {
            biased;
            judged = &mut open => panic!("judged by {judged:?}, and the data is of {newer}"),
            () = tokio::task::yield_now() => {}
        }
    }
    engine.go_on.notify_one();
    assert_eq!(open.await.unwrap(), newer);
    assert_eq!(revocation.await.unwrap().unwrap(), newer);
}

#[tokio::test]
async fn what_failed_to_be_written_is_no_conflict_for_others() {
    let engine = Arc::new(Slow::default());
    let kit = Kit::new(Arc::clone(&engine) as Arc<dyn Engine>).await;
    let failing = kit::writing(&kit, "a").await;
    engine.fails.store(true, Ordering::SeqCst);
    assert!(matches!(failing.commit().await, Err(StoreError::Unavailable(_))));
    let unit = kit::writing(&kit, "a").await;
    kit.put(Noun::Resource(kit::resource("app", "b", 1))).await;
    unit.commit().await.unwrap();
}
