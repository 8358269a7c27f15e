//! Where one plan of an offer stands.

use model::market::offer::Distribution;

/// What may happen to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The offer went live with it.
    WentLive,
    /// Somebody asks that nobody new can take it, from the next publication on.
    RequestStop,
    /// Somebody takes that back.
    Resume,
    /// Somebody removes it.
    Delete,
}

/// Why something may not happen to a plan now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the plan was never published: delete it instead")]
    NotPublished,
    #[error(
        "it is the last plan that customers can take: stop the distribution of the offer instead"
    )]
    Last,
    #[error("its stop is pending already: it takes effect with the next publication")]
    Pending,
    #[error("no stop of the plan is pending")]
    NoStop,
    #[error("the plan was stopped, and is not distributed again: add another one")]
    Stopped,
    #[error("what was ever published is not deleted: stop its distribution")]
    Published,
}

/// The state after that; none, if the plan is gone. `others` says how many other plans of the offer
/// customers can take.
pub fn next(
    state: Distribution,
    event: Event,
    others: usize,
) -> Result<Option<Distribution>, Refusal> {
    use Distribution::{Distributed, Draft, StopRequested, Stopped};
    match (event, state) {
        (Event::WentLive, Draft | Distributed) | (Event::Resume, StopRequested) => {
            Ok(Some(Distributed))
        }
        (Event::WentLive, StopRequested | Stopped) => Ok(Some(Stopped)),
        (Event::RequestStop, Draft) => Err(Refusal::NotPublished),
        (Event::RequestStop, Distributed) if others == 0 => Err(Refusal::Last),
        (Event::RequestStop, Distributed) => Ok(Some(StopRequested)),
        (Event::RequestStop, StopRequested) => Err(Refusal::Pending),
        (Event::RequestStop | Event::Resume, Stopped) => Err(Refusal::Stopped),
        (Event::Resume, Draft | Distributed) => Err(Refusal::NoStop),
        (Event::Delete, Draft) => Ok(None),
        (Event::Delete, Distributed | StopRequested | Stopped) => Err(Refusal::Published),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_every_event_of_a_plan_have_an_answer() {
        use Distribution::{Distributed, Draft, StopRequested, Stopped};
        let table = [
            (
                Event::WentLive,
                [
                    Ok(Some(Distributed)),
                    Ok(Some(Distributed)),
                    Ok(Some(Stopped)),
                    Ok(Some(Stopped)),
                ],
            ),
            (
                Event::RequestStop,
                [
                    Err(Refusal::NotPublished),
                    Ok(Some(StopRequested)),
                    Err(Refusal::Pending),
                    Err(Refusal::Stopped),
                ],
            ),
            (
                Event::Resume,
                [
                    Err(Refusal::NoStop),
                    Err(Refusal::NoStop),
                    Ok(Some(Distributed)),
                    Err(Refusal::Stopped),
                ],
            ),
            (
                Event::Delete,
                [
                    Ok(None),
                    Err(Refusal::Published),
                    Err(Refusal::Published),
                    Err(Refusal::Published),
                ],
            ),
        ];
        for (event, expected) in table {
            let states = [Draft, Distributed, StopRequested, Stopped];
            assert_eq!(states.map(|state| next(state, event, 1)), expected, "{event:?}");
        }
        assert_eq!(next(Distributed, Event::RequestStop, 0), Err(Refusal::Last));
    }
}
