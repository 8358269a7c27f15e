//! `DELETE` of a resource group, with all that lies in it.

use ids::{guid::OperationId, scope::Scope};
use model::{
    change::{Change, Noun},
    tree::ResourceGroup,
};

use super::{GroupId, Refused};
use crate::{
    cascade,
    context::Context,
    delegation,
    error::Error,
    plane::{Plane, retry},
    status::{self, Outcome},
};

/// Removes the group, its resources, its delegations and what was granted in it, all or nothing.
/// Answers with what can be polled.
pub async fn delete(plane: &Plane, context: &Context, id: GroupId) -> Result<OperationId, Error> {
    let scope = Scope::ResourceGroup(id.0, id.1.clone());
    retry(|| once(plane, context, &id, &scope)).await
}

async fn once(
    plane: &Plane,
    context: &Context,
    id: &GroupId,
    scope: &Scope,
) -> Result<OperationId, Error> {
    let mut unit = plane.begin(context);
    let Some(existing) = unit.find::<ResourceGroup>(id).await? else {
        return Err(Refused::NotFound(id.1.clone()).into());
    };
    let passed = cascade::bar_removal(plane, context, &mut unit, scope).await?;
    delegation::tell_ended(plane, context, &mut unit, scope).await?;
    cascade::empty(plane, &mut unit, scope).await?;
    let change = Change::Remove(Noun::ResourceGroup(existing));
    unit.apply(plane.permit(context, &change)?, change)?;
    let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
    plane.commit_marked(context, unit, 202, passed).await?;
    Ok(operation)
}
