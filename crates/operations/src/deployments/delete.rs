//! `DELETE` of a deployment: its record goes, what it deployed stays.

use ids::{guid::OperationId, resource::DeploymentId};
use model::{
    change::{Change, Noun},
    deployment::Deployment,
};

use super::{Refused, family};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    status::{self, Outcome},
};

/// Removes the record of a deployment that has ended. None where there is no record.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: &DeploymentId,
) -> Result<Option<OperationId>, Error> {
    retry(|| once(plane, context, id)).await
}

async fn once(
    plane: &Plane,
    context: &Context,
    id: &DeploymentId,
) -> Result<Option<OperationId>, Error> {
    let mut unit = plane.begin(context);
    let Some(record) = unit.find::<Deployment>(id).await? else { return Ok(None) };
    if !record.state.is_final() {
        let name = id.name().clone();
        return Err(Refused::Active { name, since: record.started }.into());
    }
    if let Some(around) = family::unfinished(&mut unit, &record).await? {
        return Err(
            Refused::Active { name: around.id.name().clone(), since: around.started }.into()
        );
    }
    let change = Change::Remove(Noun::Deployment(record));
    unit.apply(plane.permit(context, &change)?, change)?;
    let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
    plane.commit(context, unit, 202).await?;
    Ok(Some(operation))
}
