//! Every state of an offer, and everything that may be asked of it.

use ids::offer::Slot;
use market::lifecycle::Refusal;
use model::{
    change::Noun,
    market::{
        MarketNoun,
        offer::{Edition, Offer, OfferState, Stage},
        submission::{Outcome, Submission, SubmissionId},
    },
    samples::{self, PROVIDER, market as sample},
};
use operations::{
    error::Error,
    market::{
        IfMatch, Refused,
        offers::{delete, distribution},
        submissions::{cancel, decide, go_live},
    },
    plane::Plane,
};
use uuid::Uuid;

use super::kit::{DAN, by, form, offer_id, plane, submitted};

const PREVIEW: SubmissionId = SubmissionId(Uuid::from_u128(0x11));
const LIVE: SubmissionId = SubmissionId(Uuid::from_u128(0x12));
const RUNNING: SubmissionId = SubmissionId(Uuid::from_u128(0x13));

/// The offer in that state, with a preview and something older that is live.
async fn at(state: OfferState) -> Plane {
    let target = match state {
        OfferState::Publishing(slot) => Some(slot),
        OfferState::Draft
        | OfferState::AttentionNeeded
        | OfferState::Preview
        | OfferState::Live
        | OfferState::PendingStop
        | OfferState::NotAvailable => None,
    };
    let running = target.map(|_| RUNNING);
    let offer = Offer { form: form(), state, running, ..sample::offer() };
    let edition = |slot, submission| {
        let edition = sample::edition(Stage::Published(slot));
        MarketNoun::Edition(Edition { submission, ..edition })
    };
    let begun =
        |id, target| decide::begun(id, &sample::offer(), target, (1, "dan"), samples::now());
    let made = Submission { outcome: Outcome::Succeeded, ..begun(PREVIEW, Slot::Preview) };
    let runs = target.map(|slot| MarketNoun::Submission(begun(RUNNING, slot)));
    let nouns = [
        MarketNoun::Offer(offer),
        edition(Slot::Preview, PREVIEW),
        edition(Slot::Live, LIVE),
        MarketNoun::Submission(made),
    ];
    plane(nouns.into_iter().chain(runs).map(Noun::Market).collect()).await
}

async fn ask(state: OfferState, what: usize) -> Option<Refusal> {
    let (plane, context, id) = (at(state).await, by(DAN), offer_id());
    assert_eq!(context.caller.principal.tenant, PROVIDER);
    let before = testkit::events(&plane).await.len();
    let outcome: Result<(), Error> = match what {
        0 => submitted(&plane).await.map(drop),
        1 => go_live::go_live(&plane, &context, &id, PREVIEW).await.map(drop),
        2 => cancel::cancel(&plane, &context, &id).await.map(drop),
        3 => delete::delete(&plane, &context, &id, IfMatch::Any).await,
        4 => distribution::stop_offer(&plane, &context, &id).await.map(drop),
        _ => distribution::resume_offer(&plane, &context, &id).await.map(drop),
    };
    match outcome {
        Ok(()) => None,
        Err(Error::Market(refused)) => {
            assert_eq!(testkit::events(&plane).await.len(), before, "a refusal leaves no trace");
            let Refused::State(refusal) = *refused else { panic!("{state:?} {what}: {refused:?}") };
            Some(refusal)
        }
        Err(other) => panic!("{state:?} {what}: {other:?}"),
    }
}

#[tokio::test]
async fn in_every_state_each_request_is_done_or_refused_with_the_reason() {
    use Refusal::{
        NoPreview, NoStop, NotMended, NothingRuns, Published, Running, Stopped, Stopping, TooLate,
    };
    let table = [
        (
            OfferState::Draft,
            [None, Some(NoPreview), Some(NothingRuns), Some(Published), None, Some(NoStop)],
        ),
        (
            OfferState::Publishing(Slot::Preview),
            [Some(Running), Some(Running), None, Some(Running), Some(Running), Some(NoStop)],
        ),
        (
            OfferState::Publishing(Slot::Live),
            [
                Some(Running),
                Some(Running),
                Some(TooLate),
                Some(Running),
                Some(Running),
                Some(NoStop),
            ],
        ),
        (
            OfferState::AttentionNeeded,
            [None, Some(NotMended), Some(NothingRuns), Some(Published), None, Some(NoStop)],
        ),
        (OfferState::Preview, [None, None, Some(NothingRuns), Some(Published), None, Some(NoStop)]),
        (
            OfferState::Live,
            [None, Some(NoPreview), Some(NothingRuns), Some(Published), None, Some(NoStop)],
        ),
        (
            OfferState::PendingStop,
            [
                Some(Stopping),
                Some(Stopping),
                Some(NothingRuns),
                Some(Published),
                Some(Stopping),
                None,
            ],
        ),
        (
            OfferState::NotAvailable,
            [
                None,
                Some(NoPreview),
                Some(NothingRuns),
                Some(Published),
                Some(Stopped),
                Some(Stopped),
            ],
        ),
    ];
    for (state, expected) in table {
        for (what, expected) in expected.into_iter().enumerate() {
            assert_eq!(ask(state, what).await, expected, "{state:?}, request {what}");
        }
    }
}
