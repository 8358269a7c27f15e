//! What stands at the top of every page of an offer: where it stands, and its other pages.

use ids::offer::{OfferId, Slot};
use market::{
    lifecycle::words,
    lint::{
        Finding,
        publish::{Completion, Page},
        rules::Severity,
    },
};
use model::market::offer::{Distribution, Offer, OfferState};
use operations::market::offers::compare::Pair;

use super::to::{Tab, To};
use crate::{ask::Ask, frame::Frame, trouble::Trouble};

/// A state, as it is drawn and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) kind: &'static str,
    pub(crate) words: String,
}

impl State {
    pub(crate) fn new(kind: &'static str, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }
}

/// One page of the offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) name: &'static str,
    pub(crate) path: String,
    pub(crate) is_here: bool,
    /// How many errors the rules find on it.
    pub(crate) errors: usize,
}

/// The top of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Top {
    pub(crate) id: String,
    pub(crate) state: State,
    pub(crate) leaves: Vec<Leaf>,
}

/// Whether customers can take a plan of it.
pub(crate) fn is_live(offer: &Offer) -> bool {
    offer.plans.values().any(|it| match it.distribution {
        Distribution::Distributed | Distribution::StopRequested => true,
        Distribution::Draft | Distribution::Stopped => false,
    })
}

/// Where an offer stands, in the words of the overview.
pub(crate) fn state(offer: &Offer) -> State {
    let is_live = is_live(offer);
    let shown = words::of(offer.state).shown;
    match offer.state {
        OfferState::Draft => State::new("", shown),
        OfferState::Publishing(Slot::Preview) => State::new("wait", "In certification"),
        OfferState::Publishing(Slot::Live) => State::new("wait", "Going live"),
        OfferState::AttentionNeeded if is_live => {
            State::new("bad", "Live; its update needs attention")
        }
        OfferState::Preview if is_live => State::new("wait", "Live; an update waits for sign-off"),
        OfferState::AttentionNeeded | OfferState::NotAvailable => State::new("bad", shown),
        OfferState::Preview | OfferState::PendingStop => State::new("wait", shown),
        OfferState::Live => State::new("good", shown),
    }
}

/// Where a plan stands.
pub(crate) fn plan_state(it: Distribution) -> State {
    let kind = match it {
        Distribution::Draft => "",
        Distribution::Distributed => "good",
        Distribution::StopRequested => "wait",
        Distribution::Stopped => "bad",
    };
    State::new(kind, words::of_plan(it))
}

/// How far a page is filled in.
pub(crate) fn completion(it: Completion) -> State {
    let kind = match it {
        Completion::NotStarted => "",
        Completion::Incomplete => "bad",
        Completion::Complete => "good",
    };
    State::new(kind, it.as_str())
}

/// The page of the form where a rule's field is.
pub(crate) fn tab(page: Page) -> Tab {
    match page {
        Page::Setup => Tab::Setup,
        Page::Properties => Tab::Properties,
        Page::Listing => Tab::Listing,
        Page::Preview => Tab::Preview,
        Page::Plans => Tab::Plans,
        Page::Tests => Tab::Tests,
    }
}

/// Whether a rule's objection is to the form itself: what is against the account, or that something
/// runs, is said where the form is submitted.
pub(crate) fn is_of_form(it: &Finding) -> bool {
    use market::lint::rules;
    let others = [
        &rules::NOT_ELIGIBLE,
        &rules::INCOMPLETE,
        &rules::LOCKED,
        &rules::NO_PARTNER,
        &rules::NOT_ENROLLED,
    ];
    !others.contains(&it.rule)
}

const PAGES: [(&str, Tab, Option<Page>); 10] = [
    ("Offer overview", Tab::Overview, None),
    ("Offer setup", Tab::Setup, Some(Page::Setup)),
    ("Properties", Tab::Properties, Some(Page::Properties)),
    ("Offer listing", Tab::Listing, Some(Page::Listing)),
    ("Preview audience", Tab::Preview, Some(Page::Preview)),
    ("Plan overview", Tab::Plans, Some(Page::Plans)),
    ("Offer tests", Tab::Tests, Some(Page::Tests)),
    ("Review and publish", Tab::Publish, None),
    ("Compare", Tab::Compare(Pair::DraftAndLive), None),
    ("History", Tab::History, None),
];

impl Top {
    /// The top of that page. Without findings, no errors are counted.
    pub(crate) fn new(offer: &Offer, here: Tab, findings: &[Finding]) -> Self {
        let here = match here {
            Tab::TestLead => Tab::Setup,
            Tab::Media => Tab::Listing,
            Tab::PreviewList | Tab::PreviewFile => Tab::Preview,
            Tab::Compare(_) => Tab::Compare(Pair::DraftAndLive),
            Tab::Overview
            | Tab::Setup
            | Tab::Properties
            | Tab::Listing
            | Tab::Preview
            | Tab::Plans
            | Tab::Tests
            | Tab::Publish
            | Tab::History => here,
        };
        let errors = |page: Page| {
            let errors = findings.iter().filter(|it| it.rule.severity == Severity::Error);
            errors.filter(|it| is_of_form(it) && Page::of(&it.field) == page).count()
        };
        let leaf = |(name, tab, page): (&'static str, Tab, Option<Page>)| Leaf {
            name,
            path: To::Offer(&offer.id, tab).to_string(),
            is_here: tab == here,
            errors: page.map_or(0, errors),
        };
        Self { id: offer.id.to_string(), state: state(offer), leaves: PAGES.map(leaf).into() }
    }
}

impl Ask {
    /// The offer that the first two keys name.
    pub(crate) fn offer(&self) -> Result<OfferId, Trouble> {
        Ok(OfferId { publisher: self.parsed(0)?, name: self.parsed(1)? })
    }

    /// The frame of a page of an offer, with the commands that tell of it.
    pub(crate) async fn offer_frame(&self, title: &str, id: &OfferId) -> Result<Frame, Trouble> {
        let frame = self.frame(title).await?;
        let server = &self.plane().origins.graph;
        let frame = frame
            .below("Offers", To::Offers)
            .below(id.to_string(), To::Offer(id, Tab::Overview))
            .command("Where the offer stands", format!("fyr offer status {id} --server {server}"))
            .command(
                "The draft as files",
                format!("fyr offer export {id} {} --server {server}", id.name),
            );
        Ok(frame)
    }
}
