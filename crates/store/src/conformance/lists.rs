//! Pages, ranges and their order.

use std::sync::Arc;

use model::{change::Noun, resource::Resource, samples, tree::ResourceGroup};

use super::kit::{self, Kit};
use crate::{
    engine::{Engine, ROWS_MAX},
    error::StoreError,
    records::ranges,
    snapshot::{Page, Rows, Snapshot},
};

type E = Arc<dyn Engine>;

async fn snapshot(kit: &Kit) -> Snapshot {
    Snapshot::new(kit.store.view().await.unwrap())
}

fn names(groups: &[ResourceGroup]) -> Vec<&str> {
    groups.iter().map(|it| it.name.as_str()).collect()
}

pub async fn pages_follow_each_other_without_gap_or_repetition(engine: E) {
    let kit = Kit::new(engine).await;
    let groups = (0..7).map(|n| Noun::ResourceGroup(kit::resource_group(&format!("g{n}"))));
    kit.put_all(groups.collect()).await;
    let range = ranges::groups_of_subscription(samples::SUBSCRIPTION);
    let snapshot = snapshot(&kit).await;
    for limit in 1..9 {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let Rows { items, next } =
                snapshot.list::<ResourceGroup>(&range, Page { after, limit }).await.unwrap();
            assert!(items.len() == limit || next.is_none(), "a short page is the last");
            all.extend(items);
            // A cursor goes to the client and comes back as text.
            after = next.map(|it| it.to_string().parse().unwrap());
            if after.is_none() {
                break;
            }
        }
        assert_eq!(names(&all), ["g0", "g1", "g2", "g3", "g4", "g5", "g6"], "by {limit}");
    }
}

pub async fn what_is_counted_is_what_is_listed(engine: E) {
    let kit = Kit::new(engine).await;
    let groups = (0..45).map(|n| Noun::ResourceGroup(kit::resource_group(&format!("g{n}"))));
    kit.put_all(groups.collect()).await;
    kit.put(Noun::Resource(kit::resource("g1", "a", 1))).await;
    let range = ranges::groups_of_subscription(samples::SUBSCRIPTION);
    let snapshot = snapshot(&kit).await;
    for (enough, counted) in [(0, 0), (1, 1), (20, 20), (44, 44), (45, 45), (46, 45), (900, 45)] {
        assert_eq!(snapshot.count(&range, enough).await.unwrap(), counted, "up to {enough}");
    }
    let none = ranges::resources_of_group(samples::SUBSCRIPTION, &"g2".parse().unwrap());
    assert_eq!(snapshot.count(&none, 9).await.unwrap(), 0);
}

pub async fn lists_are_in_order_and_ignore_case(engine: E) {
    let kit = Kit::new(engine).await;
    for name in ["B", "a-2", "C", "a", "A_1"] {
        kit.put(Noun::ResourceGroup(kit::resource_group(name))).await;
    }
    let range = ranges::groups_of_subscription(samples::SUBSCRIPTION);
    let mut unit = kit.begin();
    let found = unit.list::<ResourceGroup>(&range).await.unwrap();
    assert_eq!(names(&found), ["a", "a-2", "A_1", "B", "C"]);
    let id = (samples::SUBSCRIPTION, "a_1".parse().unwrap());
    assert_eq!(unit.find::<ResourceGroup>(&id).await.unwrap().unwrap().name.as_str(), "A_1");
    let range = ranges::users_by_name(samples::CUSTOMER, "OLOF@Example");
    assert_eq!(unit.list::<model::directory::User>(&range).await.unwrap().len(), 1);
}

pub async fn a_group_is_not_its_longer_namesake(engine: E) {
    let kit = Kit::new(engine).await;
    for group in ["rg1", "rg10", "RG1"] {
        kit.put(Noun::Resource(kit::resource(group, &format!("in-{group}"), 1))).await;
    }
    let (rg1, below) = ("rg1".parse().unwrap(), samples::resource_group("rg1"));
    for range in
        [ranges::resources_of_group(samples::SUBSCRIPTION, &rg1), ranges::resources_below(&below)]
    {
        let found = kit.begin().list::<Resource>(&range).await.unwrap();
        let names: Vec<_> = found.iter().map(|it| it.id.name().as_str()).collect();
        assert_eq!(names, ["in-RG1"], "the later spelling of the same resource, and no other");
    }
}

pub async fn a_snapshot_stays_at_its_moment(engine: E) {
    let kit = Kit::new(engine).await;
    let before = snapshot(&kit).await;
    let revision = kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let after = snapshot(&kit).await;
    let range = ranges::resources_of_subscription(samples::SUBSCRIPTION);
    for (snapshot, count) in [(&before, 0), (&after, 1)] {
        let rows = snapshot.list::<Resource>(&range, Page::first()).await.unwrap();
        assert_eq!(rows.items.len(), count);
        let found: Option<Resource> =
            snapshot.find(&kit::resource("app", "a", 1).id).await.unwrap();
        assert_eq!(found.is_some(), count == 1);
    }
    assert_eq!(after.head().revision, revision);
    assert!(before.head().revision < revision);
}

pub async fn a_list_longer_than_a_unit_may_look_at_is_refused(engine: E) {
    let kit = Kit::new(engine).await;
    let group = |n: usize| Noun::ResourceGroup(kit::resource_group(&format!("g{n:05}")));
    kit.put_all((0..=ROWS_MAX).map(group).collect()).await;
    let range = ranges::groups_of_subscription(samples::SUBSCRIPTION);
    let refused = kit.begin().list::<ResourceGroup>(&range).await;
    assert!(matches!(refused, Err(StoreError::TooMany)));
    let mut unit = kit.begin();
    let (part, rest) = unit.list_part::<ResourceGroup>(&range).await.unwrap();
    let (last, none) = unit.list_part::<ResourceGroup>(&rest.unwrap()).await.unwrap();
    assert_eq!((part.len(), last.len(), none), (ROWS_MAX, 1, None), "part by part it is read");
    let snapshot = snapshot(&kit).await;
    let page = Page { after: None, limit: usize::MAX };
    let rows = snapshot.list::<ResourceGroup>(&range, page).await.unwrap();
    assert_eq!((rows.items.len(), rows.next.is_some()), (ROWS_MAX, true));
}
