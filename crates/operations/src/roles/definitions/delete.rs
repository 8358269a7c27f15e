//! Removing a custom role.

use ids::guid::{RoleId, TenantId};
use model::{
    action::Verb,
    change::{Change, Noun, role_leave},
    role::{RoleAssignment, RoleDefinition},
};
use store::{error::StoreError, records::ranges, unit::Unit};

use super::decide::Refused;
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// Removes the role and answers it; none where the tenant has none of that id. One that somebody
/// holds stays.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: RoleId,
) -> Result<Option<RoleDefinition>, Error> {
    if plane.index().catalogue().role(id).is_some() {
        return Err(Refused::BuiltIn(id).into());
    }
    retry(async || {
        let mut unit = plane.begin(context);
        let home = context.caller.principal.tenant;
        let found = unit.find::<RoleDefinition>(&(Some(home), id)).await?;
        let Some(gone) = found else { return Ok(None) };
        for scope in &gone.assignable_scopes {
            plane.own(context, &role_leave(scope, Verb::Delete))?;
        }
        if is_assigned(plane, &mut unit, home, id).await? {
            return Err(Refused::HasAssignments.into());
        }
        let change = Change::Remove(Noun::RoleDefinition(gone.clone()));
        unit.apply(plane.permit(context, &change)?, change)?;
        plane.commit(context, unit, 200).await?;
        Ok(Some(gone))
    })
    .await
}

/// Whether somebody was given the role: the grant would come back to life with whatever role
/// takes its id. The index knows all that was committed before now; the range, which is what the
/// unit has read, what comes in between.
pub(crate) async fn is_assigned(
    plane: &Plane,
    unit: &mut Unit,
    tenant: TenantId,
    role: RoleId,
) -> Result<bool, StoreError> {
    if !plane.index().scopes_of_role(tenant, role).is_empty() {
        return Ok(true);
    }
    let range = ranges::role_assignments_by_role(tenant, role);
    Ok(!unit.list::<RoleAssignment>(&range).await?.is_empty())
}
