//! Rows that expire.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;

use super::kit::Kit;
use crate::{
    engine::Engine,
    ephemeral::{Ephemeral, EphemeralKey},
    error::StoreError,
};

type E = Arc<dyn Engine>;

fn key(text: &str) -> EphemeralKey {
    EphemeralKey::new("code", text)
}

fn code(kit: &Kit, text: &str, minutes: i64) -> Ephemeral {
    let expires = kit.store.now() + SignedDuration::from_mins(minutes);
    Ephemeral { key: key(text), value: json!({ "for": text }), expires }
}

async fn keep(kit: &Kit, ephemeral: Ephemeral) {
    let mut unit = kit.begin();
    unit.keep(ephemeral);
    unit.commit().await.unwrap();
}

pub async fn an_ephemeral_row_expires(engine: E) {
    let kit = Kit::new(engine).await;
    let before = kit.store.head();
    keep(&kit, code(&kit, "a", 5)).await;
    assert_eq!(kit.store.head(), before, "it has no event and no revision");
    kit.clock.advance(SignedDuration::from_secs(299));
    assert_eq!(kit.store.ephemeral(&key("a")).await.unwrap(), Some(json!({ "for": "a" })));
    kit.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(kit.store.ephemeral(&key("a")).await.unwrap(), None);
    assert_eq!(kit.store.take(&key("a")).await.unwrap(), None);
}

pub async fn an_ephemeral_row_is_taken_once(engine: E) {
    let kit = Kit::new(engine).await;
    keep(&kit, code(&kit, "a", 5)).await;
    let take = || {
        let store = Arc::clone(&kit.store);
        tokio::spawn(async move { store.take(&key("a")).await.unwrap() })
    };
    let tasks: Vec<_> = (0..20).map(|_| take()).collect();
    let mut taken = 0;
    for task in tasks {
        taken += usize::from(task.await.unwrap().is_some());
    }
    assert_eq!(taken, 1);
    assert_eq!(kit.reopened().await.store.ephemeral(&key("a")).await.unwrap(), None);
}

pub async fn an_ephemeral_row_that_was_read_counts(engine: E) {
    let kit = Kit::new(engine).await;
    keep(&kit, code(&kit, "a", 5)).await;
    let (mut one, mut other) = (kit.begin(), kit.begin());
    for unit in [&mut one, &mut other] {
        assert!(unit.ephemeral(&key("a")).await.unwrap().is_some());
        unit.drop_ephemeral(&key("a"));
        unit.keep(code(&kit, "b", 5));
    }
    one.commit().await.unwrap();
    assert!(matches!(other.commit().await, Err(StoreError::Conflict)));
}

pub async fn what_has_expired_is_swept_away(engine: E) {
    let kit = Kit::new(engine).await;
    keep(&kit, code(&kit, "old", 5)).await;
    keep(&kit, code(&kit, "new", 50)).await;
    kit.clock.advance(SignedDuration::from_mins(5));
    kit.store.sweep().await.unwrap();
    // Turned back, the clock would show what had not really gone.
    kit.clock.advance(SignedDuration::from_mins(-5));
    assert_eq!(kit.store.ephemeral(&key("old")).await.unwrap(), None);
    assert!(kit.store.ephemeral(&key("new")).await.unwrap().is_some());
}

pub async fn case_counts_in_ephemeral_keys(engine: E) {
    let kit = Kit::new(engine).await;
    keep(&kit, code(&kit, "aB", 5)).await;
    assert_eq!(kit.store.ephemeral(&key("ab")).await.unwrap(), None);
    assert!(kit.store.ephemeral(&key("aB")).await.unwrap().is_some());
}

pub async fn what_expires_by_then_is_listed_by_kind(engine: E) {
    let kit = Kit::new(engine).await;
    for (text, minutes) in [("late", 60), ("gone", 1), ("second", 20), ("first", 10)] {
        keep(&kit, code(&kit, text, minutes)).await;
    }
    keep(&kit, Ephemeral { key: EphemeralKey::new("other", "x"), ..code(&kit, "", 15) }).await;
    kit.clock.advance(SignedDuration::from_mins(1));
    let by = kit.store.now() + SignedDuration::from_mins(19);
    let found = kit.store.expiring("code", by).await.unwrap();
    let names: Vec<&str> = found.iter().map(|it| it.key.text()).collect();
    assert_eq!(names, ["first", "second"]);
}
