//! What certification stands for: the account, the rules, what the publisher expects, operators.

use std::sync::Arc;

use ids::{clock::TestClock, guid::Principal, offer::Slot};
use jiff::{SignedDuration, civil::date};
use model::{
    change::Noun,
    market::{
        MarketNoun,
        account::{Account, Verification, VerificationStage},
        form::{Destination, Expectation, Expected},
        offer::OfferState,
        submission::{Outcome, StepKind, StepStatus},
    },
    samples::{PROVIDER, TIER1, market},
};
use operations::{
    error::Error,
    market::{
        Refused,
        run::{Certification, drain},
        submissions::{
            go_live,
            lint::{self, Draft, Judged},
            read,
            review::{Word, review},
        },
    },
    page::page,
    plane::Plane,
};

use super::kit::{
    ADA_KEY, BO, DAN, MIA, OPERATOR, RIVAL, by, denied, drafted, form, live, means, offer,
    offer_id, operating, operations, plane, plane_by, previewed, published, refused, rules, saved,
    submission, submitted, worked,
};

fn market(noun: MarketNoun) -> Noun {
    Noun::Market(noun)
}

#[tokio::test]
async fn whoever_is_not_enrolled_is_told_which_step_is_missing_and_what_to_do_meanwhile() {
    let unverified = Verification { stage: VerificationStage::Business, ..market::verification() };
    let plane = plane(vec![market(MarketNoun::Verification(unverified))]).await;
    drafted(&plane, &form()).await;
    let refused = refused(submitted(&plane).await);
    let text = refused.to_string();
    assert!(text.contains("PUB-005 at `account.verification`"), "{text}");
    assert!(text.contains("fyr template create"), "{text}");
    assert_eq!(offer(&plane).await.state, OfferState::Draft, "a refusal leaves no trace");
    assert_eq!(plane.store.jobs().next_due().await.unwrap(), None);
}

#[tokio::test]
async fn without_a_partner_id_nothing_is_published() {
    let account = Account { partner: None, ..market::account() };
    let plane = plane(vec![market(MarketNoun::Account(account))]).await;
    drafted(&plane, &form()).await;
    let found = rules(submitted(&plane).await);
    assert!(found.contains(&("PUB-004", "account.partnerId".to_owned())), "{found:?}");
}

#[tokio::test]
async fn a_designation_that_lapsed_stops_new_submissions_and_not_what_is_live() {
    let clock = Arc::new(TestClock::default());
    let mut verification = market::verification();
    verification.qualifications[0].valid_to = Some(date(2026, 1, 1));
    let more = vec![market(MarketNoun::Verification(verification))];
    let plane = plane_by(Arc::clone(&clock) as _, more).await;
    drafted(&plane, &form()).await;
    live(&plane).await;
    let mut next = form();
    next.listing.summary = "Another night crew".to_owned();
    saved(&plane, &next).await.unwrap();
    let preview = previewed(&plane).await;
    clock.advance(SignedDuration::from_hours(24));
    let found = rules(submitted(&plane).await);
    assert_eq!(found, [("PUB-001", "account.designations".to_owned())]);
    let found = rules(go_live::go_live(&plane, &by(DAN), &offer_id(), preview).await);
    assert_eq!(found, [("PUB-001", "account.designations".to_owned())]);
    assert!(published(&plane, Slot::Live).await.is_some());
}

#[tokio::test]
async fn a_designation_that_lapses_on_the_way_ends_the_submission() {
    let clock = Arc::new(TestClock::default());
    let mut verification = market::verification();
    verification.qualifications[0].valid_to = Some(date(2026, 1, 1));
    let more = vec![market(MarketNoun::Verification(verification))];
    let plane = plane_by(Arc::clone(&clock) as _, more).await;
    drafted(&plane, &form()).await;
    let id = submitted(&plane).await.unwrap().id;
    clock.advance(SignedDuration::from_hours(24));
    worked(&plane).await;
    let shown = submission(&plane, id).await;
    assert_eq!(shown.outcome, Outcome::Failed);
    assert_eq!(shown.steps[0].status, StepStatus::Rejected);
    assert_eq!(shown.findings[0].rule, "PUB-001");
    assert_eq!(offer(&plane).await.state, OfferState::AttentionNeeded);
    let early = refused(go_live::go_live(&plane, &by(DAN), &offer_id(), id).await);
    assert_eq!(early, Refused::State(::market::lifecycle::Refusal::NotMended));
}

#[tokio::test]
async fn what_the_rules_call_an_error_is_not_submitted_and_can_be_asked_for_before() {
    let plane = plane(Vec::new()).await;
    let mut wrong = form();
    wrong.listing.description = "<script>alert(1)</script> managed services".to_owned();
    wrong.plans[0].manifests[0].manifest.tenant = RIVAL;
    drafted(&plane, &wrong).await;
    let found = rules(submitted(&plane).await);
    let ids: Vec<&str> = found.iter().map(|(id, _)| *id).collect();
    assert!(ids.contains(&"LST-007") && ids.contains(&"MAN-019"), "{found:?}");
    assert!(ids.contains(&"PUB-002"), "{found:?}");
    let asked = lint::lint(&plane, &by(DAN), &operations(), &offer_id()).await.unwrap();
    assert!(asked.iter().any(|it| it.rule.id == "LST-007"));
    assert!(matches!(
        refused(lint::lint(&plane, &by(BO), &operations(), &offer_id()).await),
        Refused::NotFound(_)
    ));
}

async fn judged(plane: &Plane, who: Principal, draft: Draft<'_>) -> Result<Judged, Error> {
    lint::judge(plane, &by(who), &operations(), &offer_id(), draft).await
}

#[tokio::test]
async fn a_draft_is_judged_as_it_is_typed_and_whatever_is_asked_its_key_stays_in() {
    let plane = plane(Vec::new()).await;
    let mut saved = form();
    let url = format!("https://fabrikam.example/leads?{ADA_KEY}");
    saved.leads = Destination::HttpsEndpoint { url, sealed: None, emails: Vec::new() };
    drafted(&plane, &saved).await;
    live(&plane).await;
    let mut typed = saved.clone();
    typed.listing.title.clear();
    typed.plans[0].manifests[0].manifest.authorizations.clear();
    let found = judged(&plane, DAN, Draft::Typed(&typed)).await.unwrap();
    let ids: Vec<&str> = found.findings.iter().map(|it| it.rule.id).collect();
    assert!(ids.contains(&"LST-001") && ids.contains(&"MAN-018"), "{ids:?}");
    assert_eq!(found.live.into_keys().collect::<Vec<_>>(), [market::plan_name()]);
    assert_eq!(found.previewed.len(), 1);
    assert!(!format!("{:?}", found.offer).contains(ADA_KEY));
    let unchanged = judged(&plane, DAN, Draft::Saved).await.unwrap();
    assert_eq!(unchanged.offer.form.listing.title, saved.listing.title);
    let mut endless = saved;
    endless.plans = vec![endless.plans[0].clone(); 201];
    assert!(matches!(
        refused(judged(&plane, DAN, Draft::Typed(&endless)).await),
        Refused::TooMany { .. }
    ));
    let strange = judged(&plane, BO, Draft::Typed(&typed)).await;
    assert!(matches!(refused(strange), Refused::NotFound(_)));
}

#[tokio::test]
async fn an_offer_that_does_not_do_what_its_publisher_expects_is_not_certified() {
    let plane = plane(Vec::new()).await;
    let mut expecting = form();
    let write = "Microsoft.Storage/storageAccounts/write".to_owned();
    expecting.tests = vec![Expectation {
        plan: market::plan_name(),
        given: TIER1.object,
        when: write,
        expect: Expected::Deny,
    }];
    drafted(&plane, &expecting).await;
    let told = judged(&plane, DAN, Draft::Saved).await.unwrap().findings;
    let told = told.iter().find(|it| it.rule.id == "TST-001").unwrap();
    assert_eq!(told.field, "tests[0]", "it can be asked for before");
    let id = submitted(&plane).await.unwrap().id;
    worked(&plane).await;
    let shown = submission(&plane, id).await;
    assert_eq!((shown.outcome, shown.steps[1].status), (Outcome::Failed, StepStatus::Rejected));
    let finding = shown.findings.iter().find(|it| it.rule == "TST-001").unwrap();
    assert_eq!(finding.field, "tests[0]");
    expecting.tests[0].expect = Expected::Allow;
    saved(&plane, &expecting).await.unwrap();
    previewed(&plane).await;
    assert_eq!(offer(&plane).await.state, OfferState::Preview);
}

#[tokio::test]
async fn where_operators_certify_a_submission_waits_for_their_word() {
    let plane = plane(Vec::new()).await;
    let means = means(&Arc::default(), Certification::Manual);
    let mut secret = form();
    secret.leads = model::market::form::Destination::HttpsEndpoint {
        url: format!("https://fabrikam.example/leads?{ADA_KEY}"),
        sealed: None,
        emails: Vec::new(),
    };
    drafted(&plane, &secret).await;
    let id = submitted(&plane).await.unwrap().id;
    let word = |is_approved| Word { is_approved, report: "as promised".to_owned() };
    let operator = operating(OPERATOR, PROVIDER);
    let early = review(&plane, &operator, id, &word(true)).await;
    assert_eq!(refused(early), Refused::NoReview);
    drain(&plane, &means).await.unwrap();
    let shown = submission(&plane, id).await;
    assert_eq!(shown.steps[1].status, StepStatus::Waiting);
    assert_eq!(plane.store.jobs().next_due().await.unwrap(), None, "nobody looks in vain");
    let waiting = read::waiting(&plane, &operator, page(None, None)).await.unwrap().items;
    assert_eq!(waiting.iter().map(|it| it.id).collect::<Vec<_>>(), [id]);
    let asked = read::submitted(&plane, &operator, id).await.unwrap();
    assert!(!serde_json::to_string(&asked).unwrap().contains(ADA_KEY));

    for who in [DAN, MIA, BO] {
        denied(review(&plane, &operating(who, PROVIDER), id, &word(true)).await);
        denied(read::submitted(&plane, &operating(who, PROVIDER), id).await);
        let seen = read::waiting(&plane, &operating(who, PROVIDER), page(None, None)).await;
        assert_eq!(seen.unwrap().items, []);
    }
    let elsewhere = review(&plane, &operating(OPERATOR, RIVAL), id, &word(true)).await;
    assert!(matches!(refused(elsewhere), Refused::NotFound(_)));
    review(&plane, &operator, id, &word(true)).await.unwrap();
    let twice = review(&plane, &operator, id, &word(false)).await;
    assert_eq!(refused(twice), Refused::NoReview);
    drain(&plane, &means).await.unwrap();
    let shown = read::read(&plane, &by(DAN), id).await.unwrap();
    assert_eq!(shown.submission.outcome, Outcome::Succeeded);
    assert_eq!(shown.review.unwrap().report, "as promised");
    assert_eq!(offer(&plane).await.state, OfferState::Preview);
}

#[tokio::test]
async fn what_operators_refuse_needs_attention_and_says_why() {
    let plane = plane(Vec::new()).await;
    let means = means(&Arc::default(), Certification::Manual);
    drafted(&plane, &form()).await;
    let id = submitted(&plane).await.unwrap().id;
    drain(&plane, &means).await.unwrap();
    let word = Word { is_approved: false, report: "no such service".to_owned() };
    review(&plane, &operating(OPERATOR, PROVIDER), id, &word).await.unwrap();
    drain(&plane, &means).await.unwrap();
    let shown = submission(&plane, id).await;
    let step = shown.steps.iter().find(|it| it.kind == StepKind::Certification).unwrap();
    assert_eq!(step.message.as_deref(), Some("no such service"));
    assert_eq!(offer(&plane).await.state, OfferState::AttentionNeeded);
    assert_eq!(published(&plane, Slot::Preview).await, None);
}
