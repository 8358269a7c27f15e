//! The life of an offer, from its draft to its second version.

use ids::offer::Slot;
use market::lifecycle::Refusal;
use model::{
    change::Noun,
    market::{
        MarketNoun,
        acceptance::Acceptance,
        form::VersionedManifest,
        offer::{Distribution, OfferState, PlanManifest},
        submission::{Outcome, StepKind, StepStatus},
    },
    samples::{self, ADA, READER, TIER1, market as sample},
};
use operations::{
    error::Error,
    market::{
        Refused, Thing,
        offers::{
            compare::{Pair, compare},
            history,
        },
        submissions::{cancel, go_live, read},
    },
    offers::influence::report,
    page::page,
    plane::Plane,
};
use store::error::StoreError;

use super::kit::{
    BO, DAN, NED, by, customer, denied, drafted, form, live, offer, offer_id, plane, previewed,
    published, refused, saved, submission, submitted, worked,
};

async fn manifest(plane: &Plane, version: &str) -> Option<PlanManifest> {
    let key = (sample::plan_id(), version.parse().unwrap());
    plane.store.snapshot().await.unwrap().find::<PlanManifest>(&key).await.unwrap()
}

/// The sample's form with a second version, in which the engineers only read.
fn second() -> model::market::form::Form {
    let mut form = form();
    let mut manifest = form.plans[0].manifests[0].manifest.clone();
    manifest.authorizations = vec![samples::authorization(TIER1, READER)];
    let version = "1.1.0".parse().unwrap();
    form.plans[0].manifests.push(VersionedManifest { version, manifest });
    form
}

/// The fields that differ.
async fn compared(plane: &Plane, pair: Pair) -> Vec<String> {
    let all = compare(plane, &by(DAN), &offer_id(), pair).await.unwrap();
    let modified = all.into_iter().filter(|it| it.change.is_modified());
    let mut fields: Vec<String> = modified.map(|it| it.field).collect();
    fields.sort();
    fields
}

#[tokio::test]
async fn each_two_of_draft_preview_and_what_is_live_are_compared() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    for pair in [Pair::DraftAndPreview, Pair::DraftAndLive, Pair::PreviewAndLive] {
        let nothing = compare(&plane, &by(DAN), &offer_id(), pair).await;
        assert_eq!(refused(nothing), Refused::NotFound(Thing::Edition), "{pair:?}");
        let foreign = compare(&plane, &by(BO), &offer_id(), pair).await;
        assert_eq!(refused(foreign), Refused::NotFound(Thing::Offer), "{pair:?}");
        denied(compare(&plane, &by(NED), &offer_id(), pair).await);
    }
    live(&plane).await;
    assert_eq!(compared(&plane, Pair::PreviewAndLive).await, [""; 0]);
    let mut next = form();
    next.listing.summary = "A day crew, too".to_owned();
    saved(&plane, &next).await.unwrap();
    previewed(&plane).await;
    next.notes = "and more".to_owned();
    saved(&plane, &next).await.unwrap();
    let (notes, summary) = ("notesForCertification", "listing.searchResultSummary");
    assert_eq!(compared(&plane, Pair::DraftAndPreview).await, [notes]);
    assert_eq!(compared(&plane, Pair::PreviewAndLive).await, [summary]);
    assert_eq!(compared(&plane, Pair::DraftAndLive).await, [summary, notes]);
}

#[tokio::test]
async fn an_offer_goes_from_its_draft_to_the_storefront() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    let first = submitted(&plane).await.unwrap();
    assert_eq!(offer(&plane).await.state, OfferState::Publishing(Slot::Preview));
    assert_eq!(published(&plane, Slot::Preview).await, None);
    worked(&plane).await;

    let shown = submission(&plane, first.id).await;
    assert_eq!(shown.outcome, Outcome::Succeeded);
    let last = shown.steps.last().unwrap();
    assert_eq!((last.kind, last.status), (StepKind::PublisherSignOff, StepStatus::Waiting));
    assert!(shown.findings.iter().any(|it| it.rule == "MAN-101"), "warnings are kept");
    assert_eq!(offer(&plane).await.state, OfferState::Preview);
    let preview = published(&plane, Slot::Preview).await.unwrap();
    assert_eq!(preview.plans, form().plans, "with its audience");
    assert_eq!(published(&plane, Slot::Live).await, None);
    assert_eq!(manifest(&plane, "1.0.0").await.unwrap().live, None);

    let id = go_live::go_live(&plane, &by(DAN), &offer_id(), first.id).await.unwrap().id;
    assert_eq!(offer(&plane).await.state, OfferState::Publishing(Slot::Live));
    worked(&plane).await;
    assert_eq!(submission(&plane, id).await.outcome, Outcome::Succeeded);
    let signed = submission(&plane, first.id).await;
    assert_eq!(signed.steps.last().unwrap().status, StepStatus::Complete);
    let live = offer(&plane).await;
    assert_eq!((live.state, live.running), (OfferState::Live, None));
    assert_eq!(live.plans[&sample::plan_name()].distribution, Distribution::Distributed);
    assert!(manifest(&plane, "1.0.0").await.unwrap().live.is_some());
    let unchanged = compared(&plane, Pair::DraftAndLive).await;
    assert_eq!(unchanged, [""; 0]);
    assert_eq!(plane.store.jobs().next_due().await.unwrap(), None);
}

#[tokio::test]
async fn the_history_tells_who_did_what_and_not_that_drafts_were_saved() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    live(&plane).await;
    let told = history::list(&plane, &by(DAN), &offer_id(), page(None, None)).await.unwrap().items;
    let mut told: Vec<(String, bool)> =
        told.into_iter().map(|it| (it.event, it.by.is_some())).collect();
    told.sort();
    let expected = [
        ("Automated validation: complete", false),
        ("Automated validation: complete", false),
        ("Certification: complete", false),
        ("Created offer", true),
        ("Created plan:core", true),
        ("Lead management validation and registration: complete", false),
        ("Lead management validation and registration: complete", false),
        ("Preview creation: complete", false),
        ("Publish: complete", false),
        ("Sign-off to go live", true),
        ("Submitted offer to preview", true),
    ];
    assert_eq!(told, expected.map(|(event, by)| (event.to_owned(), by)));
    let foreign = history::list(&plane, &by(BO), &offer_id(), page(None, None)).await;
    assert!(matches!(refused(foreign), Refused::NotFound(_)));
}

#[tokio::test]
async fn a_second_version_is_previewed_and_goes_live_while_the_first_stays_as_it_was() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    live(&plane).await;
    let first = manifest(&plane, "1.0.0").await.unwrap();
    saved(&plane, &second()).await.unwrap();
    assert_eq!(offer(&plane).await.state, OfferState::Live);
    previewed(&plane).await;
    assert_eq!(published(&plane, Slot::Live).await.unwrap().plans[0].manifests.len(), 1);
    assert_eq!(manifest(&plane, "1.1.0").await.unwrap().live, None);
    live(&plane).await;
    assert_eq!(published(&plane, Slot::Live).await.unwrap().plans[0].manifests.len(), 2);
    assert!(manifest(&plane, "1.1.0").await.unwrap().live.is_some());
    assert_eq!(manifest(&plane, "1.0.0").await.unwrap(), first);
}

/// Both in one test, since to have so many takes a while.
#[tokio::test]
async fn a_publication_writes_as_much_with_a_hundred_thousand_acceptances_and_no_report_counts_them()
 {
    let mut written = Vec::new();
    for count in [1_u128, 100_000] {
        let plane = plane(Vec::new()).await;
        drafted(&plane, &form()).await;
        live(&plane).await;
        let accepted: Vec<Noun> = (1..=count).map(accepted_by).collect();
        for some in accepted.chunks(10_000) {
            testkit::put(&plane, some.to_vec()).await;
        }
        let before = plane.store.head().revision;
        saved(&plane, &second()).await.unwrap();
        live(&plane).await;
        // Each change of a row is an entry of the journal.
        written.push(plane.store.journal(before, 10_000).await.unwrap().len());

        testkit::put(&plane, vec![accepted_by(count + 1)]).await;
        let told = report(&plane, &by(ADA), None, 10).await;
        let is_too_much = matches!(told, Err(Error::Store(StoreError::TooMany)));
        assert_eq!(is_too_much, count == 100_000, "{:?}", told.err());
    }
    assert!((5..100).contains(&written[0]), "{written:?}");
    assert_eq!(written[0], written[1]);
}

/// That a customer of that number took the plan.
fn accepted_by(n: u128) -> Noun {
    let acceptance = sample::acceptance("1.0.0");
    let acceptance = Acceptance { customer: customer(0x1000 + n), ..acceptance };
    Noun::Market(MarketNoun::Acceptance(acceptance))
}

#[tokio::test]
async fn one_submission_runs_at_a_time_and_can_be_called_back_until_the_sign_off() {
    let plane = plane(Vec::new()).await;
    let running = || Refused::State(Refusal::Running);
    drafted(&plane, &form()).await;
    let nothing = cancel::cancel(&plane, &by(DAN), &offer_id()).await;
    assert_eq!(refused(nothing), Refused::State(Refusal::NothingRuns));
    let first = submitted(&plane).await.unwrap();
    assert_eq!(refused(submitted(&plane).await), running());
    let early = go_live::go_live(&plane, &by(DAN), &offer_id(), first.id).await;
    assert_eq!(refused(early), running());
    let cancelled = cancel::cancel(&plane, &by(DAN), &offer_id()).await.unwrap();
    assert_eq!(cancelled.outcome, Outcome::Cancelled);
    worked(&plane).await;
    assert_eq!(submission(&plane, first.id).await, cancelled, "it goes no further");
    assert_eq!(offer(&plane).await.state, OfferState::Draft);
    assert_eq!(published(&plane, Slot::Preview).await, None);

    let preview = previewed(&plane).await;
    let other = go_live::go_live(&plane, &by(DAN), &offer_id(), first.id).await;
    assert_eq!(refused(other), Refused::OtherPreview { is: preview });
    go_live::go_live(&plane, &by(DAN), &offer_id(), preview).await.unwrap();
    let late = cancel::cancel(&plane, &by(DAN), &offer_id()).await;
    assert_eq!(refused(late), Refused::State(Refusal::TooLate));
    worked(&plane).await;
    let again = go_live::go_live(&plane, &by(DAN), &offer_id(), preview).await;
    assert_eq!(refused(again), Refused::State(Refusal::NoPreview));
}

#[tokio::test]
async fn a_newer_preview_takes_the_place_of_one_that_nobody_signed_off() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    previewed(&plane).await;
    saved(&plane, &second()).await.unwrap();
    previewed(&plane).await;
    assert_eq!(published(&plane, Slot::Preview).await.unwrap().plans[0].manifests.len(), 2);
    live(&plane).await;
    assert!(manifest(&plane, "1.0.0").await.unwrap().live.is_some());
}

#[tokio::test]
async fn submissions_are_their_accounts_alone() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    let id = submitted(&plane).await.unwrap().id;
    assert!(matches!(refused(read::read(&plane, &by(BO), id).await), Refused::NotFound(_)));
    denied(read::read(&plane, &by(NED), id).await);
    denied(cancel::cancel(&plane, &by(NED), &offer_id()).await);
    assert!(matches!(
        refused(cancel::cancel(&plane, &by(BO), &offer_id()).await),
        Refused::NotFound(_)
    ));
    let seen = read::list(&plane, &by(BO), &offer_id(), page(None, None)).await.unwrap().items;
    assert_eq!(seen, []);
    let own = read::list(&plane, &by(DAN), &offer_id(), page(None, None)).await.unwrap().items;
    assert_eq!(own.len(), 1);
}
