//! *Leads*: who took an offer or wants to know of it, and whether the publisher was told.

use askama::Template;
use model::market::lead::{Delivery, Lead, LeadPerson};
use operations::{market::leads::read, page::Paged};

use super::{
    shut::or_shut,
    to::{Tab, To},
    top::State,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::{Moment, counted},
};

/// So many leads on a page.
const PAGE: usize = 50;

/// One lead.
struct Row {
    at: Moment,
    offer: String,
    path: String,
    title: String,
    source: String,
    who: String,
    email: String,
    phone: String,
    company: String,
    delivery: State,
    /// Why it did not arrive.
    reason: String,
}

#[derive(Template)]
#[template(path = "partner/leads.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    next: Option<String>,
}

/// `GET /partner-center/leads`
pub(super) fn list(ask: Ask) -> Answered {
    const SHUT: &str = "Leads tell of customers' people: the owners of the publisher account read them, and nobody else.";
    Box::pin(async move { or_shut(&ask, ("Leads", SHUT), listed(&ask).await).await })
}

async fn listed(ask: &Ask) -> Result<Answer, Trouble> {
    let (plane, page, now) = (ask.plane(), ask.page(PAGE)?, ask.plane().store.now());
    let work = |context| async move { read::list(plane, &context, page).await };
    let Paged { items, next } = ask.market("GET", "leads/read", work).await?;
    let server = &plane.origins.graph;
    let line = format!("fyr offer leads --server {server}");
    let frame =
        ask.frame("Leads").await?.below("Offers", To::Offers).command("List the leads", line);
    let rows = items.into_iter().map(|it| row(it, now)).collect();
    Answer::page(&View { frame, rows, next: next.map(|place| ask.next(&place)) })
}

fn row(it: Lead, now: jiff::Timestamp) -> Row {
    let person = it.person.unwrap_or_default();
    let LeadPerson { first_name, last_name, email, phone, company, .. } = person;
    let (delivery, reason) = match it.delivery {
        Delivery::Pending { attempts } => (
            State::new(
                "wait",
                format!("On its way, after {}", counted(attempts as usize, "attempt")),
            ),
            String::new(),
        ),
        Delivery::Delivered { .. } => (State::new("good", "Delivered"), String::new()),
        Delivery::Failed { reason } => (State::new("bad", "Not delivered"), reason),
    };
    Row {
        at: Moment::new(it.at, now),
        path: To::Offer(&it.offer, Tab::Overview).to_string(),
        offer: it.offer.to_string(),
        title: it.offer_title,
        source: format!("{}: {}", it.source, it.action),
        who: format!("{first_name} {last_name}").trim().to_owned(),
        email,
        phone,
        company,
        delivery,
        reason,
    }
}
