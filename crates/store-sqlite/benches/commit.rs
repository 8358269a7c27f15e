//! What a durable commit through the store costs beside the engine's own commit of a row of
//! 1 KiB: read, permit, event, activity and index against bare bytes, alone and 64 at a time.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ids::clock::Revision;
use model::{change::Noun, resource::Resource};
use serde_json::json;
use store::{
    conformance::kit::{self, Kit},
    engine::{Batch, Engine, Head, Row, RowWrite},
    key::Key,
};
use store_sqlite::engine::Sqlite;
use tokio::runtime::Runtime;

const TOGETHER: u64 = 64;

fn resource(n: u64) -> Resource {
    let mut resource = kit::resource("app", &format!("r{n}"), n);
    resource.properties.insert("text".to_owned(), json!("x".repeat(700)));
    resource
}

async fn through_the_store(kit: &Kit, n: u64) -> Revision {
    let mut unit = kit.begin();
    kit::put(&mut unit, Noun::Resource(resource(n))).await;
    unit.commit().await.unwrap()
}

async fn by_the_engine(engine: &dyn Engine, n: u64) {
    let row = Row { version: Revision(n), bytes: vec![b'x'; 1_024].into() };
    let key = Key::exact("bench", &n.to_string());
    let write = RowWrite { key, row: Some(row), removed: Vec::new(), added: Vec::new() };
    let batch = Batch { rows: vec![write], ..Batch::default() };
    engine.commit(vec![batch], Head::default()).await.unwrap();
}

fn commits(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let engine = Sqlite::open(one.path()).unwrap();
    let kit = runtime.block_on(Kit::new(Sqlite::open(other.path()).unwrap()));
    let kit = Arc::new(kit);
    let next = AtomicU64::new(0);

    let mut group = criterion.benchmark_group("durable commit");
    group.bench_function("engine alone", |bench| {
        bench.iter(|| {
            let n = next.fetch_add(1, Ordering::Relaxed);
            runtime.block_on(by_the_engine(&*engine, n));
        });
    });
    group.bench_function("store", |bench| {
        bench.iter(|| {
            let n = next.fetch_add(1, Ordering::Relaxed);
            black_box(runtime.block_on(through_the_store(&kit, n)))
        });
    });
    group.throughput(Throughput::Elements(TOGETHER));
    group.bench_function("store, 64 together", |bench| {
        bench.iter(|| {
            let first = next.fetch_add(TOGETHER, Ordering::Relaxed);
            runtime.block_on(async {
                let unit = |n| {
                    let kit = Arc::clone(&kit);
                    tokio::spawn(async move { through_the_store(&kit, first + n).await })
                };
                let tasks: Vec<_> = (0..TOGETHER).map(unit).collect();
                for task in tasks {
                    task.await.unwrap();
                }
            });
        });
    });
    group.finish();
}

/// From a closed folder with a small world to a store that answers.
fn start(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let open = || Sqlite::open(folder.path()).unwrap();
    runtime.block_on(async { Kit::new(open()).await.close().await });
    criterion.bench_function("start", |bench| {
        bench.iter(|| {
            runtime.block_on(async { Kit::seeded(open(), 2).await.unwrap().close().await });
        });
    });
}

criterion_group!(benches, commits, start);
criterion_main!(benches);
