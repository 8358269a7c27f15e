//! What a change in the directory does to access to Azure's resources, and what it leaves behind.

use ids::scope::Scope;
use jiff::Timestamp;
use model::{
    action::Action,
    activity::{Log, Outcome},
    change::Noun,
    event::Actor,
    question::Question,
    samples::{self, CONTRIBUTOR, CUSTOMER, OLOF},
};
use serde_json::json;
use store::{
    activity::{ActivityFilter, ActivityQuery},
    snapshot::Page,
};

use crate::kit::{GRAPH, Kit, RUT, STAFF, kit};

fn writes(kit: &Kit) -> bool {
    let plane = kit.sign_in.plane();
    let question = Question::any(Action::GROUPS_WRITE, samples::whole());
    plane.index().check(RUT, &question, plane.store.now()).is_allowed()
}

async fn with_staff_as_contributors() -> Kit {
    let kit = kit().await;
    let grant = samples::role_assignment(samples::whole(), STAFF, CONTRIBUTOR);
    testkit::put(kit.sign_in.plane(), vec![Noun::RoleAssignment(grant)]).await;
    assert!(writes(&kit));
    kit
}

#[tokio::test]
async fn a_membership_gives_and_takes_access_at_once() {
    let kit = with_staff_as_contributors().await;
    let gil = kit.token("gil").await;
    let members = format!("/groups/{}/members", STAFF.object);
    assert_eq!(kit.delete(&gil, &format!("{members}/{}/$ref", RUT.object)).await.status, 204);
    assert!(!writes(&kit));
    let reference = json!({ "@odata.id": format!("{GRAPH}/v1.0/users/{}", RUT.object) });
    assert_eq!(kit.post(&gil, &format!("{members}/$ref"), &reference).await.status, 204);
    assert!(writes(&kit));
    assert_eq!(kit.delete(&gil, &format!("/groups/{}", STAFF.object)).await.status, 204);
    assert!(!writes(&kit));
}

#[tokio::test]
async fn a_disabled_person_is_refused_with_the_token_that_is_out() {
    let kit = with_staff_as_contributors().await;
    let (uma, rut) = (kit.token("uma").await, kit.token("rut").await);
    let path = format!("/users/{}", RUT.object);
    assert_eq!(kit.patch(&uma, &path, &json!({ "accountEnabled": false })).await.status, 204);
    assert!(!writes(&kit));
    assert_eq!(kit.get(&rut, "/me").await.status, 401);
    assert_eq!(kit.patch(&uma, &path, &json!({ "accountEnabled": true })).await.status, 204);
    assert!(writes(&kit));
    assert_eq!(kit.delete(&uma, &path).await.status, 204);
    assert!(!writes(&kit));
}

#[tokio::test]
async fn every_change_leaves_its_event_and_its_record_in_the_tenants_log() {
    let kit = kit().await;
    let (gil, rut) = (kit.token("gil").await, kit.token("rut").await);
    let plane = kit.sign_in.plane();
    let before = testkit::events(plane).await.len();
    let path = format!("/groups/{}", STAFF.object);
    assert_eq!(kit.patch(&gil, &path, &json!({ "description": "all" })).await.status, 204);
    assert_eq!(kit.patch(&rut, &path, &json!({ "description": "none" })).await.status, 403);
    let events = testkit::events(plane).await.split_off(before);
    let [event] = events.as_slice() else { panic!("{events:?}") };
    let Actor::Caller(caller) = &event.actor else { panic!("{event:?}") };
    assert_eq!(
        (caller.name.as_str(), &event.scope),
        ("gil@contoso.example", &Scope::Tenant(CUSTOMER))
    );
    assert_eq!(event.action, Action::known("Fyr.Directory/groups/write"));
    plane.store.sweep().await.unwrap();
    let snapshot = plane.store.snapshot().await.unwrap();
    let query = ActivityQuery {
        log: Log::Tenant(CUSTOMER),
        from: Timestamp::UNIX_EPOCH,
        to: samples::now() + jiff::SignedDuration::from_hours(1),
        filter: ActivityFilter::default(),
    };
    let records = snapshot.activity(&query, Page::first()).await.unwrap().items;
    let outcomes: Vec<Outcome> = records.iter().map(|it| it.outcome).collect();
    assert!(
        outcomes.contains(&Outcome::Succeeded) && outcomes.contains(&Outcome::Failed),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn an_invited_guest_signs_in_and_is_nobody_until_given_something() {
    let kit = kit().await;
    let olof = kit.token("olof").await;
    let path = format!("/users/{}", crate::kit::GUEST.object);
    assert_eq!(kit.delete(&olof, &path).await.status, 204);
    let body = json!({ "invitedUserEmailAddress": "Ada@fabrikam.example", "inviteRedirectUrl": "https://x.example" });
    let invited = kit.post(&olof, "/invitations", &body).await;
    let id = invited.body["invitedUser"]["id"].as_str().unwrap_or_else(|| panic!("{invited:?}"));
    let guest = kit.token("guest").await;
    assert_eq!(kit.get(&guest, "/me").await.body["id"], id);
    let kept = kit
        .sign_in
        .plane()
        .index()
        .principal(ids::guid::Principal { object: id.parse().unwrap(), ..OLOF });
    assert_eq!(
        kept.map(|it| it.kind),
        Some(access::index::PrincipalKind::Guest { home: samples::ADA })
    );
}
