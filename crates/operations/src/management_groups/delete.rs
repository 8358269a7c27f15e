//! `DELETE` of a management group.

use ids::guid::OperationId;
use model::{
    change::{Change, Noun},
    tree::{ManagementGroup, Subscription},
};
use store::records::ranges;

use super::{GroupId, Refused, is_root};
use crate::{
    cascade,
    context::Context,
    error::Error,
    plane::{Plane, retry},
    status::{self, Outcome},
};

/// Removes the group, with what was granted and defined in it. Answers with what can be polled;
/// nothing where there was no such group.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: GroupId,
) -> Result<Option<OperationId>, Error> {
    if is_root(&id) {
        return Err(Refused::Root.into());
    }
    retry(async || {
        let mut unit = plane.begin(context);
        let Some(existing) = unit.find::<ManagementGroup>(&id).await? else { return Ok(None) };
        let name = Some(&existing.name);
        let groups = unit.list::<ManagementGroup>(&ranges::management_groups_of(id.0)).await?;
        let held = unit.list::<Subscription>(&ranges::subscriptions_of_tenant(id.0)).await?;
        let holds = groups.iter().any(|it| it.parent.as_ref() == name)
            || held.iter().any(|it| it.parent.as_ref() == name);
        if holds {
            return Err(Refused::HasChildren(existing.name).into());
        }
        let scope = existing.scope();
        cascade::bar_removal(plane, context, &mut unit, &scope).await?;
        cascade::empty(plane, &mut unit, &scope).await?;
        let change = Change::Remove(Noun::ManagementGroup(existing));
        unit.apply(plane.permit(context, &change)?, change)?;
        let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
        plane.commit(context, unit, 202).await?;
        Ok(Some(operation))
    })
    .await
}
