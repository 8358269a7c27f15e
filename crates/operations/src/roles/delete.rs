//! Taking a role away.

use ids::{guid::TenantId, resource::RoleAssignmentId, scope::Scope};
use model::{
    action::Action,
    change::{Change, Noun},
    question::Question,
    role::RoleAssignment,
};
use store::unit::Unit;

use super::{
    ASSIGNMENTS, OWNER, Refused, USER_ACCESS_ADMINISTRATOR,
    decide::{self, Removal},
};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// Removes the assignment and answers it; none where there is none for this caller.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: RoleAssignmentId,
) -> Result<Option<RoleAssignment>, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let existing = unit.find::<RoleAssignment>(&id).await?;
        let home = plane.index().home(id.scope());
        let home = home.ok_or_else(|| Refused::NotFound(id.to_string()))?;
        may_take(plane, context, home, existing.as_ref())?;
        let last_admin = match &existing {
            // Whoever can give the role to themselves again leaves nobody behind without one.
            Some(it) if !may_elevate(plane, context, home) => {
                last_admin(plane, &mut unit, it).await?
            }
            Some(_) | None => false,
        };
        let removal = Removal { home, viewer: context.caller.principal.tenant, last_admin };
        let Some(gone) = decide::delete(existing, &removal)? else { return Ok(None) };
        let change = Change::Remove(Noun::RoleAssignment(gone.clone()));
        unit.apply(plane.permit(context, &change)?, change)?;
        plane.commit(context, unit, 200).await?;
        Ok(Some(gone))
    })
    .await
}

/// Whether the caller may take away this very role, if it sees that it is given. Asked before it is
/// known what would become of the subscription, so that whoever may not learns nothing of that.
fn may_take(
    plane: &Plane,
    context: &Context,
    home: TenantId,
    existing: Option<&RoleAssignment>,
) -> Result<(), Error> {
    let viewer = context.caller.principal.tenant;
    let seen = existing.filter(|it| decide::visible(it, viewer, home));
    let Some(existing) = seen else { return Ok(()) };
    let change = Change::Remove(Noun::RoleAssignment(existing.clone()));
    plane.authorize(&plane.index(), context, change.requires())?;
    Ok(())
}

fn may_elevate(plane: &Plane, context: &Context, home: TenantId) -> bool {
    plane.may(context, &Question::directory(Action::ELEVATE_ACCESS, home))
}

/// Whether nobody could give access in the subscription without this assignment.
async fn last_admin(
    plane: &Plane,
    unit: &mut Unit,
    assignment: &RoleAssignment,
) -> Result<bool, Error> {
    let whole = matches!(assignment.id.scope(), Scope::Subscription(_));
    if !whole || !admin(assignment) {
        return Ok(false);
    }
    for scope in plane.index().lineage(assignment.id.scope()) {
        let held: Vec<RoleAssignment> = unit.list(&ASSIGNMENTS.at(&scope)).await?;
        if held.iter().any(|other| admin(other) && other.id != assignment.id) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether it lets somebody give access away, without a condition on it.
fn admin(assignment: &RoleAssignment) -> bool {
    let role = assignment.role;
    (role == OWNER || role == USER_ACCESS_ADMINISTRATOR) && assignment.condition.is_none()
}
