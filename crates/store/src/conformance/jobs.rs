//! Follow-up work and its leases.

use std::sync::Arc;

use jiff::SignedDuration;
use model::{change::Noun, resource::Resource};
use serde_json::json;

use super::kit::{self, Kit};
use crate::{
    engine::Engine,
    error::StoreError,
    jobs::{Job, JobId, Lease},
};

type E = Arc<dyn Engine>;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn enqueue(kit: &Kit, job: Job) -> JobId {
    let (mut unit, id) = (kit.begin(), job.id);
    unit.enqueue(job);
    unit.commit().await.unwrap();
    id
}

async fn lease(kit: &Kit) -> Option<(Job, Lease)> {
    kit.store.jobs().lease(&["count"], MINUTE).await.unwrap()
}

pub async fn a_job_is_leased_once(engine: E) {
    let kit = Kit::new(engine).await;
    let mut bells = [kit.store.jobs().bell(), kit.store.jobs().bell()];
    for n in 0..3 {
        enqueue(&kit, kit::job(n, &kit)).await;
    }
    for bell in &mut bells {
        bell.rung().await;
    }
    assert_eq!(kit.store.jobs().next_due_of(&["other"]).await.unwrap(), None);
    assert!(kit.store.jobs().next_due_of(&["other", "count"]).await.unwrap().is_some());
    assert_eq!(kit.store.jobs().lease(&["other"], MINUTE).await.unwrap(), None);
    let ask = || {
        let store = Arc::clone(&kit.store);
        tokio::spawn(async move { store.jobs().lease(&["count"], MINUTE).await.unwrap() })
    };
    let tasks: Vec<_> = (0..10).map(|_| ask()).collect();
    let mut leased = Vec::new();
    for task in tasks {
        leased.extend(task.await.unwrap().map(|(job, _)| job.id));
    }
    leased.sort();
    assert_eq!(leased, [0, 1, 2].map(|n| kit::job(n, &kit).id));
}

pub async fn a_lease_that_ran_out_passes_on_and_fences_the_first(engine: E) {
    let kit = Kit::new(engine).await;
    let id = enqueue(&kit, kit::job(1, &kit)).await;
    let (_, first) = lease(&kit).await.unwrap();
    kit.clock.advance(MINUTE);
    let (_, second) = lease(&kit).await.unwrap();
    assert_eq!(lease(&kit).await, None);

    let before = kit.trace().await;
    let mut late = kit::writing(&kit, "late").await;
    late.checkpoint(&id, &first, json!("late"));
    assert!(matches!(late.commit().await, Err(StoreError::Conflict)));
    assert_eq!(kit.trace().await, before, "the effect went with the checkpoint");
    let renewed = kit.store.jobs().renew(&first, MINUTE).await;
    assert!(matches!(renewed, Err(StoreError::Conflict)));

    let mut good = kit::writing(&kit, "good").await;
    good.checkpoint(&id, &second, json!("good"));
    good.commit().await.unwrap();
    assert_eq!(kit.store.jobs().get(&id).await.unwrap().unwrap().state, json!("good"));
}

pub async fn a_job_is_not_leased_before_it_is_due(engine: E) {
    let kit = Kit::new(engine).await;
    assert_eq!(kit.store.jobs().next_due().await.unwrap(), None);
    let due = kit.store.now() + MINUTE;
    enqueue(&kit, Job { due, ..kit::job(1, &kit) }).await;
    assert_eq!(lease(&kit).await, None);
    assert_eq!(kit.store.jobs().next_due().await.unwrap(), Some(due));
    kit.clock.advance(MINUTE);
    assert!(lease(&kit).await.is_some());
}

pub async fn a_finished_job_is_gone_together_with_its_last_effect(engine: E) {
    let kit = Kit::new(engine).await;
    let mut unit = kit.begin();
    unit.enqueue(kit::job(1, &kit));
    kit::put(&mut unit, Noun::Resource(kit::resource("app", "a", 1))).await;
    unit.commit().await.unwrap();
    let (job, held) = lease(&kit).await.unwrap();
    let mut unit = kit.begin();
    kit::remove(&mut unit, Noun::Resource(kit::resource("app", "a", 1))).await;
    unit.finish(&job.id, &held);
    unit.commit().await.unwrap();
    let kit = kit.reopened().await;
    assert_eq!(kit.store.jobs().get(&job.id).await.unwrap(), None);
    let row = kit.begin().find::<Resource>(&kit::resource("app", "a", 1).id).await.unwrap();
    assert_eq!(row, None);
    kit.clock.advance(MINUTE);
    assert_eq!(lease(&kit).await, None);
}

pub async fn a_postponed_job_comes_again(engine: E) {
    let kit = Kit::new(engine).await;
    let id = enqueue(&kit, kit::job(1, &kit)).await;
    let (_, held) = lease(&kit).await.unwrap();
    let mut unit = kit.begin();
    unit.postpone(&id, &held, json!(1), kit.store.now() + MINUTE);
    unit.commit().await.unwrap();
    assert_eq!(lease(&kit).await, None);
    let mut again = kit.begin();
    again.finish(&id, &held);
    assert!(matches!(again.commit().await, Err(StoreError::Conflict)), "it was given back");
    kit.clock.advance(MINUTE);
    assert_eq!(lease(&kit).await.unwrap().0.state, json!(1));
}

pub async fn a_renewed_lease_lasts_longer(engine: E) {
    let kit = Kit::new(engine).await;
    let id = enqueue(&kit, kit::job(1, &kit)).await;
    let (_, held) = lease(&kit).await.unwrap();
    kit.clock.advance(SignedDuration::from_secs(40));
    let renewed = kit.store.jobs().renew(&held, MINUTE).await.unwrap();
    kit.clock.advance(SignedDuration::from_secs(40));
    assert_eq!(lease(&kit).await, None);
    let mut unit = kit.begin();
    unit.finish(&id, &renewed);
    unit.commit().await.unwrap();
}

pub async fn ended_leases_let_jobs_go_on_and_fence_who_had_them(engine: E) {
    let kit = Kit::new(engine).await;
    let id = enqueue(&kit, kit::job(1, &kit)).await;
    let (_, first) = lease(&kit).await.unwrap();
    assert_eq!(lease(&kit).await, None);
    kit.store.jobs().end_leases().await.unwrap();
    let (job, second) = lease(&kit).await.unwrap();
    assert_eq!(job.id, id);
    assert!(kit.store.jobs().renew(&second, MINUTE).await.is_ok());
    assert!(matches!(kit.store.jobs().renew(&first, MINUTE).await, Err(StoreError::Conflict)));
}
