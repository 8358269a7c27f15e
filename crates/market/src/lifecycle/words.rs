//! What each world calls where an offer stands.

use ids::offer::Slot;
use model::market::offer::{Distribution, OfferState};

/// One state in the words of the pages and of both interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// In the list of offers.
    pub shown: &'static str,
    /// The Cloud Partner Portal's status, where it has a word.
    pub portal: Option<&'static str>,
    /// The Product Ingestion API's newest submission.
    pub submission: Submission,
    /// The Product Ingestion API's `lifecycleState` of the product.
    pub product: &'static str,
}

/// A submission as the Product Ingestion API tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submission {
    pub target: &'static str,
    pub status: &'static str,
    pub result: &'static str,
}

const AVAILABLE: &str = "generallyAvailable";

/// What the state is called. A state that is told while something older is live says nothing of that.
pub fn of(state: OfferState) -> Words {
    let done = |target| Submission { target, status: "completed", result: "succeeded" };
    let words = |shown, portal, submission| Words { shown, portal, submission, product: AVAILABLE };
    match state {
        OfferState::Draft => {
            let submission =
                Submission { target: "draft", status: "notStarted", result: "pending" };
            words("Draft", Some("NeverPublished"), submission)
        }
        OfferState::Publishing(slot) => {
            let target = slot.as_str();
            let submission = Submission { target, status: "running", result: "pending" };
            words("Publish in progress", Some("Running"), submission)
        }
        OfferState::AttentionNeeded => {
            let target = Slot::Preview.as_str();
            let submission = Submission { target, status: "completed", result: "failed" };
            words("Attention needed", Some("Failed"), submission)
        }
        OfferState::Preview => {
            words("Preview", Some("WaitingForPublisherReview"), done(Slot::Preview.as_str()))
        }
        OfferState::Live => words("Live", Some("Succeeded"), done(Slot::Live.as_str())),
        OfferState::PendingStop => {
            words("Pending stop distribution", None, done(Slot::Live.as_str()))
        }
        OfferState::NotAvailable => {
            let shown = "Not available in the marketplace";
            Words { product: "deprecated", ..words(shown, None, done(Slot::Live.as_str())) }
        }
    }
}

/// What a plan's state is called in the list of plans.
pub fn of_plan(distribution: Distribution) -> &'static str {
    match distribution {
        Distribution::Draft => "Draft",
        Distribution::Distributed => "Live",
        Distribution::StopRequested => "Pending stop distribution",
        Distribution::Stopped => "Not available in the marketplace",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_words() {
        let told = |state| {
            let Words { shown, portal, submission, product } = of(state);
            let Submission { target, status, result } = submission;
            format!("{shown} | {} | {target} {status} {result} | {product}", portal.unwrap_or("-"))
        };
        for (state, expected) in [
            (
                OfferState::Draft,
                "Draft | NeverPublished | draft notStarted pending | generallyAvailable",
            ),
            (
                OfferState::Publishing(Slot::Preview),
                "Publish in progress | Running | preview running pending | generallyAvailable",
            ),
            (
                OfferState::Publishing(Slot::Live),
                "Publish in progress | Running | live running pending | generallyAvailable",
            ),
            (
                OfferState::AttentionNeeded,
                "Attention needed | Failed | preview completed failed | generallyAvailable",
            ),
            (
                OfferState::Preview,
                "Preview | WaitingForPublisherReview | preview completed succeeded | generallyAvailable",
            ),
            (OfferState::Live, "Live | Succeeded | live completed succeeded | generallyAvailable"),
            (
                OfferState::PendingStop,
                "Pending stop distribution | - | live completed succeeded | generallyAvailable",
            ),
            (
                OfferState::NotAvailable,
                "Not available in the marketplace | - | live completed succeeded | deprecated",
            ),
        ] {
            assert_eq!(told(state), expected);
        }
        let plans = [
            Distribution::Draft,
            Distribution::Distributed,
            Distribution::StopRequested,
            Distribution::Stopped,
        ];
        let shown =
            ["Draft", "Live", "Pending stop distribution", "Not available in the marketplace"];
        assert_eq!(plans.map(of_plan), shown);
    }
}
