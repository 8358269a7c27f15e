//! `DELETE` of what policies are made of.

use ids::resource::ResourceId;
use model::resource::Resource;
use policy::{builtin, kind::Kind, refused::Refused};

use super::{check::absent, referring};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    resources::{Expected, decide, delete::remove, shown_etag},
};

/// Removes it, unless something still names it. Answers with what there was.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: ResourceId,
    expected: Expected,
) -> Result<Option<Resource>, Error> {
    retry(|| once(plane, context, &id, &expected)).await
}

async fn once(
    plane: &Plane,
    context: &Context,
    id: &ResourceId,
    expected: &Expected,
) -> Result<Option<Resource>, Error> {
    let kind = Kind::of(id).ok_or_else(|| absent(id))?;
    if builtin::find(id).is_some() {
        return Err(Refused::Scope { kind, scope: id.scope().clone() }.into());
    }
    let mut unit = plane.begin(context);
    let Some(existing) = unit.find::<Resource>(id).await? else { return Ok(None) };
    decide::check(expected, Some(&shown_etag(&existing)))?;
    if let Some((by_kind, by)) = referring::to(plane, &mut unit, (kind, id)).await? {
        return Err(Refused::InUse { kind, name: id.name().clone(), by_kind, by }.into());
    }
    remove(plane, context, unit, existing.clone()).await?;
    Ok(Some(existing))
}
