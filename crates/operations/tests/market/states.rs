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

use super::kit::{DAN, by, form, offer, offer_id, plane, submitted};

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
    let it = Offer { form: form(), state, running, ..sample::offer() };
    let edition = |slot, submission| {
        let edition = sample::edition(Stage::Published(slot));
        MarketNoun::Edition(Edition { submission, ..edition })
    };
    let begun =
        |id, target| decide::begun(id, &sample::offer(), target, (1, "dan"), samples::now());
    let made = Submission { outcome: Outcome::Succeeded, ..begun(PREVIEW, Slot::Preview) };
    let runs = target.map(|slot| MarketNoun::Submission(begun(RUNNING, slot)));
    let nouns = [
        MarketNoun::Offer(it),
        edition(Slot::Preview, PREVIEW),
        edition(Slot::Live, LIVE),
        MarketNoun::Submission(made),
    ];
    plane(nouns.into_iter().chain(runs).map(Noun::Market).collect()).await
}

/// What becomes of the offer, or why nothing does.
async fn ask(state: OfferState, what: usize) -> Result<OfferState, Refusal> {
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
        Ok(()) => Ok(offer(&plane).await.state),
        Err(Error::Market(refused)) => {
            assert_eq!(testkit::events(&plane).await.len(), before, "a refusal leaves no trace");
            let Refused::State(refusal) = *refused else { panic!("{state:?} {what}: {refused:?}") };
            Err(refusal)
        }
        Err(other) => panic!("{state:?} {what}: {other:?}"),
    }
}

/// To publish, to go live, to cancel, to delete, to stop, to resume.
type Answers = [Result<OfferState, Refusal>; 6];

#[tokio::test]
async fn in_every_state_each_request_is_done_or_refused_with_the_reason() {
    use OfferState::{
        AttentionNeeded, Draft, Live, NotAvailable, PendingStop, Preview, Publishing,
    };
    use Refusal::{
        NoPreview, NoStop, NotMended, NothingRuns, Published, Running, Stopped, Stopping, TooLate,
    };
    let (to_preview, to_live) = (Ok(Publishing(Slot::Preview)), Ok(Publishing(Slot::Live)));
    let (nothing, gone, stops) = (Err(NothingRuns), Err(Published), Ok(PendingStop));
    let (runs, none, stopping) = (Err(Running), Err(NoPreview), Err(Stopping));
    let table: [(OfferState, Answers); 8] = [
        (Draft, [to_preview, none, nothing, gone, stops, Err(NoStop)]),
        (Publishing(Slot::Preview), [runs, runs, Ok(Preview), runs, runs, Err(NoStop)]),
        (Publishing(Slot::Live), [runs, runs, Err(TooLate), runs, runs, Err(NoStop)]),
        (AttentionNeeded, [to_preview, Err(NotMended), nothing, gone, stops, Err(NoStop)]),
        (Preview, [to_preview, to_live, nothing, gone, stops, Err(NoStop)]),
        (Live, [to_preview, none, nothing, gone, stops, Err(NoStop)]),
        // The preview waits on.
        (PendingStop, [stopping, stopping, nothing, gone, stopping, Ok(Preview)]),
        (NotAvailable, [to_preview, none, nothing, gone, Err(Stopped), Err(Stopped)]),
    ];
    for (state, expected) in table {
        for (what, expected) in expected.into_iter().enumerate() {
            assert_eq!(ask(state, what).await, expected, "{state:?}, request {what}");
        }
    }
}
