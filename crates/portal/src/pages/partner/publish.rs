//! *Review and publish*: what is complete, what is objected to, and the submission.

use askama::Template;
use axum::http::StatusCode;
use ids::offer::OfferId;
use market::lint::publish::Page;
use operations::market::{IfMatch, submissions::submit};

use super::{
    draft::{judged, market_refusal},
    overview::{Part, parts},
    plans::save,
    sheet::Said,
    to::{Tab, To},
    top::{Top, is_of_form, tab},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
};

/// What a rule says, with the page where it is mended.
struct Line {
    said: Said,
    page: &'static str,
    path: String,
}

#[derive(Template)]
#[template(path = "partner/publish.html")]
struct View {
    frame: Frame,
    top: Top,
    refusal: Option<String>,
    parts: Vec<Part>,
    /// What stands against the account, or is under way.
    against: Vec<Said>,
    lines: Vec<Line>,
    notes: String,
    revision: u64,
    can_submit: bool,
    account: String,
}

/// `GET /partner-center/offers/{publisher}/{offer}/publish`
pub(super) fn open(ask: Ask) -> Answered {
    Box::pin(async move { draw(&ask, StatusCode::OK, None).await })
}

/// `POST` of the same: saves the notes, and submits the draft that was looked at.
pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer()?;
        let (wanted, before) = match noted(&ask, &id).await {
            Ok(it) => it,
            Err(trouble) => return told(&ask, trouble, "").await,
        };
        match submitted(&ask, &id, wanted).await {
            Ok(()) => Ok(ask.done(
                format!("{id} was submitted: it is being certified."),
                To::Offer(&id, Tab::Overview),
            )),
            Err(trouble) => told(&ask, trouble, before).await,
        }
    })
}

/// The page with what refused, after what was done before it.
async fn told(ask: &Ask, trouble: Trouble, before: &str) -> Result<Answer, Trouble> {
    let Some(refusal) = market_refusal(&trouble) else { return Err(trouble) };
    let words = format!("{before}{}", refused(refusal));
    draw(ask, trouble.told().status, Some(words)).await
}

fn refused(it: &operations::market::Refused) -> String {
    use operations::market::Refused;
    if let Refused::Objections(_) = it {
        "It was not submitted: mend what stands below.".to_owned()
    } else if let Refused::Stale { .. } = it {
        "It was not submitted: somebody saved the draft since you opened this page. Look at it again."
            .to_owned()
    } else {
        format!("It was not submitted: {it}.")
    }
}

/// Saves the notes where they are others. Tells which draft is to be submitted, the one that was
/// looked at with its notes and none that somebody saved since, and what to say was done.
async fn noted(ask: &Ask, id: &OfferId) -> Result<(IfMatch, &'static str), Trouble> {
    let offer = ask.read_offer(id).await?;
    let wanted = ask.revision()?;
    let notes = ask.form.get("notes").unwrap_or_default().replace("\r\n", "\n");
    if notes == offer.form.notes {
        return Ok((wanted, ""));
    }
    let form = model::market::form::Form { notes, ..offer.form };
    let saved = save(ask, id, &form, wanted).await?;
    Ok((IfMatch::Revision(saved.revision), "The notes were saved. "))
}

async fn submitted(ask: &Ask, id: &OfferId, wanted: IfMatch) -> Result<(), Trouble> {
    let (plane, operations) = (ask.plane(), &ask.surface.operations);
    let work =
        |context| async move { submit::submit(plane, &context, operations, id, wanted).await };
    ask.market("POST", "submissions/write", work).await.map(|_| ())
}

async fn draw(ask: &Ask, status: StatusCode, refusal: Option<String>) -> Result<Answer, Trouble> {
    let id = ask.offer()?;
    let judged = judged(ask, &id).await?;
    let offer = &judged.offer;
    let (of_form, against): (Vec<_>, Vec<_>) =
        judged.findings.iter().partition(|it| is_of_form(it));
    let line = |it: &&market::lint::Finding| {
        let page = Page::of(&it.field);
        Line {
            said: Said::of(it),
            page: page.as_str(),
            path: To::Offer(&id, tab(page)).to_string(),
        }
    };
    let mut lines: Vec<Line> = of_form.iter().map(line).collect();
    lines.sort_by_key(|it| !it.said.is_error());
    let incomplete = &market::lint::rules::INCOMPLETE;
    let against: Vec<Said> =
        against.iter().filter(|it| it.rule != incomplete).map(|it| Said::of(it)).collect();
    let can_submit = against.is_empty() && !lines.iter().any(|it| it.said.is_error());
    let server = &ask.plane().origins.graph;
    let frame = ask.offer_frame("Review and publish", &id).await?;
    let frame = frame.command("Publish", format!("fyr offer publish {id} --server {server}"));
    let notes = ask.form.get("notes").unwrap_or(&offer.form.notes).to_owned();
    let view = View {
        frame,
        top: Top::new(offer, Tab::Publish, &judged.findings),
        refusal,
        parts: parts(&judged),
        against,
        lines,
        notes,
        revision: offer.revision,
        can_submit,
        account: To::Account.to_string(),
    };
    Answer::with(status, &view)
}
