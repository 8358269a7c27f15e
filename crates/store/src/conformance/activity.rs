//! The activity log.

use std::sync::Arc;

use ids::guid::EventId;
use jiff::SignedDuration;
use model::{
    activity::{Activity, Beginning, Log, Outcome},
    samples::{self, ADA, PROVIDER, SUBSCRIPTION},
};
use uuid::Uuid;

use super::kit::{self, Kit};
use crate::{
    activity::{ActivityFilter, ActivityQuery},
    engine::Engine,
    snapshot::{Page, Rows},
};

type E = Arc<dyn Engine>;

fn all(kit: &Kit, log: Log) -> ActivityQuery {
    let (from, to) = (kit.store.now() - SignedDuration::from_hours(24 * 89), kit.store.now());
    ActivityQuery { log, from, to, filter: ActivityFilter::default() }
}

async fn record(kit: &Kit, activity: Activity) {
    let mut unit = kit.begin();
    unit.record(activity);
    unit.commit().await.unwrap();
}

async fn read(kit: &Kit, query: ActivityQuery) -> Vec<u128> {
    let rows = kit.store.activity(&query, Page::first()).await.unwrap();
    rows.items.iter().map(|it| it.id.raw().as_u128()).collect()
}

pub async fn both_logs_are_read_latest_first(engine: E) {
    let kit = Kit::new(engine).await;
    for n in 1..=6 {
        kit.clock.advance(SignedDuration::from_secs(1));
        let log = if n % 3 == 0 { Log::Tenant(PROVIDER) } else { Log::Subscription(SUBSCRIPTION) };
        record(&kit, Activity { log, ..kit::activity(n, &kit) }).await;
    }
    let (ours, theirs) = (Log::Subscription(SUBSCRIPTION), Log::Tenant(PROVIDER));
    assert_eq!(read(&kit, all(&kit, ours)).await, [5, 4, 2, 1]);
    assert_eq!(read(&kit, all(&kit, theirs)).await, [6, 3]);
    let now = kit.store.now();
    let second = |n: i64| now - SignedDuration::from_secs(6 - n);
    let query = ActivityQuery { from: second(2), to: second(4), ..all(&kit, ours) };
    assert_eq!(read(&kit, query).await, [4, 2], "both ends count");
}

pub async fn one_row_shows_as_the_beginning_and_the_end_of_an_operation(engine: E) {
    let kit = Kit::new(engine).await;
    let began = Beginning { id: EventId::new(Uuid::from_u128(100)), at: kit.store.now() };
    kit.clock.advance(SignedDuration::from_secs(2));
    let outcome = Outcome::Succeeded;
    record(&kit, Activity { began: Some(began), outcome, ..kit::activity(1, &kit) }).await;
    record(&kit, kit::activity(2, &kit)).await;
    let log = Log::Subscription(SUBSCRIPTION);
    let rows = kit.store.activity(&all(&kit, log), Page::first()).await.unwrap().items;
    let shown: Vec<_> = rows.iter().map(|it| (it.id.raw().as_u128(), it.outcome)).collect();
    let [end, start] = [(1, Outcome::Succeeded), (100, Outcome::Started)];
    assert_eq!(shown, [end, start, (2, Outcome::Failed)]);
    assert!(rows.iter().all(|it| it.began.is_none()));
    assert_eq!((rows[1].at, rows[1].status_code), (began.at, 0));
    let mut page = Page { after: None, limit: 1 };
    for row in &rows {
        let Rows { items, next } = kit.store.activity(&all(&kit, log), page).await.unwrap();
        assert_eq!(items.as_slice(), std::slice::from_ref(row), "pages part the two");
        page = Page { after: next, limit: 1 };
    }
    assert!(page.after.is_none());
    // The beginning lies before what is asked for.
    let late = ActivityQuery { from: kit.store.now(), ..all(&kit, log) };
    assert_eq!(read(&kit, late).await, [1, 2]);
}

pub async fn filters_hold_and_pages_continue(engine: E) {
    let kit = Kit::new(engine).await;
    for n in 1..=6 {
        kit.clock.advance(SignedDuration::from_secs(1));
        let group = if n % 2 == 0 { "rg1" } else { "rg10" };
        let scope = ids::scope::Scope::Resource(kit::resource(group, "a", 0).id);
        let text = "\u{1b}[1m".repeat(10_000);
        record(&kit, Activity { scope, description: text, ..kit::activity(n, &kit) }).await;
    }
    let log = Log::Subscription(SUBSCRIPTION);
    let with = |filter| ActivityQuery { filter, ..all(&kit, log) };
    let by_group = ActivityFilter { resource_group: "RG1".parse().ok(), ..Default::default() };
    let scope = Some(samples::resource_group("rg10"));
    let by_scope = ActivityFilter { scope, ..Default::default() };
    let by_provider = ActivityFilter { namespace: "my.bank".parse().ok(), ..Default::default() };
    let other = ActivityFilter { namespace: "My".parse().ok(), ..Default::default() };
    assert_eq!(read(&kit, with(by_group.clone())).await, [6, 4, 2]);
    assert_eq!(read(&kit, with(by_scope)).await, [5, 3, 1]);
    assert_eq!(read(&kit, with(by_provider)).await, [6, 5, 4, 3, 2, 1]);
    assert_eq!(read(&kit, with(other)).await, [0; 0]);

    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = Page { after, limit: 2 };
        let rows = kit.store.activity(&with(by_group.clone()), page).await.unwrap();
        assert!(rows.items.iter().all(|it| !it.description.contains('\u{1b}')));
        assert!(rows.items.iter().all(|it| it.description.chars().count() <= 4_096));
        seen.extend(rows.items.iter().map(|it| it.id.raw().as_u128()));
        after = rows.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [6, 4, 2]);
}

pub async fn old_records_are_swept_away(engine: E) {
    let kit = Kit::new(engine).await;
    record(&kit, kit::activity(1, &kit)).await;
    kit.clock.advance(SignedDuration::from_hours(24 * 89));
    record(&kit, kit::activity(2, &kit)).await;
    kit.clock.advance(SignedDuration::from_hours(24) + SignedDuration::from_secs(1));
    kit.store.sweep().await.unwrap();
    let ever = jiff::Timestamp::UNIX_EPOCH;
    let log = Log::Subscription(SUBSCRIPTION);
    assert_eq!(read(&kit, ActivityQuery { from: ever, ..all(&kit, log) }).await, [2]);
}

pub async fn refusals_are_kept_up_to_a_bound_and_then_counted(engine: E) {
    let kit = Kit::new(engine).await;
    let before = kit.store.head();
    for n in 0..50 {
        kit.store.note_refusal(ADA, kit::activity(n, &kit));
    }
    kit.store.sweep().await.unwrap();
    kit.clock.advance(SignedDuration::from_mins(1));
    kit.store.sweep().await.unwrap();
    let query = all(&kit, Log::Subscription(SUBSCRIPTION));
    let rows = kit.store.activity(&query, Page::first()).await.unwrap().items;
    assert_eq!(rows.len(), 21);
    let summary = rows.iter().find(|it| !it.description.is_empty()).unwrap();
    assert_eq!(summary.description, "30 more refusals, of which this is the last");
    assert_eq!(summary.id, EventId::new(Uuid::from_u128(49)));
    assert_eq!(kit.store.head(), before, "no refusal is in the journal");
}
