//! An offer at a glance: where it stands, what runs of it, what comes next.

use askama::Template;
use ids::offer::{OfferId, Slot};
use model::market::{
    offer::{Offer, OfferState},
    submission::{Outcome, StepStatus, Submission},
};
use operations::market::{
    offers::{compare::Pair, read},
    submissions::{self, decide::called, lint::Judged},
};
use store::snapshot::Page;

use super::{
    draft::{Way, judged},
    sheet::Said,
    to::{Act, PlanTab, Tab, To},
    top::{State, Top, completion, is_live, is_of_form, plan_state, tab},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    pages::marketplace::Link,
    trouble::Trouble,
    words::{Id, Moment},
};

/// How often a submission that runs is asked for, in milliseconds.
const REFRESH: u32 = 2_000;
/// So many submissions are shown.
const SHOWN: usize = 5;

/// One step of a submission.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) state: State,
    pub(super) at: Option<Moment>,
    pub(super) message: String,
}

/// One submission.
pub(super) struct Run {
    pub(super) heading: &'static str,
    pub(super) state: State,
    pub(super) by: String,
    pub(super) at: Moment,
    pub(super) steps: Vec<Step>,
    /// What the rules objected to.
    pub(super) findings: Vec<Noted>,
}

/// What a rule objected to, as it is kept.
pub(super) struct Noted {
    pub(super) rule: String,
    pub(super) field: String,
    pub(super) reason: String,
}

/// A page of the form, and how far it is filled in.
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) path: String,
    pub(super) state: State,
    pub(super) errors: usize,
    pub(super) warnings: usize,
}

/// A plan of the draft.
struct Plan {
    name: String,
    path: String,
    title: String,
    state: State,
}

#[derive(Template)]
#[template(path = "partner/overview.html")]
struct View {
    frame: Frame,
    top: Top,
    /// What there is to do now.
    next: &'static str,
    ways: Vec<Way>,
    /// Whether the first of them brings the offer further.
    is_forward: bool,
    durable: Id,
    created: Moment,
    parts: Vec<Part>,
    plans: Vec<Plan>,
    runs: Vec<Run>,
    /// How often what runs is asked for again; none where nothing runs.
    refresh: Option<u32>,
    acts: Vec<Way>,
}

/// `GET /partner-center/offers/{publisher}/{offer}`
pub(super) fn open(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer()?;
        let judged = judged(&ask, &id).await?;
        let offer = &judged.offer;
        let (plane, now) = (ask.plane(), ask.plane().store.now());
        let page = Page { after: None, limit: SHOWN };
        let offer_id = &id;
        let work =
            |context| async move { submissions::read::list(plane, &context, offer_id, page).await };
        let found = ask.market("GET", "submissions/read", work).await?.items;
        let plan = |it: &model::market::form::Plan| Plan {
            name: it.name.to_string(),
            path: To::Plan(&id, &it.name, PlanTab::Overview).to_string(),
            title: it.title.clone(),
            state: offer
                .plans
                .get(&it.name)
                .map_or_else(|| State::new("", ""), |facts| plan_state(facts.distribution)),
        };
        let server = &plane.origins.graph;
        let frame = ask.offer_frame(&title(offer), &id).await?;
        let (does, verb) = if offer.state == OfferState::Preview {
            ("Go live", "golive")
        } else {
            ("Publish", "publish")
        };
        let frame = frame.command(does, format!("fyr offer {verb} {id} --server {server}"));
        let view = View {
            top: Top::new(offer, Tab::Overview, &judged.findings),
            next: next(offer),
            ways: ways(offer),
            is_forward: !matches!(offer.state, OfferState::Publishing(_)),
            durable: Id::new(offer.durable),
            created: Moment::new(offer.created, now),
            parts: parts(&judged),
            plans: offer.form.plans.iter().map(plan).collect(),
            runs: found.iter().map(|it| run(it, now)).collect(),
            refresh: offer.running.map(|_| REFRESH),
            acts: acts(offer),
            frame,
        };
        Answer::page(&view)
    })
}

fn title(offer: &Offer) -> String {
    let title = &offer.form.listing.title;
    if title.is_empty() { offer.id.name.to_string() } else { title.clone() }
}

fn next(offer: &Offer) -> &'static str {
    match offer.state {
        OfferState::Draft => {
            "Fill in each page, and publish: the draft is certified and becomes a preview."
        }
        OfferState::Publishing(Slot::Preview) => {
            "The submission is being certified. It can be cancelled until the preview is there."
        }
        OfferState::Publishing(Slot::Live) => "The offer is on its way to the storefront.",
        OfferState::AttentionNeeded => {
            "The last submission failed. Mend what it says below, and publish again."
        }
        OfferState::Preview => {
            "The preview is there. Look at it, and go live; or change the draft and publish again."
        }
        OfferState::Live => {
            "The offer is in the storefront. Changes of the draft wait until they are published."
        }
        OfferState::PendingStop => {
            "The distribution is being stopped. It can be resumed until then."
        }
        OfferState::NotAvailable => {
            "Nobody new can take the offer. Publish and go live to distribute it again."
        }
    }
}

/// What to do next, first of all.
fn ways(offer: &Offer) -> Vec<Way> {
    let id = &offer.id;
    match offer.state {
        OfferState::Preview => {
            vec![
                Way::new("Go live", To::Act(id, Act::GoLive)),
                Way::new("Preview link", preview(id)),
                Way::new(
                    "Compare with what is live",
                    To::Offer(id, Tab::Compare(Pair::PreviewAndLive)),
                ),
            ]
        }
        OfferState::Publishing(Slot::Preview) => {
            vec![Way::new("Cancel publishing", To::Act(id, Act::Cancel))]
        }
        OfferState::Publishing(Slot::Live) => Vec::new(),
        OfferState::PendingStop => vec![Way::new("Resume distribution", To::Act(id, Act::Resume))],
        OfferState::Draft
        | OfferState::AttentionNeeded
        | OfferState::Live
        | OfferState::NotAvailable => {
            vec![Way::new("Review and publish", To::Offer(id, Tab::Publish))]
        }
    }
}

/// Where the storefront shows what is in the preview.
fn preview(id: &OfferId) -> String {
    Link::Offer(id, Slot::Preview, None).to_string()
}

/// What ends something, each on a page that says what is lost.
fn acts(offer: &Offer) -> Vec<Way> {
    let id = &offer.id;
    match offer.state {
        OfferState::Publishing(_) | OfferState::PendingStop | OfferState::NotAvailable => {
            Vec::new()
        }
        OfferState::AttentionNeeded | OfferState::Preview | OfferState::Live if is_live(offer) => {
            vec![Way::new("Stop distribution", To::Act(id, Act::Stop))]
        }
        OfferState::Draft | OfferState::AttentionNeeded => {
            vec![Way::new("Delete the offer", To::Act(id, Act::Delete))]
        }
        OfferState::Preview | OfferState::Live => Vec::new(),
    }
}

/// The pages of the form, with what the rules find on each.
pub(super) fn parts(judged: &Judged) -> Vec<Part> {
    use market::lint::publish::Page;
    let form = &judged.offer.form;
    let said: Vec<_> = judged.findings.iter().filter(|it| is_of_form(it)).cloned().collect();
    let part = |page: Page| {
        let here = said.iter().filter(|it| Page::of(&it.field) == page);
        let weighed: Vec<Said> = here.map(Said::of).collect();
        let errors = weighed.iter().filter(|it| it.is_error()).count();
        Part {
            name: page.as_str(),
            path: To::Offer(&judged.offer.id, tab(page)).to_string(),
            state: completion(page.completion(form, &said)),
            errors,
            warnings: weighed.len().saturating_sub(errors),
        }
    };
    Page::ALL.map(part).into()
}

pub(super) fn run(it: &Submission, now: jiff::Timestamp) -> Run {
    let state = match it.outcome {
        Outcome::Running if it.awaits_review() => State::new("wait", "Waits for a reviewer"),
        Outcome::Running => State::new("wait", "Running"),
        Outcome::Succeeded => State::new("good", "Succeeded"),
        Outcome::Failed => State::new("bad", "Failed"),
        Outcome::Cancelled => State::new("", "Cancelled"),
    };
    let heading = match it.target {
        Slot::Preview => "Publication to the preview",
        Slot::Live => "Publication to the storefront",
    };
    let step = |step: &model::market::submission::Step| Step {
        name: called(step.kind),
        state: match step.status {
            StepStatus::NotStarted => State::new("", "Not started"),
            StepStatus::InProgress => State::new("wait", "In progress"),
            StepStatus::Waiting => State::new("wait", "Waiting"),
            StepStatus::Complete => State::new("good", "Complete"),
            StepStatus::Rejected => State::new("bad", "Rejected"),
            StepStatus::Cancelled => State::new("", "Cancelled"),
        },
        at: step.at.map(|at| Moment::new(at, now)),
        message: step.message.clone().unwrap_or_default(),
    };
    let noted = |it: &model::market::submission::FindingNote| Noted {
        rule: it.rule.clone(),
        field: it.field.clone(),
        reason: it.reason.clone(),
    };
    Run {
        heading,
        state,
        by: it.by.clone(),
        at: Moment::new(it.created, now),
        steps: it.steps.iter().map(step).collect(),
        findings: it.findings.iter().map(noted).collect(),
    }
}

impl Ask {
    /// The offer of the path, as its account's members see it.
    pub(super) async fn read_offer(&self, id: &OfferId) -> Result<Offer, Trouble> {
        let plane = self.plane();
        let work = |context| async move { read::read(plane, &context, id).await };
        self.market("GET", "offers/read", work).await
    }
}
