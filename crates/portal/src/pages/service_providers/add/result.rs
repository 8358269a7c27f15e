//! What became of a template that was deployed.

use arm::request::Method::Get;
use askama::Template;
use ids::{resource::DeploymentId, scope::Scope};
use model::deployment::{ProvisioningState, StepState};
use operations::{context::Context, deployments::read};

use super::{
    super::{Link, subscription},
    DEPLOYMENTS, foreseen,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::{Id, Moment},
};

#[derive(Template)]
#[template(path = "service-providers/added.html")]
struct View {
    frame: Frame,
    kind: &'static str,
    state: &'static str,
    is_over: bool,
    began: Moment,
    refusal: Option<Vec<String>>,
    steps: Vec<Step>,
}

/// One resource of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    kind: &'static str,
    state: &'static str,
    name: String,
    target: Id,
}

pub(in super::super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let scope = Scope::Subscription(ask.parsed(0)?);
        let id = DeploymentId::at(scope, ask.parsed(1)?).map_err(|_| Trouble::Nothing)?;
        let (plane, wanted) = (ask.plane(), id.clone());
        let work = |context: Context| async move { read::get(plane, &context, &wanted).await };
        let found = ask.arm((Get, id.to_string(), DEPLOYMENTS), work).await?;
        let (kind, state) = match found.state {
            ProvisioningState::Accepted | ProvisioningState::Running => ("wait", "Going on"),
            ProvisioningState::Succeeded => ("good", "Done"),
            ProvisioningState::Failed => ("bad", "Failed"),
            ProvisioningState::Canceled => ("bad", "Cancelled"),
        };
        let frame = ask.frame(format!("Deployment {}", id.name())).await?;
        let frame = frame
            .below("Service providers", Link::Offers)
            .below("Add offer via template", Link::Add)
            .command(
                "Show this deployment",
                format!(
                    "az deployment sub show --subscription {} --name {}",
                    subscription(&id)?,
                    id.name()
                ),
            );
        Answer::page(&View {
            frame,
            kind,
            state,
            is_over: found.state.is_final(),
            began: Moment::new(found.started, ask.plane().store.now()),
            refusal: found.error.as_ref().map(|error| foreseen::words(Some(error))),
            steps: found.steps.iter().map(step).collect(),
        })
    })
}

fn step(it: &model::deployment::Step) -> Step {
    let (kind, state) = match it.state {
        StepState::Waiting => ("", "Waits"),
        StepState::Running => ("wait", "Going on"),
        StepState::Succeeded => ("good", "Done"),
        StepState::Failed => ("bad", "Failed"),
        StepState::Skipped => ("", "Skipped"),
    };
    let target = it.target.to_string();
    let name = target.rsplit("/providers/").next().unwrap_or_default().to_owned();
    Step { kind, state, name, target: Id { short: "Id".to_owned(), whole: target } }
}
