//! What a deployment would do, found by doing it where nothing that happens happens: in a fork
//! of the plane, by the same steps through the same front door. What differs between the two is
//! the answer, as far as the caller may read it.

use std::{collections::HashSet, time::Duration};

use ids::{guid::TenantId, resource::DeploymentId, scope::Scope};
use model::deployment::{Deployment, ProvisioningState, Step, StepState};
use operations::{
    context::Context,
    deployments::{
        family, run,
        start::{self, Start},
        what_if::Found,
    },
    error::Error,
    page,
    plane::Plane,
    resources::read::{self, Within},
    taken::Taken,
    turns::{Turn, Turns},
};
use serde_json::{Value, json};
use store::{error::StoreError, snapshot::Page};
use tokio::time::{Instant, timeout_at};
use wire::arm::what_if::{ChangeBody, ChangeType, Format, Sight, WhatIfBody, snapshot};

use super::{
    client::{Call, Client, newest},
    drain,
};
use crate::{failure::Failure, handlers::resources, request::Method};

/// So many are worked out at a time, one of each tenant: each keeps what it would write in memory.
static WORKING: Turns = Turns::new(2);
/// Below what any request may take, so that who asks hears why; Azure's own bound is five minutes.
/// Waiting for a turn counts.
const TIME_MAX: Duration = Duration::from_secs(45);
/// After so long, one of those who had the turns is done.
const AGAIN_SECONDS: u32 = 15;
/// So many bytes an answer may have: some hundred resources of the largest kind.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What the deployment would do. Refused is what a run would be refused before it begins; that it
/// would fail on its way is an answer.
pub async fn what_if(
    plane: &Plane,
    context: &Context,
    wanted: Start,
    format: Format,
) -> Result<Found, Failure> {
    let until = Instant::now() + TIME_MAX;
    let _turn = turn(context.caller.principal.tenant, until).await?;
    let fork = plane.fork().await?;
    let id = wanted.id.clone();
    let run = Both { plane, fork: &fork, format };
    let answer = match timeout_at(until, run.answer(context, wanted)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            // Who waited for a turn may have lost meanwhile what it takes to hear of it.
            plane.admit(context).map_err(Error::from)?;
            return Err(error.into());
        }
        Err(_) => failed(&id, context, &too_much("would take too long to be worked out")),
    };
    let held = fork.taken.as_ref().map(Taken::held).unwrap_or_default();
    Ok(Found { answer: json!(answer), held })
}

/// The tenant's turn, if it comes by then.
async fn turn(tenant: TenantId, until: Instant) -> Result<Turn<'static>, Failure> {
    let turn = timeout_at(until, WORKING.take(tenant)).await;
    Ok(turn.map_err(|_| Failure::Throttled { seconds: AGAIN_SECONDS })??)
}

fn failed(id: &DeploymentId, context: &Context, details: &Value) -> WhatIfBody {
    WhatIfBody::failed(id.name().as_str(), &context.correlation.to_string(), details)
}

fn too_much(what: &str) -> Value {
    let message = format!("The deployment {what}. Ask for parts of it, or for resource ids only.");
    json!([{ "code": "DeploymentWhatIfTooLarge", "message": message }])
}

/// Nobody learns of what is there by what they grant themselves where it leaves no trace.
fn untold() -> Value {
    let message = "The deployment would fail at something that its caller may do only by what the deployment itself would grant. Why, is told to who deploys it.";
    json!([{ "code": "DeploymentWhatIfNotTold", "message": message }])
}

/// What is inside of an error that stands for several; else the error itself.
fn reasons(error: &Value) -> Value {
    error.get("details").cloned().unwrap_or_else(|| json!([error]))
}

/// The changes that are told so far.
struct Told {
    changes: Vec<ChangeBody>,
    bytes: usize,
    bytes_max: usize,
}

impl Told {
    fn nothing(bytes_max: usize) -> Self {
        Self { changes: Vec::new(), bytes: 0, bytes_max }
    }

    fn add(&mut self, change: ChangeBody) {
        self.bytes = self.bytes.saturating_add(json!(change).to_string().len());
        self.changes.push(change);
    }

    /// Whether it is more than an answer holds.
    fn is_full(&self) -> bool {
        self.bytes > self.bytes_max
    }
}

/// The world as it is and as it would be.
struct Both<'a> {
    plane: &'a Plane,
    fork: &'a Plane,
    format: Format,
}

impl Both<'_> {
    /// Does it in the fork, and tells what came of it.
    async fn answer(&self, context: &Context, wanted: Start) -> Result<WhatIfBody, Error> {
        let id = wanted.id.clone();
        start::start(self.fork, context, wanted).await?;
        drain(self.fork).await?;
        let lost = || StoreError::unavailable("a deployment in a fork was lost");
        let record = run::record(self.fork, &id).await?.ok_or_else(lost)?;
        let too_much = |what| Ok(failed(&id, context, &too_much(what)));
        match record.state {
            ProvisioningState::Succeeded => {}
            ProvisioningState::Failed | ProvisioningState::Canceled => {
                return Ok(failed(&id, context, &self.told(&record)));
            }
            // It came to no end: a fork is bounded in more than a run is.
            ProvisioningState::Accepted | ProvisioningState::Running => {
                return too_much("writes more than can be worked out");
            }
        }
        match self.changes(context, &record).await? {
            Some(changes) => Ok(WhatIfBody::succeeded(context.correlation.to_string(), changes)),
            None => too_much("changes more than an answer holds"),
        }
    }

    /// Why it failed, as far as its caller may hear it without deploying it.
    fn told(&self, record: &Deployment) -> Value {
        if self.fork.taken.as_ref().is_some_and(Taken::is_lent) {
            return untold();
        }
        record.error.as_ref().map(reasons).unwrap_or_default()
    }

    /// All that the run touched, then what stands beside it. None where that is too much to tell.
    async fn changes(
        &self,
        context: &Context,
        outermost: &Deployment,
    ) -> Result<Option<Vec<ChangeBody>>, Error> {
        let members = family::records(self.fork, outermost).await?;
        let (mut seen, mut told) = (HashSet::new(), Told::nothing(ANSWER_BYTES_MAX));
        for member in &members {
            let deletions = member.cleanup.iter().flatten();
            for step in member.steps.iter().filter(|it| writes(it)).chain(deletions) {
                if !seen.insert(step.target.clone()) {
                    continue;
                }
                told.add(self.change(member, step).await);
                if told.is_full() {
                    return Ok(None);
                }
            }
        }
        let mut groups = HashSet::new();
        for member in members.iter().filter(|it| groups.insert(it.id.scope().clone())) {
            self.beside(context, member.id.scope(), &seen, &mut told).await?;
        }
        Ok((!told.is_full()).then_some(told.changes))
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

    /// What else lies in a group that is deployed to and would still be there, as far as the answer
    /// holds it.
    async fn beside(
        &self,
        context: &Context,
        scope: &Scope,
        touched: &HashSet<Scope>,
        told: &mut Told,
    ) -> Result<(), Error> {
        let Scope::ResourceGroup(subscription, name) = scope else { return Ok(()) };
        let within = Within::Group(*subscription, name.clone());
        let mut page = page::page(None, None);
        while !told.is_full() {
            let found = read::list(self.fork, context, &within, page).await?;
            for it in found.items {
                let own = Scope::Resource(it.resource.id.clone());
                if own.lineage().any(|around| touched.contains(&around) && around != *scope) {
                    continue;
                }
                let body = resources::show_to(self.fork, context, it);
                told.add(self.ignored(&own, &body));
            }
            let Some(next) = found.next else { break };
            page = Page { after: Some(next), limit: page::PAGE_ROWS };
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use model::{action::Action, change::Noun, samples};

    use super::*;

    #[tokio::test]
    async fn who_waits_in_vain_for_a_turn_is_told_when_to_ask_again() {
        let soon = || Instant::now() + TIME_MAX;
        let own = turn(samples::CUSTOMER, soon()).await;
        assert!(own.is_ok());
        let again = turn(samples::CUSTOMER, Instant::now()).await;
        assert!(matches!(again, Err(Failure::Throttled { seconds: AGAIN_SECONDS })));
        assert!(turn(samples::PROVIDER, soon()).await.is_ok(), "others do not wait");
        drop(own);
        assert!(turn(samples::CUSTOMER, soon()).await.is_ok());
    }

    #[tokio::test]
    async fn what_stands_beside_the_changes_fills_an_answer_too() {
        let group = samples::resource_group("app");
        let account = |name: &str| {
            let path = format!("{group}/providers/Microsoft.Storage/storageAccounts/{name}");
            let id = ids::resource::ResourceId::parse(&path, samples::CUSTOMER).unwrap();
            Noun::Resource(testkit::resource(id))
        };
        let nouns = vec![Noun::ResourceGroup(testkit::group("app")), account("a"), account("b")];
        let plane = testkit::plane(nouns).await;
        let fork = plane.fork().await.unwrap();
        let context = testkit::context(samples::OLOF, &Action::GROUPS_READ, group.clone());
        let both = Both { plane: &plane, fork: &fork, format: Format::FullResourcePayloads };
        for (bytes_max, full) in [(64, true), (ANSWER_BYTES_MAX, false)] {
            let mut told = Told::nothing(bytes_max);
            both.beside(&context, &group, &HashSet::new(), &mut told).await.unwrap();
            assert_eq!((told.changes.len(), told.is_full()), (2, full));
        }
    }
}
