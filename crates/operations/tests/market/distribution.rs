//! Stopping that anybody new takes an offer or a plan.

use ids::offer::{PlanName, Slot};
use market::lifecycle::{Refusal, plan};
use model::market::{
    form::Form,
    offer::{Edition, OfferState, Stage},
};
use operations::{
    market::{
        Refused,
        offers::distribution::{resume_offer, resume_plan, stop_offer, stop_plan},
        submissions::go_live::go_live,
    },
    plane::Plane,
};

use super::kit::{
    BO, DAN, NED, by, denied, drafted, form, live, offer, offer_id, plane, previewed, published,
    refused, saved, worked,
};

async fn stopped(plane: &Plane, slot: Slot) -> Vec<String> {
    let key = (offer_id(), Stage::Published(slot));
    let found = plane.store.snapshot().await.unwrap().find::<Edition>(&key).await.unwrap();
    found.unwrap().stopped.iter().map(ToString::to_string).collect()
}

fn core() -> PlanName {
    "core".parse().unwrap()
}

/// The sample's form with a second plan.
fn two_plans() -> Form {
    let mut form = form();
    let mut gold = form.plans[0].clone();
    gold.name = "gold".parse().unwrap();
    "Gold".clone_into(&mut gold.title);
    form.plans.push(gold);
    form
}

#[tokio::test]
async fn an_offer_that_is_stopped_is_taken_by_nobody_until_it_goes_live_again() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    let early = refused(stop_offer(&plane, &by(DAN), &offer_id()).await);
    assert_eq!(early, Refused::State(Refusal::NothingLive));
    live(&plane).await;
    denied(stop_offer(&plane, &by(NED), &offer_id()).await);
    let foreign = refused(stop_offer(&plane, &by(BO), &offer_id()).await);
    assert!(matches!(foreign, Refused::NotFound(_)));

    stop_offer(&plane, &by(DAN), &offer_id()).await.unwrap();
    assert_eq!(offer(&plane).await.state, OfferState::PendingStop);
    resume_offer(&plane, &by(DAN), &offer_id()).await.unwrap();
    worked(&plane).await;
    assert_eq!(offer(&plane).await.state, OfferState::Live, "it was taken back");
    assert_eq!(stopped(&plane, Slot::Live).await, [""; 0]);

    stop_offer(&plane, &by(DAN), &offer_id()).await.unwrap();
    worked(&plane).await;
    assert_eq!(offer(&plane).await.state, OfferState::NotAvailable);
    assert_eq!(stopped(&plane, Slot::Live).await, ["core"]);
    let late = refused(resume_offer(&plane, &by(DAN), &offer_id()).await);
    assert_eq!(late, Refused::State(Refusal::Stopped));
    live(&plane).await;
    assert_eq!(offer(&plane).await.state, OfferState::Live);
    assert_eq!(stopped(&plane, Slot::Live).await, [""; 0]);
}

#[tokio::test]
async fn a_preview_that_waits_is_signed_off_after_what_is_live_was_stopped_or_resumed() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    live(&plane).await;
    saved(&plane, &two_plans()).await.unwrap();
    let preview = previewed(&plane).await;
    stop_offer(&plane, &by(DAN), &offer_id()).await.unwrap();
    let early = refused(go_live(&plane, &by(DAN), &offer_id(), preview).await);
    assert_eq!(early, Refused::State(Refusal::Stopping));
    resume_offer(&plane, &by(DAN), &offer_id()).await.unwrap();
    worked(&plane).await;
    assert_eq!(offer(&plane).await.state, OfferState::Preview);
    assert_eq!(stopped(&plane, Slot::Live).await, [""; 0]);

    stop_offer(&plane, &by(DAN), &offer_id()).await.unwrap();
    worked(&plane).await;
    assert_eq!(offer(&plane).await.state, OfferState::Preview);
    assert_eq!(stopped(&plane, Slot::Live).await, ["core"], "nobody takes what was live");
    go_live(&plane, &by(DAN), &offer_id(), preview).await.unwrap();
    worked(&plane).await;
    assert_eq!(offer(&plane).await.state, OfferState::Live);
    assert_eq!(published(&plane, Slot::Live).await.unwrap().plans.len(), 2);
}

#[tokio::test]
async fn a_plan_that_is_stopped_is_taken_by_nobody_from_the_next_publication_on() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    let early = refused(stop_plan(&plane, &by(DAN), &offer_id(), &core()).await);
    assert_eq!(early, Refused::Plan(plan::Refusal::NotPublished));
    live(&plane).await;
    let last = refused(stop_plan(&plane, &by(DAN), &offer_id(), &core()).await);
    assert_eq!(last, Refused::Plan(plan::Refusal::Last));
    saved(&plane, &two_plans()).await.unwrap();
    live(&plane).await;

    stop_plan(&plane, &by(DAN), &offer_id(), &core()).await.unwrap();
    assert_eq!(stopped(&plane, Slot::Live).await, [""; 0]);
    resume_plan(&plane, &by(DAN), &offer_id(), &core()).await.unwrap();
    let nothing = refused(resume_plan(&plane, &by(DAN), &offer_id(), &core()).await);
    assert_eq!(nothing, Refused::Plan(plan::Refusal::NoStop));
    stop_plan(&plane, &by(DAN), &offer_id(), &core()).await.unwrap();
    previewed(&plane).await;
    assert_eq!(stopped(&plane, Slot::Preview).await, ["core"]);
    assert_eq!(stopped(&plane, Slot::Live).await, [""; 0], "the preview is not live");
    live(&plane).await;
    assert_eq!(stopped(&plane, Slot::Live).await, ["core"]);
    let over = refused(resume_plan(&plane, &by(DAN), &offer_id(), &core()).await);
    assert_eq!(over, Refused::Plan(plan::Refusal::Stopped));
}
