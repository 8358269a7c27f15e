//! Test leads that a publisher asks for.

use std::sync::Arc;

use ids::{clock::TestClock, offer::OfferId};
use jiff::SignedDuration;
use model::{
    change::Noun,
    market::{
        MarketNoun,
        account::{Verification, VerificationStage},
        form::{Destination, Form},
        lead::Delivery,
    },
    samples::{ADA, OLOF, market},
};
use operations::market::{
    IfMatch, Refused,
    leads::try_out,
    offers::{create, save},
    run::{Certification, drain},
};

use super::kit::{
    ADA_KEY, BO, DAN, Inbox, MIA, by, denied, drafted, form, means, offer_id, plane, plane_by,
    refused, rules, saved, submitted,
};

#[tokio::test]
async fn a_test_lead_is_sent_once_to_where_the_draft_says_and_told_to_whoever_sees_the_offer() {
    let clock = Arc::new(TestClock::default());
    let plane = plane_by(Arc::clone(&clock) as _, Vec::new()).await;
    let mut form = form();
    let url = format!("https://fabrikam.example/leads?{ADA_KEY}");
    form.leads = Destination::HttpsEndpoint { url: url.clone(), sealed: None, emails: Vec::new() };
    drafted(&plane, &form).await;
    let none = try_out::last(&plane, &by(DAN), &offer_id()).await;
    assert!(matches!(refused(none), Refused::NotFound(_)));
    let sent = try_out::send(&plane, &by(MIA), &offer_id()).await.unwrap();
    assert_eq!(refused(try_out::send(&plane, &by(ADA), &offer_id()).await), Refused::Testing);
    let inbox: Arc<Inbox> = Arc::default();
    inbox.answers.lock().unwrap().extend([Ok(503)]);
    let means = means(&inbox, Certification::Automatic);
    drain(&plane, &means).await.unwrap();
    let told = try_out::last(&plane, &by(DAN), &offer_id()).await.unwrap();
    assert_eq!((&told.offer_title, told.id), (&sent.offer_title, sent.id));
    let Delivery::Failed { reason } = told.delivery else { panic!("{told:?}") };
    assert!(reason.contains("503"), "{reason}");
    clock.advance(SignedDuration::from_hours(24));
    drain(&plane, &means).await.unwrap();
    let taken = inbox.taken.lock().unwrap().clone();
    let [(to, lead)] = &taken[..] else { panic!("it is tried once: {taken:?}") };
    assert_eq!((to, lead.action.starts_with("MSFT_TEST_")), (&url, true));
    try_out::send(&plane, &by(MIA), &offer_id()).await.unwrap();
    drain(&plane, &means).await.unwrap();
    let told = try_out::last(&plane, &by(DAN), &offer_id()).await.unwrap();
    assert!(matches!(told.delivery, Delivery::Delivered { .. }), "{told:?}");
}

#[tokio::test]
async fn nobody_floods_an_endpoint_with_test_leads() {
    let clock = Arc::new(TestClock::default());
    let plane = plane_by(Arc::clone(&clock) as _, Vec::new()).await;
    drafted(&plane, &form()).await;
    let other = OfferId { name: "other".parse().unwrap(), ..offer_id() };
    create::create(&plane, &by(DAN), &other, "other").await.unwrap();
    save::save(&plane, &by(DAN), &other, &form(), IfMatch::Any).await.unwrap();
    try_out::send(&plane, &by(ADA), &offer_id()).await.unwrap();
    let inbox: Arc<Inbox> = Arc::default();
    let means = means(&inbox, Certification::Automatic);
    drain(&plane, &means).await.unwrap();
    let early = refused(try_out::send(&plane, &by(ADA), &other).await);
    assert_eq!(early, Refused::TestedLately { seconds: 60 }, "an account has one turn");
    clock.advance(SignedDuration::from_secs(60));
    try_out::send(&plane, &by(ADA), &other).await.unwrap();
    drain(&plane, &means).await.unwrap();
    assert_eq!(inbox.taken.lock().unwrap().len(), 2);
    let gone = try_out::last(&plane, &by(ADA), &offer_id()).await;
    assert!(matches!(refused(gone), Refused::NotFound(_)), "the last one was another offer's");
}

#[tokio::test]
async fn a_test_lead_takes_an_account_that_may_publish_and_an_address() {
    let early = Verification { stage: VerificationStage::Business, ..market::verification() };
    let plane = plane(vec![Noun::Market(MarketNoun::Verification(early))]).await;
    drafted(&plane, &form()).await;
    let found = rules(try_out::send(&plane, &by(ADA), &offer_id()).await);
    assert_eq!(found, [("PUB-005", "account.verification".to_owned())]);
    denied(try_out::send(&plane, &by(DAN), &offer_id()).await);
    denied(try_out::send(&plane, &by(OLOF), &offer_id()).await);
    let foreign = try_out::send(&plane, &by(BO), &offer_id()).await;
    assert!(matches!(refused(foreign), Refused::NotFound(_)), "another account's");
    denied(try_out::last(&plane, &by(OLOF), &offer_id()).await);
    testkit::put(&plane, vec![Noun::Market(MarketNoun::Verification(market::verification()))])
        .await;
    let nowhere = Form { leads: Destination::None, ..form() };
    saved(&plane, &nowhere).await.unwrap();
    let found = rules(try_out::send(&plane, &by(ADA), &offer_id()).await);
    assert_eq!(found, [("LEAD-001", "customerLeads".to_owned())]);
    saved(&plane, &form()).await.unwrap();
    submitted(&plane).await.unwrap();
    let found = rules(try_out::send(&plane, &by(ADA), &offer_id()).await);
    assert_eq!(found, [("PUB-003", "submission".to_owned())], "a submission sends its own");
}
