//! *Offers*: what the account publishes and where each stands; and a new one.

use askama::Template;
use axum::http::StatusCode;
use ids::offer::OfferId;
use market::lint::spelled;
use model::market::{
    account::Publisher,
    offer::{Offer, OfferState},
};
use operations::{
    market::{
        offers::{compare::waiting, create, read},
        publishers,
    },
    page::Paged,
};
use store::snapshot::Page;

use super::{
    draft::market_refusal,
    sheet::Said,
    shut::or_shut,
    to::{Tab, To},
    top::{State, state},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::{Moment, counted},
};

/// One offer of the list.
struct Row {
    name: String,
    alias: String,
    path: String,
    id: String,
    state: State,
    /// What of the draft is not published yet.
    waiting: String,
    plans: String,
    created: Moment,
}

#[derive(Template)]
#[template(path = "partner/offers.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    next: Option<String>,
    new: String,
    leads: String,
}

/// `GET /partner-center/offers`
pub(super) fn list(ask: Ask) -> Answered {
    const SHUT: &str = "You have no role in a publisher account of this directory, so there are no offers here for you. An owner or a manager of the account gives roles to its members.";
    Box::pin(async move { or_shut(&ask, ("Offers", SHUT), listed(&ask).await).await })
}

async fn listed(ask: &Ask) -> Result<Answer, Trouble> {
    let (plane, page) = (ask.plane(), ask.page(read::OFFERS_MAX)?);
    let work = |context| async move { read::list(plane, &context, page).await };
    let Paged { items, next } = ask.market("GET", "offers/read", work).await?;
    let mut rows = Vec::new();
    for it in &items {
        rows.push(row(ask, it).await?);
    }
    let server = &plane.origins.graph;
    let line = format!("az rest --resource {server} --url {server}/market/offers");
    let frame = ask.frame("Offers").await?.command("List the offers", line);
    let next = next.map(|place| ask.next(&place));
    let (new, leads) = (To::NewOffer.to_string(), To::Leads.to_string());
    Answer::page(&View { frame, rows, next, new, leads })
}

async fn row(ask: &Ask, it: &Offer) -> Result<Row, Trouble> {
    let title = &it.form.listing.title;
    let waiting = if it.state == OfferState::Live { changes(ask, it).await? } else { 0 };
    Ok(Row {
        name: if title.is_empty() { it.id.name.to_string() } else { title.clone() },
        alias: it.form.alias.clone(),
        path: To::Offer(&it.id, Tab::Overview).to_string(),
        id: it.id.to_string(),
        state: state(it),
        waiting: if waiting == 0 { String::new() } else { counted(waiting, "unpublished change") },
        plans: counted(it.form.plans.len(), "plan"),
        created: Moment::new(it.created, ask.plane().store.now()),
    })
}

/// How many fields of the draft are not as they are live.
async fn changes(ask: &Ask, listed: &Offer) -> Result<usize, Trouble> {
    let plane = ask.plane();
    let work = |context| async move { waiting(plane, &context, listed).await };
    ask.market("GET", "offers/read", work).await
}

#[derive(Template)]
#[template(path = "partner/new_offer.html")]
struct New {
    frame: Frame,
    refusal: Option<String>,
    /// What is wrong with the id.
    said: Vec<Said>,
    /// Each with its name.
    publishers: Vec<(String, String)>,
    publisher: String,
    id: String,
    alias: String,
    /// Where a publisher is made.
    make: String,
}

/// `GET /partner-center/new-offer`
pub(super) fn new(ask: Ask) -> Answered {
    Box::pin(async move { draw(&ask, StatusCode::OK, None, Vec::new()).await })
}

/// `POST /partner-center/new-offer`
pub(super) fn create(ask: Ask) -> Answered {
    Box::pin(async move {
        publishers(&ask).await?; // who may see none is told so, whatever they send
        let name = ask.form.get("id").unwrap_or_default();
        let name = match spelled::offer_id("offerId", name) {
            Ok(name) => name,
            Err(wrong) => {
                let said = vec![Said::of(&wrong)];
                return draw(&ask, StatusCode::BAD_REQUEST, None, said).await;
            }
        };
        let publisher = ask.form.get("publisher").and_then(|it| it.parse().ok());
        let publisher = publisher.ok_or(Trouble::Garbled("it names no publisher"))?;
        let (plane, id) = (ask.plane(), OfferId { publisher, name });
        let alias = ask.form.get("alias").unwrap_or(id.name.as_str());
        let work = |context| {
            let id = &id;
            async move { create::create(plane, &context, id, alias).await }
        };
        match ask.market("POST", "offers/write", work).await {
            Ok(_) => Ok(ask.done(format!("Offer {id} was created."), To::Offer(&id, Tab::Setup))),
            Err(trouble) => match market_refusal(&trouble).map(ToString::to_string) {
                Some(words) => draw(&ask, trouble.told().status, Some(words), Vec::new()).await,
                None => Err(trouble),
            },
        }
    })
}

async fn draw(
    ask: &Ask,
    status: StatusCode,
    refusal: Option<String>,
    said: Vec<Said>,
) -> Result<Answer, Trouble> {
    let all = publishers(ask).await?;
    let told = |name| ask.form.get(name).unwrap_or_default().to_owned();
    let frame = ask.frame("New offer").await?.below("Offers", To::Offers);
    let view = New {
        frame,
        refusal,
        said,
        publishers: all.into_iter().map(|it| (it.id.to_string(), it.display_name)).collect(),
        publisher: told("publisher"),
        id: told("id"),
        alias: told("alias"),
        make: To::Publishers.to_string(),
    };
    Answer::with(status, &view)
}

/// The publishers of the account.
async fn publishers(ask: &Ask) -> Result<Vec<Publisher>, Trouble> {
    let plane = ask.plane();
    let work = |context| async move { publishers::list(plane, &context, Page::first()).await };
    Ok(ask.market("GET", "publishers/read", work).await?.items)
}
