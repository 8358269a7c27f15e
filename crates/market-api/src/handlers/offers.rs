//! `/market/offers`: what the ingestion API has no word for.

use base64::{Engine, prelude::BASE64_STANDARD};
use ids::offer::PlanName;
use model::market::submission::SubmissionId;
use operations::market::{
    leads,
    offers::{
        audience::{self, Whose},
        compare::{self, Pair},
        distribution, history,
        media::{self, For},
        read,
    },
    submissions,
};
use serde_json::Value;
use wire::{account::lead, account::list as page, ingestion::job, offers as body};

use crate::{
    answer::{Answer, Content},
    failure::Failure,
    route::{Answered, Ask},
};

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = read::list(ask.plane(), ask.context()?, ask.page()?).await?;
        let items: Vec<Value> = found.items.iter().map(body::offer).collect();
        Ok(Answer::json(200, page(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        let offer = read::read(ask.plane(), ask.context()?, &ask.offer(0)?).await?;
        Ok(shown(&offer))
    })
}

fn shown(offer: &model::market::offer::Offer) -> Answer {
    Answer::json(200, body::offer(offer)).with("etag", format!("\"{}\"", offer.revision))
}

pub(crate) fn history(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, wanted) = (ask.offer(0)?, ask.page()?);
        let found = history::list(ask.plane(), ask.context()?, &id, wanted).await?;
        let items: Vec<Value> = found.items.iter().map(body::history).collect();
        Ok(Answer::json(200, page(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

/// The draft (or the preview, `of=preview`) beside what is published. `filter=modified` leaves out
/// what is alike.
pub(crate) fn compared(ask: Ask) -> Answered {
    Box::pin(async move {
        let pair = pair(ask.query.get("of"), ask.query.get("with"))?;
        let found = compare::compare(ask.plane(), ask.context()?, &ask.offer(0)?, pair).await?;
        let all = ask.query.get("filter").is_none_or(|it| it != "modified");
        let shown = found.iter().filter(|it| all || it.change.is_modified());
        let items: Vec<Value> = shown.map(body::difference).collect();
        Ok(Answer::json(200, page(&items, None)))
    })
}

fn pair(of: Option<&str>, with: Option<&str>) -> Result<Pair, Failure> {
    let bad = |name, why: &str| Err(Failure::Query(name, why.to_owned()));
    match (of.unwrap_or("draft"), with.unwrap_or("live")) {
        ("draft", "preview") => Ok(Pair::DraftAndPreview),
        ("draft", "live") => Ok(Pair::DraftAndLive),
        ("preview", "live") => Ok(Pair::PreviewAndLive),
        ("draft", _) => bad("with", "it is `preview` or `live`"),
        ("preview", _) => bad("with", "it is `live`, which a preview is compared with"),
        _ => bad("of", "it is `draft` or `preview`"),
    }
}

pub(crate) fn cancel(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, context, id) = (ask.plane(), ask.context()?, ask.offer(0)?);
        let offer = read::read(plane, context, &id).await?;
        let cancelled = submissions::cancel::cancel(plane, context, &id).await?;
        let origin = &plane.origins.graph;
        Ok(Answer::json(200, job::submission(offer.durable, &cancelled, origin)))
    })
}

pub(crate) fn stop(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer(0)?;
        Ok(shown(&distribution::stop_offer(ask.plane(), ask.context()?, &id).await?))
    })
}

pub(crate) fn resume(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer(0)?;
        Ok(shown(&distribution::resume_offer(ask.plane(), ask.context()?, &id).await?))
    })
}

pub(crate) fn stop_plan(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, plan): (_, PlanName) = (ask.offer(0)?, ask.parsed(1)?);
        Ok(shown(&distribution::stop_plan(ask.plane(), ask.context()?, &id, &plan).await?))
    })
}

pub(crate) fn resume_plan(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, plan): (_, PlanName) = (ask.offer(0)?, ask.parsed(1)?);
        Ok(shown(&distribution::resume_plan(ask.plane(), ask.context()?, &id, &plan).await?))
    })
}

/// Whose audience: the preview's, or that of the plan in the path.
fn whose(ask: &Ask) -> Result<Whose, Failure> {
    if ask.keys.len() > 1 { ask.parsed(1).map(Whose::Plan) } else { Ok(Whose::Preview) }
}

pub(crate) fn audience(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, whose) = (ask.offer(0)?, whose(&ask)?);
        let list = audience::export(ask.plane(), ask.context()?, &id, &whose).await?;
        Ok(Answer::new(200, Content::Csv("audience.csv", list)))
    })
}

pub(crate) fn import_audience(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, whose, wanted) = (ask.offer(0)?, whose(&ask)?, ask.if_match()?);
        let (plane, context) = (ask.plane(), ask.context()?);
        let put = audience::import(plane, context, &id, &whose, &ask.body, wanted).await?;
        Ok(shown(&put.into_inner()))
    })
}

/// A picture: a PNG as the whole body. `purpose` and `fileName` stand in the query.
pub(crate) fn upload(ask: Ask) -> Answered {
    Box::pin(async move {
        let purpose = match ask.query.get("purpose") {
            Some("logo") => For::Logo,
            Some("screenshot") => For::Screenshot,
            Some(_) | None => {
                let why = "it is `logo` or `screenshot`".to_owned();
                return Err(Failure::Query("purpose", why));
            }
        };
        let file = ask.query.get("fileName").unwrap_or("picture.png").to_owned();
        let bytes = ask.body.clone();
        let put = media::upload(ask.plane(), ask.context()?, purpose, &file, bytes).await?;
        let status = put.status();
        let media = format!("{}/market/media", ask.plane().origins.graph);
        Ok(Answer::json(status, body::picture(&put.into_inner(), &media)))
    })
}

pub(crate) fn picture(ask: Ask) -> Answered {
    Box::pin(async move {
        let media = read::media(ask.plane(), ask.context()?, ask.key(0)).await?;
        let bytes = BASE64_STANDARD.decode(media.bytes).map_err(|_| Failure::Nothing)?;
        Ok(Answer::new(200, Content::Png(bytes)))
    })
}

pub(crate) fn leads(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = leads::read::list(ask.plane(), ask.context()?, ask.page()?).await?;
        let items: Vec<Value> = found.items.iter().map(lead).collect();
        Ok(Answer::json(200, page(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

/// The test lead that was sent last for the offer, and whether it was taken.
pub(crate) fn test_lead(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer(0)?;
        let found = leads::try_out::last(ask.plane(), ask.context()?, &id).await?;
        Ok(Answer::json(200, lead(&found)))
    })
}

/// Sends one to where the saved draft says that leads go.
pub(crate) fn send_test_lead(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = ask.offer(0)?;
        let sent = leads::try_out::send(ask.plane(), ask.context()?, &id).await?;
        Ok(Answer::json(202, lead(&sent)))
    })
}

/// What certification would object to, if the draft were submitted now.
pub(crate) fn findings(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, context, id) = (ask.plane(), ask.context()?, ask.offer(0)?);
        let operations = &ask.surface.operations;
        let found = submissions::lint::lint(plane, context, operations, &id).await?;
        let items: Vec<Value> = found.iter().map(body::finding).collect();
        Ok(Answer::json(200, page(&items, None)))
    })
}

/// The operators': what waits for their word.
pub(crate) fn waiting(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = submissions::read::waiting(ask.plane(), ask.context()?, ask.page()?).await?;
        let items: Vec<Value> = found.items.iter().map(body::waiting).collect();
        Ok(Answer::json(200, page(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

/// The operators': what a submission asks them to look at.
pub(crate) fn submitted(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = SubmissionId(ask.parsed(1)?);
        let (plane, context) = (ask.plane(), ask.context()?);
        let shown = submissions::read::read(plane, context, id).await?;
        let edition = submissions::read::submitted(plane, context, id).await?;
        let media = format!("{}/market/media", ask.plane().origins.graph);
        Ok(Answer::json(200, body::submitted(&shown.submission, &edition, &media)))
    })
}

/// The operators': a word on a submission that waits for one.
pub(crate) fn review(ask: Ask) -> Answered {
    Box::pin(async move {
        let (is_approved, report) = body::read_review(&ask.body)?;
        let id = SubmissionId(ask.parsed(1)?);
        let (plane, context) = (ask.plane(), ask.context()?);
        let word = submissions::review::Word { is_approved, report };
        submissions::review::review(plane, context, id, &word).await?;
        Ok(Answer::done())
    })
}
