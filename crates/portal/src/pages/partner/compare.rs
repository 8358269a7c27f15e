//! *Compare*: two of the draft, the preview and what is live; and the offer's history.

use askama::Template;
use market::compare::{Change, Difference};
use operations::{
    market::{
        Refused,
        offers::{
            compare::{Pair, compare},
            history,
        },
    },
    page::Paged,
};

use super::{
    draft::market_refusal,
    to::{Tab, To},
    top::{State, Top},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::Moment,
};

/// So many entries on a page.
const PAGE: usize = 50;
/// So many fields on a page: an audience may have thousands.
const FIELDS_MAX: usize = 500;

/// One field in both forms.
struct Row {
    field: String,
    state: State,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "partner/compare.html")]
struct View {
    frame: Frame,
    top: Top,
    /// With what: each with its page, and whether it is this one.
    sides: Vec<(&'static str, String, bool)>,
    /// Which two, as the query says it.
    of: String,
    /// What the two are called: what would be replaced, and what goes on.
    names: (&'static str, &'static str),
    /// Nothing, where nothing is published there.
    rows: Option<Vec<Row>>,
    /// How many there are beyond those that are shown.
    more: usize,
    shows_all: bool,
}

/// `GET /partner-center/offers/{publisher}/{offer}/compare`
pub(super) fn open(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer()?;
        let pair = match ask.query.get("of") {
            None => Pair::DraftAndLive,
            Some("draft-preview") => Pair::DraftAndPreview,
            Some("preview-live") => Pair::PreviewAndLive,
            Some(_) => return Err(Trouble::Nothing),
        };
        let shows_all = ask.query.get("show") == Some("all");
        let offer = ask.read_offer(&id).await?;
        let (plane, of) = (ask.plane(), &id);
        let work = |context| async move { compare(plane, &context, of, pair).await };
        let found = match ask.market("GET", "offers/read", work).await {
            Ok(found) => Some(found),
            Err(trouble) => match market_refusal(&trouble) {
                Some(Refused::NotFound(_)) => None,
                _ => return Err(trouble),
            },
        };
        let wanted = |it: &Difference| shows_all || it.change.is_modified();
        let mut rows: Option<Vec<Row>> =
            found.map(|all| all.into_iter().filter(wanted).map(row).collect());
        let count = rows.as_ref().map_or(0, Vec::len);
        if let Some(rows) = &mut rows {
            rows.truncate(FIELDS_MAX);
        }
        let side =
            |name, side| (name, To::Offer(&id, Tab::Compare(side)).to_string(), side == pair);
        let view = View {
            frame: ask.offer_frame("Compare", &id).await?,
            top: Top::new(&offer, Tab::Compare(pair), &[]),
            sides: vec![
                side("Draft and live", Pair::DraftAndLive),
                side("Draft and preview", Pair::DraftAndPreview),
                side("Preview and live", Pair::PreviewAndLive),
            ],
            of: ask.query.get("of").unwrap_or_default().to_owned(),
            names: names(pair),
            rows,
            more: count.saturating_sub(FIELDS_MAX),
            shows_all,
        };
        Answer::page(&view)
    })
}

fn names(pair: Pair) -> (&'static str, &'static str) {
    match pair {
        Pair::DraftAndLive => ("Live", "Draft"),
        Pair::DraftAndPreview => ("Preview", "Draft"),
        Pair::PreviewAndLive => ("Live", "Preview"),
    }
}

fn row(it: Difference) -> Row {
    let (state, before, after) = match it.change {
        Change::Added(after) => (State::new("good", "Added"), String::new(), after),
        Change::Removed(before) => (State::new("bad", "Removed"), before, String::new()),
        Change::Edited { before, after } => (State::new("wait", "Edited"), before, after),
        Change::Unchanged(same) => (State::new("", "Unchanged"), same.clone(), same),
    };
    Row { field: it.field, state, before, after }
}

/// Something that happened.
struct Entry {
    at: Moment,
    event: String,
    /// Nobody, where a step did it.
    by: String,
}

#[derive(Template)]
#[template(path = "partner/history.html")]
struct History {
    frame: Frame,
    top: Top,
    entries: Vec<Entry>,
    next: Option<String>,
}

/// `GET /partner-center/offers/{publisher}/{offer}/history`
pub(super) fn history(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, page) = (ask.offer()?, ask.page(PAGE)?);
        let offer = ask.read_offer(&id).await?;
        let (plane, of, now) = (ask.plane(), &id, ask.plane().store.now());
        let work = |context| async move { history::list(plane, &context, of, page).await };
        let Paged { items, next } = ask.market("GET", "offers/read", work).await?;
        let entry = |it: model::market::offer::HistoryEntry| Entry {
            at: Moment::new(it.at, now),
            event: it.event,
            by: it.by.unwrap_or_default(),
        };
        let view = History {
            frame: ask.offer_frame("History", &id).await?,
            top: Top::new(&offer, Tab::History, &[]),
            entries: items.into_iter().map(entry).collect(),
            next: next.map(|place| ask.next(&place)),
        };
        Answer::page(&view)
    })
}
