//! An overlay is an engine like any other, and shows both what is beneath and what was written.

use model::{change::Noun, resource::Resource, samples};

use super::*;
use crate::{
    conformance::kit::{self, Kit},
    key::Entry,
    memory::Memory,
    store::Store,
};

crate::store_conformance!({
    use crate::engine::Engine as _;
    let beneath = crate::memory::Memory::default().snapshot().await.unwrap();
    std::sync::Arc::new(crate::overlay::Overlay::over(beneath, crate::engine::Head::default()))
});

const INDEX: &str = "by.number";

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Rows as a committer writes them: entries go and come as the row moves in the index.
#[derive(Default)]
struct Writer(BTreeMap<Key, u64>);

impl Writer {
    fn write(&mut self, numbers: &mut Numbers, version: u64) -> Batch {
        let key = Key::exact("row", &numbers.below(8).to_string());
        let place = |at: u64| Entry::new(INDEX, Tuple::new().text(at));
        let before = self.0.get(&key).copied();
        let after = Some(numbers.below(5)).filter(|_| numbers.below(4) > 0);
        let (mut removed, mut added) = (before.map(place), after.map(place));
        if removed == added {
            (removed, added) = (None, None);
        }
        match after {
            Some(at) => self.0.insert(key.clone(), at),
            None => self.0.remove(&key),
        };
        let bytes: Arc<[u8]> = version.to_string().into_bytes().into();
        let row = after.map(|_| Row { version: Revision(version), bytes });
        let (removed, added) = (removed.into_iter().collect(), added.into_iter().collect());
        Batch { rows: vec![RowWrite { key, row, removed, added }], ..Batch::default() }
    }
}

/// Everything that the index finds, page by page.
async fn pages(engine: &dyn Engine, limit: usize) -> Vec<Found> {
    let view = engine.snapshot().await.unwrap();
    let range = Range::under(INDEX, Tuple::new());
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = view.scan(&range, after.as_ref(), limit).await.unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(last.cursor());
        assert!(page.len() <= limit);
        all.extend(page);
    }
}

#[tokio::test]
async fn what_is_written_over_rows_reads_as_if_it_were_written_to_them() {
    let mut numbers = Numbers(7);
    for beneath in 0..60 {
        let (plain, base, mut writer) = (Memory::default(), Memory::default(), Writer::default());
        for version in 0..beneath {
            let batch = writer.write(&mut numbers, version);
            plain.commit(vec![batch.clone()], Head::default()).await.unwrap();
            base.commit(vec![batch], Head::default()).await.unwrap();
        }
        let over = Overlay::over(base.snapshot().await.unwrap(), Head::default());
        for version in beneath..beneath + 20 {
            let batch = writer.write(&mut numbers, version);
            plain.commit(vec![batch.clone()], Head::default()).await.unwrap();
            over.commit(vec![batch], Head::default()).await.unwrap();
            for limit in [1, 2, 100] {
                assert_eq!(pages(&over, limit).await, pages(&plain, limit).await, "{beneath}");
            }
            for n in 0..8 {
                let key = Key::exact("row", &n.to_string());
                assert_eq!(over.get(&key).await.unwrap(), plain.get(&key).await.unwrap());
            }
        }
    }
}

#[tokio::test]
async fn nothing_that_happens_in_a_fork_happens() {
    let kit = Kit::new(Arc::new(Memory::default())).await;
    kit.put(Noun::Resource(kit::resource("app", "old", 1))).await;
    let mut unit = kit.begin();
    unit.enqueue(kit::job(1, &kit));
    unit.commit().await.unwrap();
    let (before, facts) = (kit.store.head(), kit.store.index().facts());

    let store = kit.store.fork().await.unwrap();
    let fork = Kit { engine: Arc::clone(&kit.engine), store, clock: Arc::clone(&kit.clock) };
    let minute = jiff::SignedDuration::from_mins(1);
    let taken = fork.store.jobs().lease(&["count"], minute).await.unwrap();
    assert_eq!(taken, None, "the work of the store beneath is not done in a fork");
    fork.put(kit::owner(samples::ADA)).await;
    fork.remove(Noun::Resource(kit::resource("app", "old", 1))).await;
    fork.put(Noun::Resource(kit::resource("app", "new", 1))).await;
    let names = async |store: &Store| {
        let range = crate::records::ranges::resources_of_subscription(samples::SUBSCRIPTION);
        let page = crate::snapshot::Page::first();
        let all = store.snapshot().await.unwrap().list::<Resource>(&range, page).await.unwrap();
        all.items.into_iter().map(|it| it.id.name().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&fork.store).await, ["new"]);
    assert_ne!(fork.store.index().facts(), facts);
    assert_eq!(fork.store.origin().unwrap().facts(), facts, "what was granted is not true");
    assert_eq!(fork.store.fork().await.unwrap().origin().unwrap().facts(), facts);

    assert_eq!(names(&kit.store).await, ["old"]);
    assert_eq!((kit.store.head(), kit.store.index().facts()), (before, facts));
    assert!(kit.store.origin().is_none());
    assert!(kit.store.jobs().lease(&["count"], minute).await.unwrap().is_some());
}

#[tokio::test]
async fn a_fork_takes_no_more_memory_than_it_may() {
    let beneath = Memory::default().snapshot().await.unwrap();
    let over = Overlay::over(beneath, Head::default());
    let bytes: Arc<[u8]> = vec![0; BYTES_MAX / 8].into();
    let write = |n: u64| {
        let row = Some(Row { version: Revision(n), bytes: Arc::clone(&bytes) });
        let key = Key::exact("row", &n.to_string());
        let write = RowWrite { key, row, removed: Vec::new(), added: Vec::new() };
        vec![Batch { rows: vec![write], ..Batch::default() }]
    };
    for n in 0..8 {
        over.commit(write(n), Head::default()).await.unwrap();
    }
    let refused = over.commit(write(8), Head::default()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unavailable(_)), "so nothing was written: {refused:?}");
    assert_eq!(over.get(&Key::exact("row", "8")).await.unwrap(), None);
}
