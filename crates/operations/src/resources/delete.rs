//! `DELETE` of a resource, with all that lies in it.

use ids::{resource::ResourceId, scope::Scope};
use model::{
    change::{Change, Noun},
    resource::Resource,
};

use store::unit::Unit;

use super::{Expected, decide, identity, shown_etag};
use crate::{
    cascade,
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// Removes the resource. Answers whether there was one.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: ResourceId,
    expected: Expected,
) -> Result<bool, Error> {
    retry(|| once(plane, context, &id, &expected)).await
}

async fn once(
    plane: &Plane,
    context: &Context,
    id: &ResourceId,
    expected: &Expected,
) -> Result<bool, Error> {
    let mut unit = plane.begin(context);
    let Some(existing) = unit.find::<Resource>(id).await? else { return Ok(false) };
    decide::check(expected, Some(&shown_etag(&existing)))?;
    remove(plane, context, unit, existing).await?;
    Ok(true)
}

/// Removes what the unit has found, with all that lies in it, and commits.
pub(crate) async fn remove(
    plane: &Plane,
    context: &Context,
    mut unit: Unit,
    existing: Resource,
) -> Result<(), Error> {
    let scope = Scope::Resource(existing.id.clone());
    let passed = cascade::bar_removal(plane, context, &mut unit, &scope).await?;
    cascade::empty(plane, &mut unit, &scope).await?;
    identity::follow(plane, &mut unit, Some(&existing), None).await?;
    let change = Change::Remove(Noun::Resource(existing));
    unit.apply(plane.permit(context, &change)?, change)?;
    plane.commit_marked(context, unit, 200, passed).await
}
