//! Reading role assignments. What a delegation grants is none and never shown here; and a
//! managing tenant's people see only what their own tenant assigned (Lighthouse contract, B39).

use ids::{
    guid::{ObjectId, Principal},
    resource::RoleAssignmentId,
    scope::Scope,
};
use model::{action::Action, role::RoleAssignment};

use super::{
    ASSIGNMENTS, Refused,
    decide::{assigned_to, visible},
};
use crate::{around::Reach, context::Context, error::Error, plane::Plane};

/// Which assignments are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub reach: Reach,
    pub whose: Whose,
}

/// Whose assignments are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Everyones,
    /// `principalId eq`: those that name this one.
    Naming(ObjectId),
    /// `assignedTo()`: those that reach this one, through groups too.
    Reaching(ObjectId),
}

/// The assignment of that id, for a caller who may know of it.
pub async fn get(
    plane: &Plane,
    context: &Context,
    id: RoleAssignmentId,
) -> Result<RoleAssignment, Error> {
    let found = plane.find::<RoleAssignment>(context, &id).await?;
    let home = plane.index().home(id.scope());
    let viewer = context.caller.principal.tenant;
    let seen = found.filter(|it| home.is_some_and(|home| visible(it, viewer, home)));
    seen.ok_or_else(|| Refused::NotFound(id.name().to_string()).into())
}

/// Whether the scope is another tenant's, or nobody's: there the caller sees only what its own
/// tenant assigned.
pub fn is_anothers(plane: &Plane, context: &Context, scope: &Scope) -> bool {
    plane.index().home(scope) != Some(context.caller.principal.tenant)
}

/// The outermost scopes at which the caller may read role assignments; sorted.
pub fn places(plane: &Plane, context: &Context) -> Vec<Scope> {
    let (who, now) = (context.caller.principal, plane.store.now());
    plane.index().scopes_of(who, &Action::ROLE_ASSIGNMENTS_READ, now)
}

/// The assignments at the scope, around it and, unless the filter says otherwise, below it.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    filter: &Filter,
) -> Result<Vec<RoleAssignment>, Error> {
    let found: Vec<RoleAssignment> = ASSIGNMENTS.list(plane, context, scope, filter.reach).await?;
    let index = plane.index();
    let Some(home) = index.home(scope) else { return Ok(Vec::new()) };
    let whom = match filter.whose {
        Whose::Everyones => None,
        Whose::Naming(object) => Some(vec![object]),
        Whose::Reaching(object) => {
            let groups = index.groups_of(Principal { tenant: home, object });
            Some(groups.into_iter().map(|group| group.object).chain([object]).collect())
        }
    };
    let viewer = context.caller.principal.tenant;
    let meant = |it: &RoleAssignment| {
        visible(it, viewer, home) && whom.as_ref().is_none_or(|whom| assigned_to(it, whom))
    };
    Ok(found.into_iter().filter(meant).collect())
}
