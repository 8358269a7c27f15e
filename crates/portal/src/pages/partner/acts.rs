//! What ends or begins something for others: each on a page that says what is lost and for whom, and
//! asks once.

use askama::Template;
use axum::http::StatusCode;
use ids::{
    offer::{OfferId, PlanName, Slot},
    version::Version,
};
use operations::market::{
    IfMatch, Refused,
    offers::{delete, distribution, read, sync},
    submissions::{cancel, go_live},
};

use super::{
    draft::market_refusal,
    plans::save,
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

#[derive(Template)]
#[template(path = "partner/act.html")]
struct View {
    frame: Frame,
    top: Top,
    refusal: Option<String>,
    /// What becomes of it, a sentence each.
    says: Vec<String>,
    button: &'static str,
    is_ending: bool,
    back: String,
    revision: u64,
    /// Which preview was looked at.
    preview: String,
}

/// What an act is called, and what it says before it is done.
struct Act {
    title: String,
    says: Vec<String>,
    button: &'static str,
    is_ending: bool,
    back: String,
    preview: String,
}

impl Act {
    fn new(
        title: impl Into<String>,
        says: &[&str],
        button: &'static str,
        back: impl ToString,
    ) -> Self {
        Self {
            title: title.into(),
            says: says.iter().map(|&it| it.to_owned()).collect(),
            button,
            is_ending: true,
            back: back.to_string(),
            preview: String::new(),
        }
    }

    fn beginning(self) -> Self {
        Self { is_ending: false, ..self }
    }
}

async fn ask_once(
    ask: &Ask,
    id: &OfferId,
    act: Act,
    (status, refusal): (StatusCode, Option<String>),
) -> Result<Answer, Trouble> {
    let offer = ask.read_offer(id).await?;
    let Act { title, says, button, is_ending, back, preview } = act;
    let (top, revision) = (Top::new(&offer, Tab::Overview, &[]), offer.revision);
    let frame = ask.offer_frame(&title, id).await?;
    let view = View { frame, top, refusal, says, button, is_ending, back, revision, preview };
    Answer::with(status, &view)
}

/// What can be done.
#[derive(Clone, Copy)]
enum Kind {
    Stop,
    Resume,
    Cancel,
    GoLive,
    Delete,
    StopPlan,
    ResumePlan,
    DeletePlan,
    Sync,
    RemoveManifest,
}

/// What a page says before it is done.
async fn told(kind: Kind, ask: &Ask, id: &OfferId) -> Result<Act, Trouble> {
    match kind {
        Kind::Stop => Ok(stopping(id)),
        Kind::Resume => Ok(resuming(id)),
        Kind::Cancel => Ok(cancelling(id)),
        Kind::GoLive => going_live(ask, id).await,
        Kind::Delete => Ok(deleting(id)),
        Kind::StopPlan => stopping_plan(ask, id),
        Kind::ResumePlan => resuming_plan(ask, id),
        Kind::DeletePlan => deleting_plan(ask, id),
        Kind::Sync => syncing(ask, id).await,
        Kind::RemoveManifest => removing_manifest(ask, id),
    }
}

async fn work(kind: Kind, ask: &Ask, id: &OfferId) -> Outcome {
    match kind {
        Kind::Stop => do_stop(ask, id).await,
        Kind::Resume => do_resume(ask, id).await,
        Kind::Cancel => do_cancel(ask, id).await,
        Kind::GoLive => do_go_live(ask, id).await,
        Kind::Delete => do_delete(ask, id).await,
        Kind::StopPlan => do_stop_plan(ask, id).await,
        Kind::ResumePlan => do_resume_plan(ask, id).await,
        Kind::DeletePlan => do_delete_plan(ask, id).await,
        Kind::Sync => do_sync(ask, id).await,
        Kind::RemoveManifest => do_remove_manifest(ask, id).await,
    }
}

fn opened(ask: Ask, kind: Kind) -> Answered {
    Box::pin(async move {
        let id = ask.offer()?;
        let act = told(kind, &ask, &id).await?;
        ask_once(&ask, &id, act, (StatusCode::OK, None)).await
    })
}

fn sent(ask: Ask, kind: Kind) -> Answered {
    Box::pin(async move {
        let id = ask.offer()?;
        match work(kind, &ask, &id).await {
            Ok((words, to)) => Ok(ask.done(words, to)),
            Err(trouble) => match market_refusal(&trouble) {
                Some(Refused::NotFound(_)) | None => Err(trouble),
                Some(refusal) => {
                    let (status, words) = (trouble.told().status, refusal.to_string());
                    let act = told(kind, &ask, &id).await?;
                    ask_once(&ask, &id, act, (status, Some(words))).await
                }
            },
        }
    })
}

/// A pair of handlers: the page that asks, and what is done then.
macro_rules! act {
    ($ask:ident, $do:ident, $kind:ident) => {
        pub(super) fn $ask(ask: Ask) -> Answered {
            opened(ask, Kind::$kind)
        }

        pub(super) fn $do(ask: Ask) -> Answered {
            sent(ask, Kind::$kind)
        }
    };
}

act!(ask_stop, stop, Stop);
act!(ask_resume, resume, Resume);
act!(ask_cancel, cancel, Cancel);
act!(ask_go_live, go_live, GoLive);
act!(ask_delete, delete, Delete);
act!(ask_stop_plan, stop_plan, StopPlan);
act!(ask_resume_plan, resume_plan, ResumePlan);
act!(ask_delete_plan, delete_plan, DeletePlan);
act!(ask_sync, sync, Sync);
act!(ask_remove_manifest, remove_manifest, RemoveManifest);

type Outcome = Result<(String, String), Trouble>;

fn overview(id: &OfferId) -> String {
    To::Offer(id, Tab::Overview).to_string()
}

fn stopping(id: &OfferId) -> Act {
    let says = [
        "Nobody new finds the offer or can accept it, and it leaves the storefront.",
        "Customers who accepted it keep what they delegated; nothing of theirs ends. They are offered no new version.",
        "It can be resumed until the stop has taken effect. After that, it takes another publication.",
    ];
    Act::new(format!("Stop distribution of {id}"), &says, "Stop distribution", overview(id))
}

async fn do_stop(ask: &Ask, id: &OfferId) -> Outcome {
    let plane = ask.plane();
    let work = |context| async move { distribution::stop_offer(plane, &context, id).await };
    ask.market("POST", "offers/write", work).await?;
    Ok((format!("The distribution of {id} is being stopped."), overview(id)))
}

fn resuming(id: &OfferId) -> Act {
    let says = ["The offer stays in the storefront as it was."];
    let act = Act::new(format!("Resume distribution of {id}"), &says, "Resume", overview(id));
    act.beginning()
}

async fn do_resume(ask: &Ask, id: &OfferId) -> Outcome {
    let plane = ask.plane();
    let work = |context| async move { distribution::resume_offer(plane, &context, id).await };
    ask.market("POST", "offers/write", work).await?;
    Ok((format!("The distribution of {id} goes on."), overview(id)))
}

fn cancelling(id: &OfferId) -> Act {
    let says = [
        "What was submitted is not certified any further, and publishing starts over with the next submission.",
        "The draft stays as it is, and so does what is live.",
    ];
    Act::new(format!("Cancel publishing {id}"), &says, "Cancel publishing", overview(id))
}

async fn do_cancel(ask: &Ask, id: &OfferId) -> Outcome {
    let plane = ask.plane();
    let work = |context| async move { cancel::cancel(plane, &context, id).await };
    ask.market("POST", "submissions/write", work).await?;
    Ok((format!("The submission of {id} was cancelled."), overview(id)))
}

async fn going_live(ask: &Ask, id: &OfferId) -> Result<Act, Trouble> {
    let plane = ask.plane();
    let work = |context| async move { read::edition(plane, &context, id, Slot::Preview).await };
    let edition = ask.market("GET", "offers/read", work).await?;
    let says = [
        "What is in the preview goes to the storefront, in the place of what is live.",
        "Its manifests never change again. Customers of an earlier version keep theirs until they accept the new one.",
        "A test lead is sent once more before.",
    ];
    let act = Act::new(format!("Go live with {id}"), &says, "Go live", overview(id));
    Ok(Act { preview: edition.submission.to_string(), ..act }.beginning())
}

async fn do_go_live(ask: &Ask, id: &OfferId) -> Outcome {
    ask.read_offer(id).await?;
    let sent = ask.form.get("preview").and_then(|it| it.parse().ok());
    let preview = sent.ok_or(Trouble::Garbled("it does not say which preview goes live"))?;
    let preview = model::market::submission::SubmissionId(preview);
    let plane = ask.plane();
    let work = |context| async move { go_live::go_live(plane, &context, id, preview).await };
    ask.market("POST", "submissions/write", work).await?;
    Ok((format!("{id} is going live."), overview(id)))
}

fn deleting(id: &OfferId) -> Act {
    let says = [
        "The draft goes, with its plans, its history and what became of its submissions. No customer has seen any of it.",
    ];
    Act::new(format!("Delete {id}"), &says, "Delete the offer", overview(id))
}

async fn do_delete(ask: &Ask, id: &OfferId) -> Outcome {
    ask.read_offer(id).await?;
    let (plane, wanted) = (ask.plane(), ask.revision()?);
    let work = |context| async move { delete::delete(plane, &context, id, wanted).await };
    ask.market("POST", "offers/delete", work).await?;
    Ok((format!("{id} was deleted."), To::Offers.to_string()))
}

fn plan_page(id: &OfferId, plan: &PlanName) -> String {
    To::Plan(id, plan, PlanTab::Overview).to_string()
}

fn stopping_plan(ask: &Ask, id: &OfferId) -> Result<Act, Trouble> {
    let plan: PlanName = ask.parsed(2)?;
    let says = [
        "From the next publication on, nobody new can take the plan. Until then it is distributed, and the stop can be taken back.",
        "Customers who accepted it keep what they delegated.",
        "A plan that was stopped is never distributed again.",
    ];
    let back = plan_page(id, &plan);
    Ok(Act::new(format!("Stop distribution of plan {plan}"), &says, "Stop distribution", back))
}

async fn do_stop_plan(ask: &Ask, id: &OfferId) -> Outcome {
    let (plane, plan) = (ask.plane(), ask.parsed::<PlanName>(2)?);
    let name = &plan;
    let work = |context| async move { distribution::stop_plan(plane, &context, id, name).await };
    ask.market("POST", "offers/write", work).await?;
    let words = format!("Plan {plan} is not distributed from the next publication on.");
    Ok((words, plan_page(id, &plan)))
}

fn resuming_plan(ask: &Ask, id: &OfferId) -> Result<Act, Trouble> {
    let plan: PlanName = ask.parsed(2)?;
    let says = ["The next publication distributes the plan as before."];
    let back = plan_page(id, &plan);
    Ok(Act::new(format!("Resume distribution of plan {plan}"), &says, "Resume", back).beginning())
}

async fn do_resume_plan(ask: &Ask, id: &OfferId) -> Outcome {
    let (plane, plan) = (ask.plane(), ask.parsed::<PlanName>(2)?);
    let name = &plan;
    let work = |context| async move { distribution::resume_plan(plane, &context, id, name).await };
    ask.market("POST", "offers/write", work).await?;
    Ok((format!("Plan {plan} is distributed as before."), plan_page(id, &plan)))
}

fn deleting_plan(ask: &Ask, id: &OfferId) -> Result<Act, Trouble> {
    let plan: PlanName = ask.parsed(2)?;
    let says = [
        "The plan goes from the draft, with its manifests and its audience. It was never published: no customer has it.",
    ];
    let back = plan_page(id, &plan);
    Ok(Act::new(format!("Delete plan {plan}"), &says, "Delete the plan", back))
}

async fn do_delete_plan(ask: &Ask, id: &OfferId) -> Outcome {
    let plan: PlanName = ask.parsed(2)?;
    let mut form = ask.read_offer(id).await?.form;
    let before = form.plans.len();
    form.plans.retain(|it| it.name != plan);
    if form.plans.len() == before {
        return Err(Trouble::Nothing);
    }
    save(ask, id, &form, ask.revision()?).await?;
    Ok((format!("Plan {plan} was deleted."), To::Offer(id, Tab::Plans).to_string()))
}

fn removing_manifest(ask: &Ask, id: &OfferId) -> Result<Act, Trouble> {
    let (plan, version): (PlanName, Version) = (ask.parsed(2)?, ask.parsed(3)?);
    let says = [
        "The manifest goes from the draft. One that was previewed stays what it is for whoever accepted it.",
    ];
    let back = To::Plan(id, &plan, PlanTab::Technical);
    Ok(Act::new(format!("Remove manifest {version} of {plan}"), &says, "Remove the manifest", back))
}

async fn do_remove_manifest(ask: &Ask, id: &OfferId) -> Outcome {
    let (name, version): (PlanName, Version) = (ask.parsed(2)?, ask.parsed(3)?);
    let mut form = ask.read_offer(id).await?.form;
    let plan = form.plans.iter_mut().find(|it| it.name == name).ok_or(Trouble::Nothing)?;
    plan.manifests.retain(|it| it.version != version);
    save(ask, id, &form, ask.revision()?).await?;
    let to = To::Plan(id, &name, PlanTab::Technical).to_string();
    Ok((format!("Manifest {version} was removed."), to))
}

/// Who comes to the audience that is live, and who goes, by the draft.
async fn change(ask: &Ask, id: &OfferId, plan: &PlanName) -> Result<sync::Change, Trouble> {
    let draft = ask.read_offer(id).await?.form;
    let plane = ask.plane();
    let work = |context| async move { read::edition(plane, &context, id, Slot::Live).await };
    let live = ask.market("GET", "offers/read", work).await?.form;
    let draft = draft.plan(plan).ok_or(Trouble::Nothing)?;
    let live = live.plan(plan).ok_or(Trouble::Nothing)?;
    Ok(sync::Change::between(&live.audience, &draft.audience))
}

async fn syncing(ask: &Ask, id: &OfferId) -> Result<Act, Trouble> {
    let plan: PlanName = ask.parsed(2)?;
    let change = change(ask, id, &plan).await?;
    let (add, remove) = (change.add.len(), change.remove.len());
    let says = [
        format!("The draft's audience takes the place of the one that is live: {} added or described anew, {} taken out.", counted(add, "subscription"), counted(remove, "subscription")),
        "Whoever is taken out sees the plan no more; what they delegated goes on. No certification looks at it.".to_owned(),
    ];
    let back = To::Plan(id, &plan, PlanTab::Availability);
    let act =
        Act::new(format!("Sync private audience of {plan}"), &[], "Sync private audience", back);
    Ok(Act { says: says.into(), is_ending: remove > 0, ..act })
}

async fn do_sync(ask: &Ask, id: &OfferId) -> Outcome {
    let plan: PlanName = ask.parsed(2)?;
    let back = To::Plan(id, &plan, PlanTab::Availability).to_string();
    // What was shown is what is done: a draft that somebody saved meanwhile is shown anew.
    let offer = ask.read_offer(id).await?;
    if ask.revision()? != IfMatch::Revision(offer.revision) {
        return Err(operations::error::Error::from(Refused::Stale { is: offer.revision }).into());
    }
    let change = change(ask, id, &plan).await?;
    let (plane, name, asked) = (ask.plane(), &plan, &change);
    let work = |context| async move { sync::sync(plane, &context, id, name, asked).await };
    ask.market("POST", "offers/write", work).await?;
    Ok((format!("The audience of {plan} is live."), back))
}
