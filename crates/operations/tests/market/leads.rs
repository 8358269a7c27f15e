//! Test leads, and real ones.

use std::sync::Arc;

use ids::{
    clock::{Revision, TestClock},
    offer::Slot,
};
use jiff::SignedDuration;
use model::market::{
    form::Destination,
    lead::{Delivery, Lead, LeadPerson},
    offer::{Edition, Offer, OfferState, Stage},
    submission::{Outcome, StepStatus},
};
use operations::{
    market::{
        leads::{News, Unsent, add, read},
        run::{Certification, drain},
    },
    page::page,
    plane::Plane,
};
use store::{engine::Engine, memory::Memory, record::Record};

use super::kit::{
    ADA_KEY, BO, DAN, Inbox, MIA, by, drafted, form, live, means, offer, offer_id, plane, plane_by,
    plane_over, submission, submitted,
};
use model::samples::{ADA, OLOF};

#[tokio::test]
async fn a_test_lead_goes_to_the_submitted_address_before_a_preview_is_made() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    submitted(&plane).await.unwrap();
    let inbox: Arc<Inbox> = Arc::default();
    drain(&plane, &means(&inbox, Certification::Automatic)).await.unwrap();
    let taken = inbox.taken.lock().unwrap().clone();
    let [(url, lead)] = &taken[..] else { panic!("{taken:?}") };
    assert_eq!(url, "https://fabrikam.example/leads");
    assert!(lead.offer_title.starts_with("MSFT_TEST_"));
    let kept = plane.store.snapshot().await.unwrap().find::<Lead>(&lead.id).await.unwrap();
    assert_eq!(kept, None, "it is nobody's");
}

/// Every form of the offer as it is kept, and the journal.
async fn raw(engine: &Memory) -> Vec<String> {
    let stages = [Stage::Submitted].into_iter().chain(Slot::ALL.map(Stage::Published));
    let keys = stages.map(|stage| Edition::key(&(offer_id(), stage)));
    let mut all = Vec::new();
    for key in keys.chain([Offer::key(&offer_id())]) {
        let row = engine.get(&key).await.unwrap();
        all.extend(row.map(|it| String::from_utf8(it.bytes.to_vec()).unwrap()));
    }
    let events = engine.journal((Revision(0), 0), 10_000).await.unwrap();
    all.extend(events.into_iter().map(|it| String::from_utf8(it.bytes.to_vec()).unwrap()));
    all
}

#[tokio::test]
async fn no_row_holds_the_key_of_where_leads_go_in_clear_and_leads_arrive_all_the_same() {
    let engine = Arc::new(Memory::default());
    let plane = plane_over(Arc::clone(&engine) as _).await;
    let url = format!("https://fabrikam.example/leads?{ADA_KEY}#x");
    let mut form = form();
    form.leads = Destination::HttpsEndpoint { url: url.clone(), sealed: None, emails: Vec::new() };
    drafted(&plane, &form).await;
    submitted(&plane).await.unwrap();
    assert_eq!(offer(&plane).await.form.leads, form.leads.redacted());
    let is_told = |rows: &[String]| {
        let kept = rows.iter().filter(|it| it.contains("https://fabrikam.example/leads"));
        (kept.count() > 0, rows.iter().any(|it| it.contains(ADA_KEY)))
    };
    assert_eq!(is_told(&raw(&engine).await), (true, false), "as it is submitted");
    let inbox: Arc<Inbox> = Arc::default();
    drain(&plane, &means(&inbox, Certification::Automatic)).await.unwrap();
    live(&plane).await;
    let rows = raw(&engine).await;
    assert_eq!(is_told(&rows), (true, false), "and as it is live");
    assert_eq!(inbox.taken.lock().unwrap()[0].0, url);
    // What is sealed for one offer is no other's.
    let row = engine.get(&Offer::key(&offer_id())).await.unwrap().unwrap();
    let row: serde_json::Value = serde_json::from_slice(&row.bytes).unwrap();
    let sealed = row.pointer("/form/leads/httpsEndpoint/sealed").and_then(|it| it.as_str());
    let seal = &plane.seal;
    let sealed = sealed.unwrap_or_else(|| panic!("{row}"));
    assert!(seal.open("leads|fabrikam.other", sealed).is_err());
    assert_eq!(
        seal.open(&format!("leads|{}", offer_id()), sealed).unwrap(),
        format!("?{ADA_KEY}#x")
    );
}

#[tokio::test]
async fn a_test_lead_that_nobody_takes_is_tried_three_times_and_then_fails_the_submission() {
    let clock = Arc::new(TestClock::default());
    let plane = plane_by(Arc::clone(&clock) as _, Vec::new()).await;
    drafted(&plane, &form()).await;
    let id = submitted(&plane).await.unwrap().id;
    let inbox: Arc<Inbox> = Arc::default();
    inbox.answers.lock().unwrap().extend([Err(Unsent::Late), Ok(503), Ok(404)]);
    let means = means(&inbox, Certification::Automatic);
    drain(&plane, &means).await.unwrap();
    assert_eq!(submission(&plane, id).await.outcome, Outcome::Running);
    for _ in 0..2 {
        clock.advance(SignedDuration::from_mins(2));
        drain(&plane, &means).await.unwrap();
    }
    assert_eq!(inbox.taken.lock().unwrap().len(), 3);
    let shown = submission(&plane, id).await;
    assert_eq!((shown.outcome, shown.steps[2].status), (Outcome::Failed, StepStatus::Rejected));
    let finding = shown.findings.last().unwrap();
    assert_eq!(finding.rule, "LEAD-002");
    assert!(finding.reason.contains("404"), "{finding:?}");
    assert_eq!(offer(&plane).await.state, OfferState::AttentionNeeded);
}

async fn told(plane: &Plane) -> Lead {
    let key = (offer_id(), Stage::Published(Slot::Live));
    let found = plane.store.snapshot().await.unwrap().find::<Edition>(&key).await.unwrap();
    let context = by(OLOF);
    let mut unit = plane.begin(&context);
    let person = LeadPerson { first_name: "Olof".to_owned(), ..LeadPerson::default() };
    let news = News { source: "AzurePortal-Create", action: "Create", person: Some(person) };
    let lead = add(plane, &context, &mut unit, &found.unwrap(), news).await.unwrap();
    unit.commit().await.unwrap();
    lead
}

#[tokio::test]
async fn a_lead_is_delivered_or_tried_again_later() {
    let clock = Arc::new(TestClock::default());
    let plane = plane_by(Arc::clone(&clock) as _, Vec::new()).await;
    drafted(&plane, &form()).await;
    live(&plane).await;
    let lead = told(&plane).await;
    let inbox: Arc<Inbox> = Arc::default();
    inbox.answers.lock().unwrap().extend([Err(Unsent::Unreachable), Ok(200)]);
    let means = means(&inbox, Certification::Automatic);
    drain(&plane, &means).await.unwrap();
    let found = async || {
        let all = read::list(&plane, &by(ADA), page(None, None)).await.unwrap().items;
        all.into_iter().find(|it| it.id == lead.id).unwrap().delivery
    };
    assert_eq!(found().await, Delivery::Pending { attempts: 1 });
    drain(&plane, &means).await.unwrap();
    assert_eq!(inbox.taken.lock().unwrap().len(), 1, "not before its time");
    clock.advance(SignedDuration::from_mins(1));
    drain(&plane, &means).await.unwrap();
    assert!(matches!(found().await, Delivery::Delivered { .. }));
    assert_eq!(plane.store.jobs().next_due().await.unwrap(), None);
}

#[tokio::test]
async fn what_people_are_called_is_the_owners_to_read() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    live(&plane).await;
    told(&plane).await;
    for (who, count) in [(ADA, 1), (MIA, 0), (DAN, 0), (BO, 0)] {
        let seen = read::list(&plane, &by(who), page(None, None)).await.unwrap().items;
        assert_eq!(seen.len(), count, "{who:?}");
    }
}
