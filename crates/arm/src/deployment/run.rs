//! One deployment from its first step to its end, with those inside it.

use std::pin::Pin;

use ids::{guid::OperationId, resource::DeploymentId, scope::Scope};
use model::deployment::{Deployment, ProvisioningState, Step, StepState};
use operations::{
    deployments::{
        family, link,
        progress::{self, End, Hold},
        run::{self, Found, Run},
        steps,
    },
    error::Error,
    plane::Plane,
};
use serde_json::{Value, json};
use tokio::sync::watch;
use wire::arm::deployments::Link;

use super::{
    cleanup,
    client::{Client, error_of},
    lookup,
};

/// How deep deployments nest. Azure's own templates stay below four.
const DEPTH_MAX: usize = 8;
/// Steps of a deployment and of all those inside it, ten times what one template may hold: loops
/// of loops of deployments stop here.
const STEPS_MAX: usize = 8_000;
/// A record is written whole each time, so a long run notes its progress in fewer, larger pieces.
pub(super) const NOTES_MAX: usize = 50;

/// How far a deployment came.
pub(super) enum Left {
    /// It is over: with this record, or none where that was removed.
    Ended(Option<Box<Deployment>>),
    /// The server stops; the rest is for later.
    Stopped,
}

/// Does what a job asks for.
pub(crate) async fn job(
    plane: &Plane,
    hold: Hold,
    stop: &watch::Receiver<bool>,
) -> Result<(), Error> {
    let Some((id, operation)) = run::of_job(&hold.job) else { return hold.finish(plane).await };
    let job = hold.job.id;
    let mut runner = Runner { plane, hold, stop, steps: 0 };
    let left = runner.deploy(id, operation, 0).await?;
    match left {
        Left::Stopped => runner.hold.give_back(plane).await,
        // Its end took the job along, unless somebody else ended it.
        Left::Ended(_) if plane.store.jobs().get(&job).await?.is_some() => {
            runner.hold.finish(plane).await
        }
        Left::Ended(_) => Ok(()),
    }
}

pub(super) struct Runner<'a> {
    pub(super) plane: &'a Plane,
    pub(super) hold: Hold,
    stop: &'a watch::Receiver<bool>,
    /// How many steps were taken so far, in all deployments.
    steps: usize,
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<Left, Error>> + Send + 'a>>;

impl Runner<'_> {
    fn deploy(&mut self, id: DeploymentId, operation: OperationId, depth: usize) -> Running<'_> {
        Box::pin(async move {
            let opened = run::open(self.plane, &id, operation);
            match self.hold.keeping(self.plane, opened).await? {
                Found::Gone => Ok(Left::Ended(None)),
                Found::Over(record) => Ok(Left::Ended(Some(record))),
                Found::Broken(record, reason) => {
                    let error = json!({ "code": "DeploymentFailed", "message": reason });
                    self.end(&record, &End::Failed(error)).await
                }
                Found::Running(mut run) => self.steps(&mut run, depth).await,
            }
        })
    }

    async fn steps(&mut self, run: &mut Run, depth: usize) -> Result<Left, Error> {
        let often = 1 + run.record.steps.len() / NOTES_MAX;
        let mut unnoted = 0;
        loop {
            steps::skip(&mut run.record.steps);
            let Some(at) = steps::next(&run.record.steps) else { break };
            if self.is_stopping() {
                self.note(run).await?;
                return Ok(Left::Stopped);
            }
            if progress::is_over(self.plane, &run.record).await? {
                return self.over(run).await;
            }
            self.hold.renew(self.plane).await?;
            if let Some(left) = self.step(run, at, depth).await? {
                return Ok(left);
            }
            unnoted += 1;
            if unnoted >= often {
                unnoted = 0;
                if !self.note(run).await? {
                    return self.over(run).await;
                }
            }
        }
        if steps::failures(&run.record.steps).is_empty()
            && let Some(left) = self.clean(run).await?
        {
            return Ok(left);
        }
        let end = self.outcome(run).await?;
        self.end(&run.record, &end).await
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    pub(super) async fn note(&self, run: &Run) -> Result<bool, Error> {
        progress::note(self.plane, &self.hold, &run.record).await
    }

    async fn end(&self, record: &Deployment, end: &End) -> Result<Left, Error> {
        let ended = progress::end(self.plane, &self.hold, record, end).await?;
        Ok(Left::Ended(ended.map(Box::new)))
    }

    /// Somebody else ended it.
    pub(super) async fn over(&self, run: &Run) -> Result<Left, Error> {
        let record = progress::cut_short(self.plane, &self.hold, &run.record).await?;
        Ok(Left::Ended(record.map(Box::new)))
    }

    async fn outcome(&mut self, run: &Run) -> Result<End, Error> {
        let failures = steps::failures(&run.record.steps);
        if !failures.is_empty() {
            return Ok(End::Failed(steps::failed(&run.record.id.to_string(), &failures)));
        }
        if let Some(error) = cleanup::failed(run) {
            return Ok(End::Failed(error));
        }
        let outputs = lookup::outputs(self.plane, run);
        Ok(match self.hold.keeping(self.plane, outputs).await? {
            Ok(outputs) => End::Succeeded(outputs),
            Err(error) => End::Failed(error),
        })
    }

    /// Takes one step. Answers something where the whole run is left with it.
    async fn step(
        &mut self,
        run: &mut Run,
        at: usize,
        depth: usize,
    ) -> Result<Option<Left>, Error> {
        self.steps += 1;
        let Some(before) = run.record.steps.get(at).map(|step| step.state) else {
            return Ok(None);
        };
        begin(self.plane, run.record.steps.get_mut(at));
        if run.record.steps.get(at).is_some_and(|step| step.existing) {
            settle(self.plane, run.record.steps.get_mut(at), &Done::ok(200));
            return Ok(None);
        }
        if self.steps > STEPS_MAX {
            settle(self.plane, run.record.steps.get_mut(at), &Done::failed(400, too_large()));
            return Ok(None);
        }
        if run.is_child(at) {
            return self.child(run, at, depth, before).await;
        }
        let done = self.write(run, at).await?;
        settle(self.plane, run.record.steps.get_mut(at), &done);
        Ok(None)
    }

    /// Whatever the provider still does after its answer has taken effect before it, in Fyr: any
    /// success is one.
    async fn write(&mut self, run: &Run, at: usize) -> Result<Done, Error> {
        let body = lookup::body(self.plane, run, at);
        let body = match self.hold.keeping(self.plane, body).await? {
            Ok(body) => linked(&run.record, body),
            Err(error) => return Ok(Done::failed(400, error)),
        };
        let client = Client { plane: self.plane, deployment: &run.record };
        let Some(step) = run.record.steps.get(at) else { return Ok(Done::ok(200)) };
        let response = self.hold.keeping(self.plane, client.write(step, body)).await?;
        Ok(match response.status {
            status @ 200..=299 => Done::ok(status),
            status => Done::failed(status, error_of(&response)),
        })
    }

    /// A deployment inside this one: it is started by the front door, too, and run right here.
    async fn child(
        &mut self,
        run: &mut Run,
        at: usize,
        depth: usize,
        before: StepState,
    ) -> Result<Option<Left>, Error> {
        if depth >= DEPTH_MAX {
            settle(self.plane, run.record.steps.get_mut(at), &Done::failed(400, too_large()));
            return Ok(None);
        }
        if !self.note(run).await? {
            return self.over(run).await.map(Some);
        }
        let Some(id) = child_id(run, at) else { return Ok(None) };
        let known = if before == StepState::Running { self.own(run, &id).await? } else { None };
        let started = match known {
            Some(operation) => Ok(operation),
            None => self.start(run, at, &id).await?,
        };
        let operation = match started {
            Ok(operation) => operation,
            Err(done) => {
                settle(self.plane, run.record.steps.get_mut(at), &done);
                return Ok(None);
            }
        };
        let done = match self.deploy(id, operation, depth + 1).await? {
            Left::Stopped => return Ok(Some(Left::Stopped)),
            Left::Ended(child) => child_done(child.as_deref()),
        };
        settle(self.plane, run.record.steps.get_mut(at), &done);
        Ok(None)
    }

    /// Starts a child as any caller would; or says why that did not happen.
    async fn start(
        &mut self,
        run: &Run,
        at: usize,
        id: &DeploymentId,
    ) -> Result<Result<OperationId, Done>, Error> {
        let done = self.write(run, at).await?;
        if done.error.is_some() {
            return Ok(Err(done));
        }
        let record = run::record(self.plane, id).await?;
        Ok(record.map(|it| it.operation).ok_or_else(|| child_done(None)))
    }

    /// The child that an earlier worker has started for this very run.
    async fn own(&self, run: &Run, id: &DeploymentId) -> Result<Option<OperationId>, Error> {
        let record = run::record(self.plane, id).await?;
        Ok(record.filter(|it| family::is_inside(it, &run.record)).map(|it| it.operation))
    }
}

/// What came of a step.
pub(super) struct Done {
    status: u16,
    error: Option<Value>,
}

impl Done {
    pub(super) fn ok(status: u16) -> Self {
        Self { status, error: None }
    }

    pub(super) fn failed(status: u16, error: Value) -> Self {
        Self { status, error: Some(error) }
    }
}

pub(super) fn begin(plane: &Plane, step: Option<&mut Step>) {
    if let Some(step) = step {
        step.state = StepState::Running;
        step.timestamp = plane.store.now();
    }
}

pub(super) fn settle(plane: &Plane, step: Option<&mut Step>, done: &Done) {
    if let Some(step) = step {
        let failed = done.error.is_some();
        step.state = if failed { StepState::Failed } else { StepState::Succeeded };
        step.status = Some(done.status);
        step.error.clone_from(&done.error);
        step.finished = Some(plane.store.now());
    }
}

fn child_id(run: &Run, at: usize) -> Option<DeploymentId> {
    match run.record.steps.get(at).map(|step| step.target.clone()) {
        Some(Scope::Resource(id)) => DeploymentId::try_from(id).ok(),
        _ => None,
    }
}

/// A template that is named by its path lies beside the one that names it.
fn linked(record: &Deployment, mut body: Value) -> Value {
    let place = body.pointer_mut("/properties/templateLink");
    let (Some(own), Some(place)) = (&record.link, place) else { return body };
    let named: Option<Link> = serde_json::from_value(place.clone()).ok();
    let alone = named.filter(|it| it.id.is_none() && it.uri.is_none());
    let beside = alone.and_then(|it| link::beside(own, &it.relative_path?));
    if let Some(beside) = beside {
        *place = json!(Link::from(&beside));
    }
    body
}

/// A deployment's end as its parent's step sees it.
fn child_done(child: Option<&Deployment>) -> Done {
    let state = child.map(|it| it.state);
    let error = child.and_then(|it| it.error.clone());
    match (state, error) {
        (Some(ProvisioningState::Succeeded), _) => Done::ok(200),
        (_, Some(error)) => Done::failed(409, error),
        _ => {
            let message = "The nested deployment was cancelled or removed.";
            Done::failed(409, json!({ "code": "DeploymentCanceled", "message": message }))
        }
    }
}

fn too_large() -> Value {
    let message = format!(
        "The template deploys more than {STEPS_MAX} resources, or nests deployments deeper than {DEPTH_MAX}."
    );
    json!({ "code": "InvalidTemplate", "message": message })
}
