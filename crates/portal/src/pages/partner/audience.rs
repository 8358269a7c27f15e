//! Audiences as lists: exported, changed in a spreadsheet, imported again.

use askama::Template;
use axum::http::StatusCode;
use ids::offer::{OfferId, PlanName};
use market::audience::{PREVIEW_MAX, PRIVATE_MAX};
use operations::market::{
    Refused,
    offers::audience::{self, Whose},
};

use super::{
    draft::market_refusal,
    to::{PlanTab, Tab, To},
    top::Top,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::counted,
};

/// Of a list of ten thousand subscriptions.
pub(super) const LIST: usize = 2 << 20;

#[derive(Template)]
#[template(path = "partner/audience.html")]
struct View {
    frame: Frame,
    top: Top,
    refusal: Option<String>,
    /// What is wrong with the list, by its lines.
    faults: Vec<String>,
    count: String,
    max: usize,
    export: String,
    back: String,
    revision: u64,
}

/// Whose list the path names.
fn whose(ask: &Ask) -> Result<Whose, Trouble> {
    if ask.keys.len() > 2 { ask.parsed(2).map(Whose::Plan) } else { Ok(Whose::Preview) }
}

/// `GET …/preview/list`, `GET …/plans/{plan}/availability/list`
pub(super) fn open(ask: Ask) -> Answered {
    Box::pin(async move { draw(&ask, StatusCode::OK, None, Vec::new()).await })
}

/// The same with `.csv`: the list itself.
pub(super) fn export(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, whose) = (ask.offer()?, whose(&ask)?);
        let (plane, of, whom) = (ask.plane(), &id, &whose);
        let work = |context| async move { audience::export(plane, &context, of, whom).await };
        let list = ask.market("GET", "offers/read", work).await?;
        let name = match &whose {
            Whose::Preview => format!("{id}-preview.csv"),
            Whose::Plan(plan) => format!("{id}-{plan}.csv"),
        };
        Ok(Answer::Save { name, kind: "text/csv; charset=utf-8", bytes: list.into_bytes() })
    })
}

/// `POST` of the same: the list takes the place of the audience.
pub(super) fn import(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, whose) = (ask.offer()?, whose(&ask)?);
        ask.read_offer(&id).await?;
        let wanted = ask.revision()?;
        let Some(file) = ask.form.file("list") else {
            let words = "No file was chosen.".to_owned();
            return draw(&ask, StatusCode::BAD_REQUEST, Some(words), Vec::new()).await;
        };
        let (plane, of, whom) = (ask.plane(), &id, &whose);
        let work = |context| async move {
            audience::import(plane, &context, of, whom, &file.bytes, wanted).await
        };
        match ask.market("POST", "offers/write", work).await {
            Ok(_) => Ok(ask.done("The list was imported.", back(&id, &whose))),
            Err(trouble) => {
                let status = trouble.told().status;
                match market_refusal(&trouble) {
                    Some(Refused::NotFound(_)) | None => Err(trouble),
                    Some(Refused::Audience(faults)) => {
                        let words =
                            "Nothing was imported: mend these lines, and import the list again.";
                        let faults = faults.iter().map(ToString::to_string).collect();
                        draw(&ask, status, Some(words.to_owned()), faults).await
                    }
                    Some(other) => {
                        let words = format!("Nothing was imported: {other}.");
                        draw(&ask, status, Some(words), Vec::new()).await
                    }
                }
            }
        }
    })
}

fn back(id: &OfferId, whose: &Whose) -> String {
    match whose {
        Whose::Preview => To::Offer(id, Tab::Preview).to_string(),
        Whose::Plan(plan) => To::Plan(id, plan, PlanTab::Availability).to_string(),
    }
}

async fn draw(
    ask: &Ask,
    status: StatusCode,
    refusal: Option<String>,
    faults: Vec<String>,
) -> Result<Answer, Trouble> {
    let (id, whose) = (ask.offer()?, whose(ask)?);
    let offer = ask.read_offer(&id).await?;
    let (title, count, max) = match &whose {
        Whose::Preview => (
            "Preview audience as a list".to_owned(),
            offer.form.preview_audience.len(),
            PREVIEW_MAX,
        ),
        Whose::Plan(name) => {
            let plan = offer.form.plan(name).ok_or(Trouble::Nothing)?;
            (format!("Private audience of {name} as a list"), plan.audience.len(), PRIVATE_MAX)
        }
    };
    let server = &ask.plane().origins.graph;
    let line = format!("az rest --resource {server} --url {server}/market{}", api(&id, &whose));
    let frame = ask.offer_frame(&title, &id).await?.command("The list as CSV", line);
    let view = View {
        frame,
        top: Top::new(&offer, Tab::PreviewList, &[]),
        refusal,
        faults,
        count: counted(count, "subscription"),
        max,
        export: file(&id, &whose),
        back: back(&id, &whose),
        revision: ask.draft_shown(status, offer.revision),
    };
    Answer::with(status, &view)
}

fn file(id: &OfferId, whose: &Whose) -> String {
    match whose {
        Whose::Preview => To::Offer(id, Tab::PreviewFile).to_string(),
        Whose::Plan(plan) => To::Plan(id, plan, PlanTab::AudienceFile).to_string(),
    }
}

fn api(id: &OfferId, whose: &Whose) -> String {
    let plan = |plan: &PlanName| format!("/offers/{id}/plans/{plan}/audience");
    match whose {
        Whose::Preview => format!("/offers/{id}/audience"),
        Whose::Plan(name) => plan(name),
    }
}
