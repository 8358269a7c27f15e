//! `elevateAccess`: who manages a tenant's directory takes User Access Administrator over all of
//! its resources (ARM contract, §3.7). It is undone by removing the assignment that it made.

use ids::{guid::ObjectId, scope::Scope};
use model::{
    change::{Change, altered::Altered},
    event::CallerKind,
    role::{PrincipalType, RoleAssignment},
};
use store::records::ranges;

use super::{Refused, USER_ACCESS_ADMINISTRATOR};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// Gives the caller the role at the root of their tenant. Whoever holds it there keeps what they
/// have.
pub async fn elevate(plane: &Plane, context: &Context) -> Result<(), Error> {
    let who = context.caller.principal;
    let kind = match context.caller.kind {
        CallerKind::User => PrincipalType::User,
        CallerKind::Application | CallerKind::ManagedIdentity => PrincipalType::ServicePrincipal,
    };
    let name = ObjectId::new(plane.random.uuid());
    retry(async || {
        let mut unit = plane.begin(context);
        let held = unit.list::<RoleAssignment>(&ranges::role_assignments_of(who)).await?;
        let root = Scope::Tenant(who.tenant);
        let elevated = |it: &RoleAssignment| {
            let whole = it.role == USER_ACCESS_ADMINISTRATOR && it.condition.is_none();
            whole && *it.id.scope() == root
        };
        let elevation = Altered::elevation(who, kind, name, unit.now());
        let elevation = elevation.map_err(|_| Refused::NotAGuid(name.to_string()))?;
        let change = Change::Alter(elevation);
        let permit = plane.permit(context, &change)?;
        if held.iter().any(elevated) {
            return Ok(());
        }
        unit.look(&change).await?;
        unit.apply(permit, change)?;
        plane.commit(context, unit, 200).await
    })
    .await
}
