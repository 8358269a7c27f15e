//! Units that meet, and units that do not.

use std::sync::Arc;

use model::{change::Noun, resource::Resource, samples};

use super::kit::{self, Kit};
use crate::{engine::Engine, error::StoreError, records::ranges, unit::Unit};

type E = Arc<dyn Engine>;

pub async fn units_on_different_rows_do_not_meet(engine: E) {
    let kit = Kit::new(engine).await;
    let (a, b) = (kit::writing(&kit, "a").await, kit::writing(&kit, "b").await);
    let (a, b) = (a.commit().await.unwrap(), b.commit().await.unwrap());
    assert_eq!(a.next(), b);
}

pub async fn of_two_units_on_one_row_the_second_never_happened(engine: E) {
    let kit = Kit::new(engine).await;
    let (a, b) = (kit::writing(&kit, "a").await, kit::writing(&kit, "A").await);
    a.commit().await.unwrap();
    let before = kit.trace().await;
    assert_conflict(b).await;
    assert_eq!(kit.trace().await, before);
}

pub async fn a_row_that_was_only_read_counts_too(engine: E) {
    let kit = Kit::new(engine).await;
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let (a, mut b) = (kit::writing(&kit, "a").await, kit::writing(&kit, "b").await);
    let seen: Option<Resource> = b.find(&kit::resource("app", "a", 1).id).await.unwrap();
    assert!(seen.is_some());
    a.commit().await.unwrap();
    assert_conflict(b).await;
}

pub async fn an_absent_row_that_was_read_counts_too(engine: E) {
    let kit = Kit::new(engine).await;
    let (a, mut b) = (kit::writing(&kit, "a").await, kit::writing(&kit, "b").await);
    let seen: Option<Resource> = b.find(&kit::resource("app", "a", 1).id).await.unwrap();
    assert_eq!(seen, None);
    a.commit().await.unwrap();
    assert_conflict(b).await;
}

async fn assert_conflict(unit: Unit) {
    let outcome = unit.commit().await;
    assert!(matches!(outcome, Err(StoreError::Conflict)), "{outcome:?}");
}

/// A unit that has listed `app` and writes elsewhere.
async fn having_listed(kit: &Kit) -> Unit {
    let mut unit = kit::writing(kit, "elsewhere").await;
    let range = ranges::resources_of_group(samples::SUBSCRIPTION, &"APP".parse().unwrap());
    // Its own change is in the list too, and is no conflict.
    let mut seen = unit.list::<Resource>(&range).await.unwrap();
    seen.retain(|it| it.id.name().as_str() != "elsewhere");
    assert_eq!(seen, [kit::resource("app", "a", 1)]);
    unit
}

pub async fn a_row_that_appears_in_a_range_that_was_read_is_a_conflict(engine: E) {
    let kit = Kit::new(engine).await;
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let unit = having_listed(&kit).await;
    kit.put(Noun::Resource(kit::resource("app", "b", 1))).await;
    assert_conflict(unit).await;
}

pub async fn a_row_that_leaves_a_range_that_was_read_is_a_conflict(engine: E) {
    let kit = Kit::new(engine).await;
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let unit = having_listed(&kit).await;
    kit.remove(Noun::Resource(kit::resource("app", "a", 1))).await;
    assert_conflict(unit).await;
}

pub async fn a_row_that_changes_in_a_range_that_was_read_is_a_conflict(engine: E) {
    let kit = Kit::new(engine).await;
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let unit = having_listed(&kit).await;
    kit.put(Noun::Resource(kit::resource("app", "a", 2))).await;
    assert_conflict(unit).await;
}

pub async fn a_row_beside_the_range_is_no_conflict(engine: E) {
    let kit = Kit::new(engine).await;
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let unit = having_listed(&kit).await;
    kit.put(Noun::Resource(kit::resource("app2", "b", 1))).await;
    unit.commit().await.unwrap();
}

pub async fn a_unit_older_than_all_that_is_remembered_is_judged_by_the_rows(engine: E) {
    let mut kit = Kit::new(engine).await;
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    for (group, conflict) in [("beside", false), ("app", true)] {
        let unit = having_listed(&kit).await;
        kit.put(Noun::Resource(kit::resource(group, "new", 9))).await;
        // The committer of another store over the same rows has seen nothing of this.
        kit = kit.reopened().await;
        let outcome = unit.moved_to(&kit.store).commit().await;
        assert_eq!(matches!(outcome, Err(StoreError::Conflict)), conflict, "{outcome:?}");
    }
}

pub async fn one_bad_unit_does_not_disturb_its_group(engine: E) {
    let kit = Kit::new(engine).await;
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let mut units = Vec::new();
    for n in 0..20 {
        // Every fourth fights for the same row; the fourth of all fights gets it.
        let name = if n % 4 == 0 { "same".to_owned() } else { format!("own{n}") };
        units.push(kit::writing(&kit, &name).await);
    }
    let tasks: Vec<_> = units.into_iter().map(|unit| tokio::spawn(unit.commit())).collect();
    let (mut done, mut conflicts) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => done += 1,
            Err(StoreError::Conflict) => conflicts += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((done, conflicts), (16, 4));
}

pub async fn a_unit_sees_its_own_changes(engine: E) {
    let kit = Kit::new(engine).await;
    let range = ranges::resources_of_subscription(samples::SUBSCRIPTION);
    let (old, new) = (kit::resource("app", "b", 1), kit::resource("app", "a", 2));
    kit.put(Noun::Resource(old.clone())).await;
    let mut unit = kit.begin();
    kit::put(&mut unit, Noun::Resource(new.clone())).await;
    assert_eq!(unit.find(&new.id).await.unwrap(), Some(new.clone()));
    assert_eq!(unit.list::<Resource>(&range).await.unwrap(), [new.clone(), old.clone()]);
    kit::remove(&mut unit, Noun::Resource(old.clone())).await;
    assert_eq!(unit.find::<Resource>(&old.id).await.unwrap(), None);
    let expected = vec![new];
    assert_eq!(unit.list::<Resource>(&range).await.unwrap(), expected);
    unit.commit().await.unwrap();
    assert_eq!(kit.trace().await.1, expected);
}

pub async fn a_removed_row_is_gone_from_every_list(engine: E) {
    let kit = Kit::new(engine).await;
    let moved = kit::resource("app", "a", 1);
    kit.put(Noun::Resource(moved.clone())).await;
    kit.remove(Noun::Resource(moved.clone())).await;
    for range in [
        ranges::resources_of_subscription(samples::SUBSCRIPTION),
        ranges::resources_of_group(samples::SUBSCRIPTION, &"app".parse().unwrap()),
        ranges::resources_below(&samples::whole()),
    ] {
        assert_eq!(kit.begin().list::<Resource>(&range).await.unwrap(), []);
    }
}

pub async fn a_unit_can_be_asked_for_later(engine: E) {
    let kit = Kit::new(engine).await;
    let (a, b) = (kit::writing(&kit, "a").await, kit::writing(&kit, "b").await);
    let (first, never) = (a.id(), b.id());
    let revision = a.commit().await.unwrap();
    let kit = kit.reopened().await;
    assert_eq!(kit.store.committed(first).await.unwrap(), Some(revision));
    assert_eq!(kit.store.committed(never).await.unwrap(), None);
}
