//! Where an offer and its plans stand, and what may happen next
//! (<https://learn.microsoft.com/partner-center/marketplace-offers/review-publish-offer>).

pub mod plan;
pub mod words;

use ids::offer::Slot;
use model::market::offer::OfferState;

/// What may happen to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Somebody submits the draft.
    Publish,
    /// Somebody signs the preview off.
    GoLive,
    /// Somebody calls the running submission back.
    Cancel,
    /// Somebody removes the offer.
    Delete,
    /// Somebody asks that nobody new can take it.
    StopDistribution,
    /// Somebody takes that back.
    ResumeDistribution,
    /// The last step towards a preview is done.
    Previewed,
    /// The last step towards the storefront is done.
    WentLive,
    /// A step failed.
    Failed,
    /// Nobody new can take it any more.
    Stopped,
}

impl Event {
    /// All that may happen.
    pub const ALL: [Self; 10] = [
        Self::Publish,
        Self::GoLive,
        Self::Cancel,
        Self::Delete,
        Self::StopDistribution,
        Self::ResumeDistribution,
        Self::Previewed,
        Self::WentLive,
        Self::Failed,
        Self::Stopped,
    ];
}

/// What there is beside the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether there is a preview that is not live as well.
    pub has_preview: bool,
    pub storefront: Storefront,
    /// Whether what runs can still be called back. The documents say that nothing can after the
    /// sign-off, and the history knows such cancellations: so it is for the running step to say.
    pub can_cancel: bool,
}

/// What customers can find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Storefront {
    /// Nothing, ever.
    Never,
    Distributed,
    /// Nothing any more.
    Stopped,
}

/// Why something may not happen now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("a submission is running: cancel it, or wait for its end")]
    Running,
    #[error("no submission is running")]
    NothingRuns,
    #[error("the submission has come too far to be cancelled")]
    TooLate,
    #[error("there is no preview to sign off: publish the draft first")]
    NoPreview,
    #[error("the last submission failed: mend what it says, and publish the draft again")]
    NotMended,
    #[error("nothing of the offer is in the storefront")]
    NothingLive,
    #[error("the distribution is being stopped: resume it, or wait for its end")]
    Stopping,
    #[error("the distribution was stopped: publish the draft, and go live again")]
    Stopped,
    #[error("no stop of the distribution is pending")]
    NoStop,
    #[error("what was ever published is not deleted: stop its distribution")]
    Published,
}

/// The state after that; none, if the offer is gone.
pub fn next(state: OfferState, event: Event, facts: Facts) -> Result<Option<OfferState>, Refusal> {
    match event {
        Event::Delete => delete(state, facts).map(|()| None),
        Event::Publish => publish(state).map(Some),
        Event::GoLive => go_live(state).map(Some),
        Event::Cancel => cancel(state, facts).map(Some),
        Event::StopDistribution => stop(state, facts).map(Some),
        Event::ResumeDistribution => match state {
            OfferState::PendingStop => Ok(Some(settled(facts))),
            OfferState::NotAvailable => Err(Refusal::Stopped),
            OfferState::Draft
            | OfferState::Publishing(_)
            | OfferState::AttentionNeeded
            | OfferState::Preview
            | OfferState::Live => Err(Refusal::NoStop),
        },
        Event::Previewed => step(state, Slot::Preview, OfferState::Preview).map(Some),
        Event::WentLive => step(state, Slot::Live, OfferState::Live).map(Some),
        Event::Failed => match state {
            OfferState::Publishing(_) => Ok(Some(OfferState::AttentionNeeded)),
            OfferState::Draft
            | OfferState::AttentionNeeded
            | OfferState::Preview
            | OfferState::Live
            | OfferState::PendingStop
            | OfferState::NotAvailable => Err(Refusal::NothingRuns),
        },
        Event::Stopped => match state {
            OfferState::PendingStop => {
                Ok(Some(settled(Facts { storefront: Storefront::Stopped, ..facts })))
            }
            OfferState::Draft
            | OfferState::Publishing(_)
            | OfferState::AttentionNeeded
            | OfferState::Preview
            | OfferState::Live
            | OfferState::NotAvailable => Err(Refusal::NoStop),
        },
    }
}

/// Where an offer stands of which nothing is under way: a preview that waits for its sign-off waits
/// on, whatever became of what is live.
pub fn settled(facts: Facts) -> OfferState {
    match facts.storefront {
        _ if facts.has_preview => OfferState::Preview,
        Storefront::Never => OfferState::Draft,
        Storefront::Distributed => OfferState::Live,
        Storefront::Stopped => OfferState::NotAvailable,
    }
}

fn publish(state: OfferState) -> Result<OfferState, Refusal> {
    match state {
        OfferState::Draft
        | OfferState::AttentionNeeded
        | OfferState::Preview
        | OfferState::Live
        | OfferState::NotAvailable => Ok(OfferState::Publishing(Slot::Preview)),
        OfferState::Publishing(_) => Err(Refusal::Running),
        OfferState::PendingStop => Err(Refusal::Stopping),
    }
}

fn go_live(state: OfferState) -> Result<OfferState, Refusal> {
    match state {
        OfferState::Preview => Ok(OfferState::Publishing(Slot::Live)),
        OfferState::Publishing(_) => Err(Refusal::Running),
        OfferState::AttentionNeeded => Err(Refusal::NotMended),
        OfferState::PendingStop => Err(Refusal::Stopping),
        OfferState::Draft | OfferState::Live | OfferState::NotAvailable => Err(Refusal::NoPreview),
    }
}

fn cancel(state: OfferState, facts: Facts) -> Result<OfferState, Refusal> {
    match state {
        OfferState::Publishing(_) if !facts.can_cancel => Err(Refusal::TooLate),
        OfferState::Publishing(_) => Ok(settled(facts)),
        OfferState::Draft
        | OfferState::AttentionNeeded
        | OfferState::Preview
        | OfferState::Live
        | OfferState::PendingStop
        | OfferState::NotAvailable => Err(Refusal::NothingRuns),
    }
}

fn delete(state: OfferState, facts: Facts) -> Result<(), Refusal> {
    match (state, facts.storefront) {
        (OfferState::Publishing(_), _) => Err(Refusal::Running),
        (OfferState::Draft | OfferState::AttentionNeeded, Storefront::Never)
            if !facts.has_preview =>
        {
            Ok(())
        }
        (
            OfferState::Draft
            | OfferState::AttentionNeeded
            | OfferState::Preview
            | OfferState::Live
            | OfferState::PendingStop
            | OfferState::NotAvailable,
            Storefront::Never | Storefront::Distributed | Storefront::Stopped,
        ) => Err(Refusal::Published),
    }
}

/// An update that failed or waits for its sign-off does not keep anybody from stopping what is live.
fn stop(state: OfferState, facts: Facts) -> Result<OfferState, Refusal> {
    match state {
        OfferState::Publishing(_) => Err(Refusal::Running),
        OfferState::PendingStop => Err(Refusal::Stopping),
        OfferState::Draft
        | OfferState::AttentionNeeded
        | OfferState::Preview
        | OfferState::Live
        | OfferState::NotAvailable => match facts.storefront {
            Storefront::Distributed => Ok(OfferState::PendingStop),
            Storefront::Stopped => Err(Refusal::Stopped),
            Storefront::Never => Err(Refusal::NothingLive),
        },
    }
}

/// The end of what runs, if that is what runs.
fn step(state: OfferState, of: Slot, after: OfferState) -> Result<OfferState, Refusal> {
    if state == OfferState::Publishing(of) { Ok(after) } else { Err(Refusal::NothingRuns) }
}

#[cfg(test)]
mod tests;
