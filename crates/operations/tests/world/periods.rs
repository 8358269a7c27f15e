//! Delegations that a file says the time of.

use std::sync::Arc;

use ids::{clock::TestClock, guid::Principal};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action, change::Noun, delegation::Assignment, period::OpenPeriod, question::Question,
    samples,
};
use operations::plane::Plane;

use crate::{apply_to, read};

/// Contoso's subscription is Ada's to read in the second hour.
const WORLD: &str = "
tenants:
- name: fabrikam
  domain: fabrikam.example
  users: [{name: ada}]
- name: contoso
  domain: contoso.example
  subscriptions: [{name: prod}]
  delegations:
  - name: offer
    subscription: prod
    provider: fabrikam
    authorizations: [{principal: ada, role: Reader}]
    assignments: [{scope: prod, period: {from: '2026-01-01T01:00:00Z', until: '2026-01-01T02:00:00Z'}}]
";
const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn declared() -> (Principal, Assignment) {
    let nouns = read(WORLD, 0).nouns;
    let ada = nouns.iter().find_map(|it| if let Noun::User(it) = it { Some(it) } else { None });
    let assignment =
        nouns.iter().find_map(|it| if let Noun::Assignment(it) = it { Some(it) } else { None });
    (ada.unwrap().principal, assignment.unwrap().clone())
}

async fn kept(plane: &Plane) -> Assignment {
    let snapshot = plane.store.snapshot().await.unwrap();
    snapshot.find::<Assignment>(&declared().1.id).await.unwrap().unwrap()
}

/// Whether Ada reads resource groups there now.
fn reads(plane: &Plane) -> bool {
    let (ada, assignment) = declared();
    let action = Action::named("Microsoft.Resources/subscriptions/resourceGroups/read".to_owned());
    let asked = Question::any(action, assignment.id.scope().clone());
    plane.index().check(ada, &asked, plane.store.now()).is_allowed()
}

/// Changes and events that applying comes to, at the clock's own time.
async fn applied(plane: &Plane, text: &str) -> (usize, usize, usize) {
    let before = testkit::events(plane).await.len();
    let seconds = plane.store.now().duration_since(samples::now()).as_secs();
    let summary = apply_to(plane, text, seconds).await;
    (summary.created, summary.changed, testkit::events(plane).await.len() - before)
}

#[tokio::test]
async fn a_file_whose_delegation_is_over_changes_nothing_when_it_is_applied_again() {
    let clock = Arc::new(TestClock::default());
    let plane = testkit::empty_by(clock.clone()).await;
    applied(&plane, WORLD).await;
    for counts in [false, true, false, false] {
        assert_eq!(reads(&plane), counts, "{}", plane.store.now());
        assert_eq!(applied(&plane, WORLD).await, (0, 0, 0));
        assert_eq!(reads(&plane), counts);
        clock.advance(HOUR);
    }
    let made = kept(&plane).await;

    let (before, period) = WORLD.split_once(", period: ").unwrap();
    let (_, after) = period.split_once('}').unwrap();
    let said_nothing = format!("{before}{after}");
    assert_eq!(applied(&plane, &said_nothing).await, (0, 0, 0), "what is not said stays");
    let longer = WORLD.replace("02:00:00Z", "09:00:00Z");
    assert_eq!(applied(&plane, &longer).await, (0, 1, 1));
    assert!(reads(&plane));
    let changed = kept(&plane).await;
    assert_eq!(changed.system_data.created_at, made.system_data.created_at);
    assert_eq!(changed.system_data.last_modified_at, plane.store.now());
    let until: Timestamp = samples::now() + HOUR * 9;
    assert_eq!(changed.period, OpenPeriod::new(samples::now() + HOUR, Some(until)));
    assert_eq!(applied(&plane, &longer).await, (0, 0, 0));
}

#[tokio::test]
async fn what_was_over_before_it_was_declared_gives_nothing() {
    let clock = Arc::new(TestClock::default());
    clock.advance(HOUR * 5);
    let plane = testkit::empty_by(clock).await;
    let (created, _, _) = applied(&plane, WORLD).await;
    assert!(created > 0 && !reads(&plane));
    assert_eq!(applied(&plane, WORLD).await, (0, 0, 0));
}
