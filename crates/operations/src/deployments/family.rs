//! A deployment and those inside it.

use ids::{resource::DeploymentId, scope::Scope};
use model::deployment::{Deployment, Step};
use store::snapshot::Snapshot;

use crate::{error::Error, plane::Plane};

/// So many records are looked at: more than one run can make.
const MEMBERS_MAX: usize = 8_001;

/// The records of this run: the deployment's own first, then those of the deployments inside it,
/// as far as they are there.
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

/// Everything that this run writes or looks at.
pub async fn targets(plane: &Plane, outermost: &Deployment) -> Result<Vec<Scope>, Error> {
    let all = records(plane, outermost).await?;
    Ok(all.into_iter().flat_map(|it| it.steps).map(|step| step.target).collect())
}

async fn child(
    snapshot: &Snapshot,
    within: &Deployment,
    step: &Step,
) -> Result<Option<Deployment>, Error> {
    let Scope::Resource(id) = &step.target else { return Ok(None) };
    let Ok(id) = DeploymentId::try_from(id.clone()) else { return Ok(None) };
    let found = snapshot.find::<Deployment>(&id).await?;
    Ok(found.filter(|it| is_inside(it, within)))
}

/// Whether a record is of the deployment that this very run of `within` started.
pub fn is_inside(child: &Deployment, within: &Deployment) -> bool {
    child.parent.as_ref() == Some(&within.id)
        && child.correlation == within.correlation
        && child.started >= within.started
}
