//! Test leads, and real ones.

use std::sync::Arc;

use ids::{clock::TestClock, offer::Slot};
use jiff::SignedDuration;
use model::market::{
    lead::{Delivery, Lead, LeadPerson},
    offer::{Edition, OfferState, Stage},
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

use super::kit::{
    BO, DAN, Inbox, MIA, by, drafted, form, live, means, offer, offer_id, plane, plane_by,
    submission, submitted,
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
