//! A deployment and those inside it.

use std::collections::HashSet;

use ids::{resource::DeploymentId, scope::Scope};
use model::deployment::{Deployment, Step, StepState};
use serde_json::{Map, Value};
use store::{snapshot::Snapshot, unit::Unit};

use crate::{error::Error, plane::Plane};

/// So many records are looked at: more than one run can make.
const MEMBERS_MAX: usize = 8_001;
/// Deployments nest less deep than this.
const DEPTH_MAX: usize = 10;

/// The records of this run: the deployment's own first, then those of the deployments inside it,
/// as far as they are there; these without their templates, which may be large and many.
pub async fn records(plane: &Plane, outermost: &Deployment) -> Result<Vec<Deployment>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut all = vec![outermost.clone()];
    let mut at = 0;
    while let (Some(within), true) = (all.get(at).cloned(), all.len() < MEMBERS_MAX) {
        for step in &within.steps {
            all.extend(child(&snapshot, &within, step).await?);
        }
        at += 1;
    }
    Ok(all)
}

/// What a run writes or looks at.
#[derive(Debug)]
pub enum Targets {
    All(Vec<Scope>),
    /// Nobody knows any more: the record of this deployment inside it was removed or replaced.
    Lost(Scope),
}

/// Everything that this run writes or looks at.
pub async fn targets(plane: &Plane, outermost: &Deployment) -> Result<Targets, Error> {
    let all = records(plane, outermost).await?;
    let known: HashSet<Scope> =
        all.iter().map(|it| Scope::Resource(it.id.clone().into())).collect();
    let mut targets = Vec::new();
    for step in all.iter().flat_map(|it| &it.steps) {
        let made = step.state == StepState::Succeeded && !step.existing;
        if made && deployment(&step.target).is_some() && !known.contains(&step.target) {
            return Ok(Targets::Lost(step.target.clone()));
        }
        targets.push(step.target.clone());
    }
    Ok(Targets::All(targets))
}

/// The deployment around this one, or around that, that still runs and counts on the record.
pub(super) async fn unfinished(
    unit: &mut Unit,
    record: &Deployment,
) -> Result<Option<Deployment>, Error> {
    let mut inner = record.clone();
    for _ in 0..DEPTH_MAX {
        let Some(id) = &inner.parent else { return Ok(None) };
        let Some(around) = unit.find::<Deployment>(id).await? else { return Ok(None) };
        if !is_inside(&inner, &around) {
            return Ok(None);
        }
        if !around.state.is_final() {
            return Ok(Some(around));
        }
        inner = around;
    }
    Ok(None)
}

fn deployment(target: &Scope) -> Option<DeploymentId> {
    let Scope::Resource(id) = target else { return None };
    DeploymentId::try_from(id.clone()).ok()
}

async fn child(
    snapshot: &Snapshot,
    within: &Deployment,
    step: &Step,
) -> Result<Option<Deployment>, Error> {
    let Some(id) = deployment(&step.target) else { return Ok(None) };
    let found = snapshot.find::<Deployment>(&id).await?.filter(|it| is_inside(it, within));
    Ok(found.map(|it| Deployment {
        template: Value::Null,
        parameters: Map::new(),
        outputs: None,
        ..it
    }))
}

/// Whether a record is of the deployment that this very run of `within` started.
pub fn is_inside(child: &Deployment, within: &Deployment) -> bool {
    child.parent.as_ref() == Some(&within.id)
        && child.correlation == within.correlation
        && child.started >= within.started
}
