//! A deployment as its worker sees it.

use std::sync::Arc;

use ids::{guid::OperationId, resource::DeploymentId};
use model::deployment::Deployment;
use serde_json::Value;
use store::jobs::Job;
use template::{
    expand::{Body, complete},
    outputs,
    refused::Refused,
};

use super::{answers::Answers, bound, kept, on_behalf, plan};
use crate::{error::Error, plane::Plane};

/// A run that goes on.
#[derive(Debug)]
pub struct Run {
    pub record: Deployment,
    laid: plan::Shared,
}

/// What became of a deployment when its worker looks.
#[derive(Debug)]
pub enum Found {
    Running(Box<Run>),
    /// It has ended.
    Over(Box<Deployment>),
    /// It cannot go on; the reason in words.
    Broken(Box<Deployment>, String),
    /// It was removed, or another of its name took its place.
    Gone,
}

/// The deployment that a job is about.
pub fn of_job(job: &Job) -> Option<(DeploymentId, OperationId)> {
    let read = |name: &str| job.state.get(name).cloned();
    let id = serde_json::from_value(read("deployment")?).ok()?;
    let operation = serde_json::from_value(read("operation")?).ok()?;
    Some((id, operation))
}

/// The record as it stands, for the worker that runs it.
pub async fn record(plane: &Plane, id: &DeploymentId) -> Result<Option<Deployment>, Error> {
    Ok(plane.store.snapshot().await?.find::<Deployment>(id).await?)
}

/// Takes a run up, where it was left.
pub async fn open(
    plane: &Plane,
    id: &DeploymentId,
    operation: OperationId,
) -> Result<Found, Error> {
    let Some(record) = record(plane, id).await?.filter(|it| it.operation == operation) else {
        return Ok(Found::Gone);
    };
    if record.state.is_final() {
        return Ok(Found::Over(Box::new(record)));
    }
    let broken = |record, reason: &str| Ok(Found::Broken(Box::new(record), reason.to_owned()));
    let sealed = plane.store.ephemeral(&kept(operation)).await?;
    let Some(sealed) = sealed.as_ref().and_then(Value::as_str) else {
        return broken(record, "The deployment took longer than deployments may.");
    };
    let opened = plane.seal.open_own(&bound(operation), sealed).ok();
    let Some(private) = opened.and_then(|text| serde_json::from_str(&text).ok()) else {
        return broken(record, "The parameters of the deployment can no longer be read.");
    };
    let (laid, record) = plan::aside(on_behalf::tenant(&record), move || {
        let laid = plan::again(&record.template, private);
        (laid, record)
    })
    .await?;
    match laid {
        Ok(laid) if laid.plan.steps.len() == record.steps.len() => {
            Ok(Found::Running(Box::new(Run { record, laid: Arc::new(laid) })))
        }
        Ok(_) => broken(record, "The template means other resources than when it was accepted."),
        Err(refused) => broken(record, &refused.to_string()),
    }
}

impl Run {
    /// Whether a step is a deployment of its own.
    pub fn is_child(&self, place: usize) -> bool {
        self.laid.plan.steps.get(place).is_some_and(|step| step.child.is_some())
    }

    /// What a step sends to its provider, or which id's state it still needs.
    pub async fn body(
        &self,
        place: usize,
        answers: Answers,
    ) -> Result<(Result<Body, Refused>, Answers), Error> {
        let step = self.laid.plan.steps.get(place);
        let Some(Body::Deferred { .. }) = step.map(|step| &step.body) else {
            let ready = step.map_or(Body::Ready(Value::Null), |step| step.body.clone());
            return Ok((Ok(ready), answers));
        };
        let laid = Arc::clone(&self.laid);
        plan::aside(on_behalf::tenant(&self.record), move || {
            let Some(step) = laid.plan.steps.get(place) else {
                return (Ok(Body::Ready(Value::Null)), answers);
            };
            let plan::Kept { parameters, facts } = &laid.kept;
            let body = complete(&laid.template, parameters, facts, &step.source, &answers);
            (body, answers)
        })
        .await
    }

    /// What the deployment answers at its end.
    pub async fn outputs(
        &self,
        answers: Answers,
    ) -> Result<(Result<Value, Refused>, Answers), Error> {
        let laid = Arc::clone(&self.laid);
        plan::aside(on_behalf::tenant(&self.record), move || {
            let outputs =
                outputs::outputs(&laid.template, &laid.kept.parameters, &laid.kept.facts, &answers);
            (outputs, answers)
        })
        .await
    }
}
