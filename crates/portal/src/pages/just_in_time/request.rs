//! One request: what was asked for, who decided, and taking it back.

use activation::standing::Standing;
use arm::request::Method::{Get, Post};
use askama::Template;
use axum::http::StatusCode;
use ids::resource::{ActivationId, ResourceId};
use operations::activation::{
    Shown,
    approval::{self, Approval, Outcome, Stage},
    called::About,
    cancel, read,
};

use super::{
    APPROVALS, Link, VERSION, below, hidden,
    told::{Facts, Names, Person},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::{Told, Trouble},
    words::{Moment, quoted},
};

/// What one side said.
pub(super) struct Said {
    pub(super) side: String,
    pub(super) kind: &'static str,
    pub(super) state: &'static str,
    pub(super) by: Option<Person>,
    pub(super) on: Option<Moment>,
    pub(super) justification: String,
}

#[derive(Template)]
#[template(path = "just-in-time/request.html")]
struct View {
    frame: Frame,
    facts: Facts,
    said: Vec<Said>,
    may_cancel: bool,
    deactivate: Option<String>,
    /// Where the visitor decides about it.
    decide: Option<String>,
    back: (String, &'static str),
    refusal: Option<String>,
}

/// The request that the query names.
fn id(ask: &Ask) -> Result<ActivationId, Trouble> {
    let home = ask.visitor()?.principal().tenant;
    let text = ask.query.get("id").unwrap_or_default();
    let id = ResourceId::parse(text, home).map_err(|_| Trouble::Nothing)?;
    id.try_into().map_err(|_| Trouble::Nothing)
}

async fn found(ask: &Ask, id: &ActivationId) -> Result<(Shown, Approval), Trouble> {
    let (plane, wanted) = (ask.plane(), id.clone());
    let work = async |context| read::get(plane, &context, wanted).await;
    let shown = hidden(ask.arm((Get, path(id), VERSION), work).await)?;
    let of = shown.it.approval();
    Ok((shown, approval(ask, of).await?))
}

/// The request's path, as ARM reads it.
fn path(id: &ActivationId) -> String {
    below(id.scope(), &format!("{}/{}", super::REQUESTS, id.name()))
}

/// The approval of that id, for a visitor who has a part in it.
pub(super) async fn approval(ask: &Ask, id: ids::guid::ApprovalId) -> Result<Approval, Trouble> {
    let plane = ask.plane();
    let request = (
        Get,
        format!("/providers/Microsoft.Authorization/roleAssignmentApprovals/{id}"),
        APPROVALS,
    );
    hidden(ask.arm(request, async |context| approval::get(plane, &context, id).await).await)
}

/// Everybody who decided.
pub(super) fn deciders(it: &Approval) -> impl Iterator<Item = ids::guid::Principal> + Send + '_ {
    it.stages.iter().filter_map(|stage| match &stage.outcome {
        Outcome::Approved(it) | Outcome::Denied(it) => Some(it.by),
        Outcome::Open | Outcome::Moot => None,
    })
}

/// What a side said, or has still to say.
pub(super) fn said(stage: &Stage, about: &About, names: &Names, now: jiff::Timestamp) -> Said {
    use model::activation::Side;
    let tenant = match stage.side {
        Side::Provider => Some(about.provider()),
        Side::Customer => about.customer(),
    };
    let (kind, state, decision) = match &stage.outcome {
        Outcome::Open => ("wait", "Waits", None),
        Outcome::Approved(it) => ("good", "Approved", Some(it)),
        Outcome::Denied(it) => ("bad", "Denied", Some(it)),
        Outcome::Moot => ("", "Not asked any more", None),
    };
    Said {
        side: tenant.map(|id| names.tenant(id)).unwrap_or_default(),
        kind,
        state,
        by: decision.map(|it| names.person(it.by)),
        on: decision.map(|it| Moment::new(it.on, now)),
        justification: decision.and_then(|it| it.justification.clone()).unwrap_or_default(),
    }
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = id(&ask)?;
        let found = found(&ask, &id).await?;
        view(&ask, &id, found, (StatusCode::OK, None)).await
    })
}

pub(super) fn cancel(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = id(&ask)?;
        let before = found(&ask, &id).await?;
        let (plane, wanted) = (ask.plane(), id.clone());
        let work = async |context| cancel::cancel(plane, &context, wanted).await;
        match ask.arm((Post, path(&id) + "/cancel", VERSION), work).await {
            Ok(_) => Ok(ask.done("The request is cancelled.", Link::Requests)),
            Err(refused @ Trouble::Refused(_)) => {
                let Told { status, words, .. } = refused.told();
                view(&ask, &id, before, (status, Some(words))).await
            }
            Err(other) => Err(other),
        }
    })
}

async fn view(
    ask: &Ask,
    id: &ActivationId,
    (shown, approval): (Shown, Approval),
    (status, refusal): (StatusCode, Option<String>),
) -> Result<Answer, Trouble> {
    let about = About::shown(&shown);
    let people = std::iter::once(shown.it.who).chain(deciders(&approval));
    let names = Names::of(ask, std::slice::from_ref(&about), people.collect::<Vec<_>>()).await?;
    let now = ask.plane().store.now();
    let is_mine = shown.it.who == ask.visitor()?.principal();
    let may_cancel = is_mine && matches!(shown.standing, Standing::Pending | Standing::Scheduled);
    let facts = Facts::of(&names, &shown, now);
    let back = if is_mine {
        (Link::Requests.to_string(), "My requests")
    } else {
        (Link::Approvals.to_string(), "Approve requests")
    };
    let frame = ask.frame(format!("Request for {}", facts.role)).await?;
    let mut frame = frame.below(back.1, &back.0).command(
        "Show this request",
        format!("az rest --method get --url {}", quoted(&format!("{id}?api-version={VERSION}"))),
    );
    if may_cancel {
        let line = quoted(&format!("{id}/cancel?api-version={VERSION}"));
        frame = frame.command("Take it back", format!("az rest --method post --url {line}"));
    }
    let (at, role) = (shown.it.id.scope(), shown.it.eligibility.role);
    let is_active = is_mine && shown.standing == Standing::Active;
    let is_due = approval.stages.iter().any(|it| it.is_mine);
    let view = View {
        frame,
        said: approval.stages.iter().map(|it| said(it, &about, &names, now)).collect(),
        may_cancel,
        deactivate: is_active.then(|| Link::Deactivate(at, role).to_string()),
        decide: is_due.then(|| Link::Approval(shown.it.approval()).to_string()),
        back,
        facts,
        refusal,
    };
    Answer::with(status, &view)
}
