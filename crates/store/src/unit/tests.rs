use std::sync::Arc;

use access::permit::{Permit, authorize};
use model::{event::SystemReason, resource::Resource, samples};

use super::*;
use crate::{
    conformance::kit::{self, Kit},
    memory::Memory,
};

async fn kit() -> Kit {
    Kit::new(Arc::new(Memory::default())).await
}

#[tokio::test]
async fn access_revoked_after_the_permit_stops_the_commit() {
    let kit = kit().await;
    let unit = kit::writing(&kit, "a").await;
    kit.remove(kit::owner(samples::OLOF)).await;
    let before = kit.trace().await;
    assert!(matches!(unit.commit().await, Err(StoreError::Denied(_))));
    assert_eq!(kit.trace().await, before);
}

#[tokio::test]
async fn access_revoked_by_an_earlier_unit_of_the_same_group_stops_the_commit() {
    let kit = kit().await;
    let mut revocation = kit.begin();
    kit::remove(&mut revocation, kit::owner(samples::OLOF)).await;
    let unit = kit::writing(&kit, "a").await;
    // On one thread both wait for the committer before it wakes: one group, in this order.
    let (first, second) = tokio::join!(revocation.commit(), unit.commit());
    assert!(first.is_ok());
    assert!(matches!(second, Err(StoreError::Denied(_))));
}

#[tokio::test]
async fn leave_that_a_unit_only_holds_must_last_to_its_commit_too() {
    let kit = kit().await;
    let holding = async || {
        let asked = Change::Put(Noun::Resource(kit::resource("app", "a", 1))).requires();
        let (index, now) = (kit.store.index(), kit.store.now());
        let mut unit = kit.begin();
        unit.hold(authorize(&index, &samples::caller(samples::OLOF), asked, now).unwrap());
        kit::put(&mut unit, Noun::Resource(kit::resource("app", "b", 1))).await;
        unit
    };
    assert!(holding().await.commit().await.is_ok());
    let unit = holding().await;
    kit.remove(kit::owner(samples::OLOF)).await;
    let before = kit.trace().await;
    assert!(matches!(unit.commit().await, Err(StoreError::Denied(_))));
    assert_eq!(kit.trace().await, before);
}

#[tokio::test]
async fn what_a_customer_accepts_is_journalled_as_that_and_no_read_of_roles() {
    let kit = kit().await;
    let mut unit = kit.begin();
    let acceptance = samples::market::acceptance("1.0.0");
    let scope = Scope::Subscription(acceptance.subscription);
    kit::put(&mut unit, Noun::Market(MarketNoun::Acceptance(acceptance))).await;
    let [event] = unit.draft.events.as_slice() else { panic!() };
    assert_eq!(event.action, Action::known("Fyr.Marketplace/acceptances/write"));
    assert_eq!(event.scope, scope);
}

#[tokio::test]
#[should_panic(expected = "does not cover")]
async fn a_permit_is_good_for_its_own_change_only() {
    let kit = kit().await;
    let leave = |name| {
        let change = Change::Put(Noun::Resource(kit::resource("app", name, 1)));
        let caller = samples::caller(samples::OLOF);
        let questions = change.requires();
        let now = kit.store.now();
        (authorize(&kit.store.index(), &caller, questions, now).unwrap(), change)
    };
    let ((permit, _), (_, change)) = (leave("a"), leave("b"));
    kit.begin().apply(permit, change).unwrap();
}

#[tokio::test]
#[should_panic(expected = "unread")]
async fn nothing_is_written_unread() {
    let kit = kit().await;
    let change = Change::Put(Noun::Resource(kit::resource("app", "a", 1)));
    let permit = Permit::system(SystemReason::WorldApply, &change).unwrap();
    kit.begin().apply(permit, change).unwrap();
}

#[tokio::test]
async fn a_row_found_in_a_list_may_be_written() {
    let kit = kit().await;
    let resource = kit::resource("app", "a", 1);
    kit.put(Noun::Resource(resource.clone())).await;
    let mut unit = kit.begin();
    let range = crate::records::ranges::resources_of_subscription(samples::SUBSCRIPTION);
    let listed = unit.list::<Resource>(&range).await.unwrap();
    let change = Change::Remove(Noun::Resource(listed.into_iter().next().unwrap()));
    let permit = Permit::system(SystemReason::WorldApply, &change).unwrap();
    unit.apply(permit, change).unwrap();
    unit.commit().await.unwrap();
    assert_eq!(kit.begin().find::<Resource>(&resource.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_dropped_unit_never_happened() {
    let kit = kit().await;
    let before = kit.trace().await;
    drop(kit::writing(&kit, "a").await);
    assert_eq!(kit.trace().await, before);
}

/// Handlers of a multi-threaded server need it.
#[tokio::test]
async fn work_can_move_between_threads() {
    let kit = Arc::new(kit().await);
    let resource = kit::resource("app", "a", 1);
    let task = tokio::spawn(async move {
        kit::writing(&kit, "a").await.commit().await.unwrap();
        let find = async |it: &crate::snapshot::Snapshot| it.find::<Resource>(&resource.id).await;
        let loaded = kit.store.load(find).await.unwrap();
        let open = loaded.open(&kit.store, |_, row| Ok::<_, StoreError>(row.is_some()));
        open.await.unwrap()
    });
    assert!(task.await.unwrap());
}

#[tokio::test]
async fn a_row_that_appears_in_a_range_within_the_group_is_a_conflict() {
    let kit = kit().await;
    let first = kit::writing(&kit, "a").await;
    let mut second = kit.begin();
    let range = crate::records::ranges::resources_of_subscription(samples::SUBSCRIPTION);
    assert_eq!(second.list::<Resource>(&range).await.unwrap(), []);
    kit::put(&mut second, Noun::ResourceGroup(kit::resource_group("g"))).await;
    let (first, second) = tokio::join!(first.commit(), second.commit());
    assert!(first.is_ok());
    assert!(matches!(second, Err(StoreError::Conflict)), "{second:?}");
}

#[tokio::test]
async fn of_two_who_take_within_a_group_one_gets_it() {
    let kit = kit().await;
    let key = EphemeralKey::new("code", "a");
    let expires = kit.store.now() + jiff::SignedDuration::from_mins(1);
    let mut unit = kit.begin();
    unit.keep(Ephemeral { key: key.clone(), value: Value::Null, expires });
    unit.commit().await.unwrap();
    let (one, other) = tokio::join!(kit.store.take(&key), kit.store.take(&key));
    assert_eq!((one.unwrap(), other.unwrap()), (Some(Value::Null), None));
}

#[tokio::test]
async fn a_row_changed_before_the_committer_can_remember_is_a_conflict() {
    for (changed, conflict) in [("a", true), ("b", false)] {
        let kit = kit().await;
        let mut unit = kit.begin();
        unit.find::<Resource>(&kit::resource("app", "a", 1).id).await.unwrap();
        kit::put(&mut unit, Noun::ResourceGroup(kit::resource_group("g"))).await;
        kit.put(Noun::Resource(kit::resource("app", changed, 1))).await;
        let forgetful = kit.reopened().await;
        let outcome = unit.moved_to(&forgetful.store).commit().await;
        assert_eq!(matches!(outcome, Err(StoreError::Conflict)), conflict, "{outcome:?}");
    }
}

#[tokio::test]
async fn nesting_past_the_bound_is_refused_and_leaves_no_trace() {
    let kit = kit().await;
    let group = |n: usize| samples::principal(samples::PROVIDER, 0x1000 + n as u128);
    let join = |n: usize, member| Noun::Membership(samples::membership(group(n), member));
    // A chain of groups: whoever joins the first shares the rights of all.
    let all = 0..access::index::GROUPS_MAX;
    let groups = all.clone().map(|n| Noun::Group(samples::group(group(n), &format!("g{n}"))));
    kit.put_all(groups.collect()).await;
    kit.put_all(all.skip(1).rev().map(|n| join(n, group(n - 1))).collect()).await;

    let before = kit.trace().await;
    let mut unit = kit.begin();
    // Tier 1 is one group more than fits.
    kit::put(&mut unit, join(0, samples::TIER1)).await;
    let refused = unit.commit().await;
    assert!(matches!(refused, Err(StoreError::Overgrown(samples::ADA))), "{refused:?}");
    assert_eq!(kit.trace().await, before);
    assert_eq!(kit.store.index().groups_of(samples::ADA), [samples::TIER1]);
    kit.put(join(1, samples::TIER1)).await;
}

#[tokio::test]
async fn what_is_only_looked_through_is_not_kept_and_counts_all_the_same() {
    let kit = kit().await;
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let range = crate::records::ranges::resources_of_subscription(samples::SUBSCRIPTION);
    let mut unit = kit.begin();
    let (found, rest) = unit.skim_part::<Resource>(&range).await.unwrap();
    assert_eq!((found, rest), (vec![kit::resource("app", "a", 1)], None));
    assert!(unit.seen.is_empty());
    kit.put(Noun::Resource(kit::resource("app", "a", 2))).await;
    kit::put(&mut unit, Noun::ResourceGroup(kit::resource_group("g"))).await;
    assert!(matches!(unit.commit().await, Err(StoreError::Conflict)));
}

#[tokio::test]
async fn a_list_finds_what_the_unit_wrote_last_in_that_range() {
    let kit = kit().await;
    let mut unit = kit.begin();
    let of = |group, name, number| Noun::Resource(kit::resource(group, name, number));
    for noun in [of("app", "b", 1), of("app", "a", 1), of("app2", "c", 1), of("app", "a", 2)] {
        kit::put(&mut unit, noun).await;
    }
    let range = crate::records::ranges::resources_below(&samples::resource_group("app"));
    let both = [kit::resource("app", "a", 2), kit::resource("app", "b", 1)];
    assert_eq!(unit.list::<Resource>(&range).await.unwrap(), both);
    kit::remove(&mut unit, of("app", "a", 2)).await;
    assert_eq!(unit.list::<Resource>(&range).await.unwrap(), both[1..]);
}
