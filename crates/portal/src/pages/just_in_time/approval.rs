//! Deciding about a request, for a side that the visitor may decide for.

use arm::request::Method::Patch;
use askama::Template;
use axum::http::StatusCode;
use ids::guid::{ApprovalId, StageId};
use operations::activation::{
    approval::{Approval, Stage},
    called::About,
    decide::{self, Answer as Word, Review},
};

use super::{
    APPROVALS, Link,
    request::{Said, approval, deciders, said},
    told::{Facts, Names},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::{Told, Trouble},
    words::quoted,
};

/// A side that waits for the visitor's word.
struct Open {
    id: StageId,
    side: String,
    /// What was typed.
    justification: String,
}

#[derive(Template)]
#[template(path = "just-in-time/approval.html")]
struct View {
    frame: Frame,
    facts: Facts,
    said: Vec<Said>,
    open: Vec<Open>,
    refusal: Option<String>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = approval(&ask, ask.parsed(0)?).await?;
        view(&ask, found, (StatusCode::OK, None)).await
    })
}

pub(super) fn decide(ask: Ask) -> Answered {
    Box::pin(async move {
        let id: ApprovalId = ask.parsed(0)?;
        let before = approval(&ask, id).await?;
        let stage = ask.form.get("stage").and_then(|it| it.parse::<StageId>().ok());
        let stage = stage.ok_or(Trouble::Garbled("it names no stage of the approval"))?;
        let (answer, done) = match ask.form.get("answer") {
            Some("approve") => (Word::Approve, "Approved"),
            Some("deny") => (Word::Deny, "Denied"),
            Some(_) | None => return Err(Trouble::Garbled("it says neither yes nor no")),
        };
        let justification = ask.form.get("justification").map(str::to_owned);
        let review = Review { approval: id, stage, answer, justification };
        let plane = ask.plane();
        let work = async |context| decide::decide(plane, &context, review).await;
        match ask.arm((Patch, path(id, stage), APPROVALS), work).await {
            Ok(after) => {
                let role = crate::permissions::role_name(after.it.eligibility.role);
                let more = match after.standing {
                    activation::standing::Standing::Pending => " Somebody else decides beside you.",
                    activation::standing::Standing::TimedOut
                    | activation::standing::Standing::Scheduled
                    | activation::standing::Standing::Active
                    | activation::standing::Standing::Expired
                    | activation::standing::Standing::Denied
                    | activation::standing::Standing::Cancelled
                    | activation::standing::Standing::Deactivated
                    | activation::standing::Standing::Revoked => "",
                };
                let words = format!("{done}: the request for {role}.{more}");
                Ok(ask.done(words, Link::Approvals))
            }
            Err(refused @ Trouble::Refused(_)) => {
                let Told { status, words, .. } = refused.told();
                view(&ask, before, (status, Some(words))).await
            }
            Err(other) => Err(other),
        }
    })
}

fn path(id: ApprovalId, stage: StageId) -> String {
    format!("/providers/Microsoft.Authorization/roleAssignmentApprovals/{id}/stages/{stage}")
}

async fn view(
    ask: &Ask,
    found: Approval,
    (status, refusal): (StatusCode, Option<String>),
) -> Result<Answer, Trouble> {
    let about = About::shown(&found.of);
    let people = std::iter::once(found.of.it.who).chain(deciders(&found));
    let names = Names::of(ask, std::slice::from_ref(&about), people.collect::<Vec<_>>()).await?;
    let now = ask.plane().store.now();
    let facts = Facts::of(&names, &found.of, now);
    let typed = |stage: &Stage| {
        let is_it = ask.form.get("stage") == Some(stage.id.to_string().as_str());
        let text = ask.form.get("justification").filter(|_| is_it);
        text.unwrap_or_default().to_owned()
    };
    let side = |stage: &Stage| said(stage, &about, &names, now);
    let open =
        |stage: &Stage| Open { id: stage.id, side: side(stage).side, justification: typed(stage) };
    let mine = found.stages.iter().filter(|it| it.is_mine);
    let open: Vec<Open> = mine.map(open).collect();
    let frame = ask.frame(format!("Request for {}", facts.role)).await?;
    let mut frame = frame.below("Approve requests", Link::Approvals);
    for it in &open {
        let url = format!("{}?api-version={APPROVALS}", path(found.of.it.approval(), it.id));
        let body = r#"{"properties":{"reviewResult":"Approve","justification":"WHY"}}"#;
        let line = format!("az rest --method patch --url {} --body {}", quoted(&url), quoted(body));
        frame = frame.command("Approve it, or Deny it", line);
    }
    let said = found.stages.iter().map(side).collect();
    Answer::with(status, &View { frame, facts, said, open, refusal })
}
