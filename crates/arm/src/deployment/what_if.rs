//! What a deployment would do, found by doing it where nothing that happens happens: in a fork
//! of the plane, by the same steps through the same front door. What differs between the two is
//! the answer, as far as the caller may read it.

use std::{collections::HashSet, time::Duration};

use ids::{resource::DeploymentId, scope::Scope};
use model::deployment::{Deployment, ProvisioningState, Step, StepState};
use operations::{
    context::Context,
    deployments::{
        family, run,
        start::{self, Start},
    },
    error::Error,
    page,
    plane::Plane,
    resources::read::{self, Within},
};
use serde_json::{Value, json};
use store::{error::StoreError, snapshot::Page};
use tokio::{sync::Semaphore, time::timeout};
use wire::arm::what_if::{ChangeBody, ChangeType, Format, Sight, WhatIfBody, snapshot};

use super::{
    client::{Call, Client, newest},
    drain,
};
use crate::{handlers::resources, request::Method};

/// So many are worked out at a time: each keeps what it would write in memory.
static WORKING: Semaphore = Semaphore::const_new(2);
/// Below what any request may take, so that who asks hears why; Azure's own bound is five minutes.
const TIME_MAX: Duration = Duration::from_secs(45);
/// So many bytes an answer may have: some hundred resources of the largest kind.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What the deployment would do. Refused is what a run would be refused before it begins; that it
/// would fail on its way is an answer.
pub async fn what_if(
    plane: &Plane,
    context: &Context,
    wanted: Start,
    format: Format,
) -> Result<WhatIfBody, Error> {
    let _turn = WORKING.acquire().await.map_err(StoreError::unavailable)?;
    let fork = plane.fork().await?;
    let id = wanted.id.clone();
    start::start(&fork, context, wanted).await?;
    let Ok(done) = timeout(TIME_MAX, drain(&fork)).await else {
        return Ok(failed(&id, context, &too_much("would take too long to be worked out")));
    };
    done?;
    let lost = || StoreError::unavailable("a deployment in a fork was lost");
    let record = run::record(&fork, &id).await?.ok_or_else(lost)?;
    match record.state {
        ProvisioningState::Succeeded => {}
        ProvisioningState::Failed | ProvisioningState::Canceled => {
            let details = record.error.as_ref().map(reasons);
            return Ok(failed(&id, context, &details.unwrap_or_default()));
        }
        // It came to no end: a fork is bounded in more than a run is.
        ProvisioningState::Accepted | ProvisioningState::Running => {
            return Ok(failed(&id, context, &too_much("writes more than can be worked out")));
        }
    }
    let run = Both { plane, fork: &fork, format };
    let changes = run.changes(context, &record).await?;
    Ok(changes.map_or_else(
        || failed(&id, context, &too_much("changes more than an answer holds")),
        |changes| WhatIfBody::succeeded(context.correlation.to_string(), changes),
    ))
}

fn failed(id: &DeploymentId, context: &Context, details: &Value) -> WhatIfBody {
    WhatIfBody::failed(id.name().as_str(), &context.correlation.to_string(), details)
}

fn too_much(what: &str) -> Value {
    let message = format!("The deployment {what}. Ask for parts of it, or for resource ids only.");
    json!([{ "code": "DeploymentWhatIfTooLarge", "message": message }])
}

/// What is inside of an error that stands for several; else the error itself.
fn reasons(error: &Value) -> Value {
    error.get("details").cloned().unwrap_or_else(|| json!([error]))
}

/// The world as it is and as it would be.
struct Both<'a> {
    plane: &'a Plane,
    fork: &'a Plane,
    format: Format,
}

impl Both<'_> {
    /// All that the run touched, then what stands beside it. None where that is too much to tell.
    async fn changes(
        &self,
        context: &Context,
        outermost: &Deployment,
    ) -> Result<Option<Vec<ChangeBody>>, Error> {
        let members = family::records(self.fork, outermost).await?;
        let (mut seen, mut changes, mut bytes) = (HashSet::new(), Vec::new(), 0);
        for member in &members {
            let deletions = member.cleanup.iter().flatten();
            for step in member.steps.iter().filter(|it| writes(it)).chain(deletions) {
                if !seen.insert(step.target.clone()) {
                    continue;
                }
                let change = self.change(member, step).await;
                bytes += json!(change).to_string().len();
                changes.push(change);
                if bytes > ANSWER_BYTES_MAX {
                    return Ok(None);
                }
            }
        }
        let mut groups = HashSet::new();
        for member in members.iter().filter(|it| groups.insert(it.id.scope().clone())) {
            changes.extend(self.beside(context, member.id.scope(), &seen).await?);
        }
        Ok(Some(changes))
    }

    async fn change(&self, member: &Deployment, step: &Step) -> ChangeBody {
        let id = step.target.to_string();
        let deletes = member.cleanup.iter().flatten().any(|it| it.target == step.target);
        match (self.format, deletes) {
            (Format::ResourceIdOnly, true) => ChangeBody::bare(id, ChangeType::Delete),
            (Format::ResourceIdOnly, false) => ChangeBody::bare(id, ChangeType::Deploy),
            (Format::FullResourcePayloads, _) => {
                let before = look(self.plane, member, step).await;
                let after = look(self.fork, member, step).await;
                ChangeBody::between(id, before, after)
            }
        }
    }

    /// What else lies in a group that is deployed to and would still be there.
    async fn beside(
        &self,
        context: &Context,
        scope: &Scope,
        touched: &HashSet<Scope>,
    ) -> Result<Vec<ChangeBody>, Error> {
        let Scope::ResourceGroup(subscription, name) = scope else { return Ok(Vec::new()) };
        let within = Within::Group(*subscription, name.clone());
        let (mut ignored, mut page) = (Vec::new(), page::page(None, None));
        loop {
            let found = read::list(self.plane, context, &within, page).await?;
            for it in found.items {
                let own = Scope::Resource(it.resource.id.clone());
                if own.lineage().any(|around| touched.contains(&around) && around != *scope) {
                    continue;
                }
                let body = resources::show_to(self.plane, context, it);
                ignored.push(self.ignored(&own, &body));
            }
            let Some(next) = found.next else { return Ok(ignored) };
            page = Page { after: Some(next), limit: page::PAGE_ROWS };
        }
    }

    fn ignored(&self, own: &Scope, body: &Value) -> ChangeBody {
        match (self.format, body.as_object()) {
            (Format::FullResourcePayloads, Some(body)) => {
                let mut is = snapshot(body, &newest(own));
                is.remove("properties");
                ChangeBody::ignored(own.to_string(), is)
            }
            (Format::ResourceIdOnly, _) | (Format::FullResourcePayloads, None) => {
                ChangeBody::bare(own.to_string(), ChangeType::Ignore)
            }
        }
    }
}

/// What a step did, unless it only looked, or began a deployment whose own steps are told.
fn writes(step: &Step) -> bool {
    let is_child =
        matches!(&step.target, Scope::Resource(id) if DeploymentId::try_from(id.clone()).is_ok());
    step.state == StepState::Succeeded && !step.existing && !is_child
}

/// The resource as the caller reads it there.
async fn look(plane: &Plane, member: &Deployment, step: &Step) -> Sight {
    let version =
        if step.api_version.is_empty() { newest(&step.target) } else { step.api_version.clone() };
    let (path, client) = (step.target.to_string(), Client { plane, deployment: member });
    let call = Call { method: Method::Get, path: &path, version: &version, body: Value::Null };
    let response = client.call(call).await;
    match (response.status, response.body.as_ref().and_then(Value::as_object)) {
        (200, Some(body)) => Sight::There(snapshot(body, &version)),
        (404, _) => Sight::Absent,
        _ => Sight::Hidden,
    }
}
