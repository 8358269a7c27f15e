//! *Send a test lead*: whether what the saved draft says of where leads go is taken there.

use askama::Template;
use axum::http::StatusCode;
use ids::offer::OfferId;
use model::market::{
    form::Destination,
    lead::{Delivery, Lead},
};
use operations::market::{Refused, leads::try_out};

use super::{
    draft::market_refusal,
    sheet::Said,
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

/// How often a test lead that is under way is asked for, in milliseconds.
const REFRESH: u32 = 1_000;

/// The test lead that was sent last.
struct Sent {
    /// What each of its texts begins with.
    name: String,
    at: Moment,
    state: State,
    reason: String,
    is_pending: bool,
}

#[derive(Template)]
#[template(path = "partner/test_lead.html")]
struct View {
    frame: Frame,
    top: Top,
    refusal: Option<String>,
    /// What is against it.
    said: Vec<Said>,
    /// Where it goes; none where the draft names no place.
    url: Option<String>,
    last: Option<Sent>,
    refresh: Option<u32>,
    back: String,
}

/// `GET /partner-center/offers/{publisher}/{offer}/test-lead`
pub(super) fn open(ask: Ask) -> Answered {
    Box::pin(async move { draw(&ask, StatusCode::OK, None).await })
}

/// `POST` of the same.
pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer()?;
        let (plane, offer) = (ask.plane(), &id);
        let work = |context| async move { try_out::send(plane, &context, offer).await };
        match ask.market("POST", "leads/write", work).await {
            Ok(_) => Ok(ask.done(
                "A test lead is under way: what comes of it stands below.",
                To::Offer(&id, Tab::TestLead),
            )),
            Err(trouble) => match market_refusal(&trouble) {
                Some(Refused::NotFound(_) | Refused::NoAccount) | None => Err(trouble),
                Some(refused) => draw(&ask, trouble.told().status, Some(refused)).await,
            },
        }
    })
}

async fn draw(ask: &Ask, status: StatusCode, refused: Option<&Refused>) -> Result<Answer, Trouble> {
    let id = ask.offer()?;
    let offer = ask.read_offer(&id).await?;
    let last = last(ask, &id).await?;
    let (refusal, said) = match refused {
        Some(Refused::Objections(found)) => {
            let words = "Nothing was sent: mend what stands below.".to_owned();
            (Some(words), found.iter().map(Said::of).collect())
        }
        Some(other) => (Some(format!("Nothing was sent: {other}.")), Vec::new()),
        None => (None, Vec::new()),
    };
    let url = match &offer.form.leads {
        Destination::None => None,
        Destination::HttpsEndpoint { url, .. } => Some(url.clone()),
    };
    let server = &ask.plane().origins.graph;
    let frame = ask.offer_frame("Send a test lead", &id).await?;
    let frame = frame
        .below("Offer setup", To::Offer(&id, Tab::Setup))
        .command("Send a test lead", format!("fyr offer leads {id} --test --server {server}"));
    let view = View {
        frame,
        top: Top::new(&offer, Tab::TestLead, &[]),
        refusal,
        said,
        url,
        refresh: last.as_ref().filter(|it| it.is_pending).map(|_| REFRESH),
        last,
        back: To::Offer(&id, Tab::Setup).to_string(),
    };
    Answer::with(status, &view)
}

/// What came of the last one.
async fn last(ask: &Ask, id: &OfferId) -> Result<Option<Sent>, Trouble> {
    let (plane, now) = (ask.plane(), ask.plane().store.now());
    let work = |context| async move { try_out::last(plane, &context, id).await };
    match ask.market("GET", "offers/read", work).await {
        Ok(lead) => Ok(Some(sent(lead, now))),
        Err(trouble) => match market_refusal(&trouble) {
            Some(Refused::NotFound(_)) => Ok(None),
            _ => Err(trouble),
        },
    }
}

fn sent(lead: Lead, now: jiff::Timestamp) -> Sent {
    let (state, reason, is_pending) = match lead.delivery {
        Delivery::Pending { .. } => (State::new("wait", "Under way"), String::new(), true),
        Delivery::Delivered { .. } => (State::new("good", "Taken"), String::new(), false),
        Delivery::Failed { reason } => (State::new("bad", "Not taken"), reason, false),
    };
    Sent { name: lead.offer_title, at: Moment::new(lead.at, now), state, reason, is_pending }
}
