//! Writing a custom role.

use ids::{
    guid::{RoleId, TenantId},
    scope::Scope,
};
use model::{
    action::Verb,
    change::{Change, Noun, role_leave},
    role::{RoleAssignment, RoleDefinition},
};
use store::{records::ranges, unit::Unit};

use super::decide::{self, Facts, PutDefinition, ROLES_MAX, Refused, shrinks};
use crate::{
    around,
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
};

/// Makes the role, or changes it; whoever holds it holds what it says from then on. Takes leave at
/// every scope where it can be assigned, and at those where it could be before.
pub async fn put(
    plane: &Plane,
    context: &Context,
    request: PutDefinition,
) -> Result<Put<RoleDefinition>, Error> {
    if plane.index().catalogue().role(request.id).is_some() {
        return Err(Refused::BuiltIn(request.id).into());
    }
    decide::valid(&request)?;
    retry(async || {
        let mut unit = plane.begin(context);
        may_write(plane, context, &mut unit, &request.assignable_scopes)?;
        let facts = facts(plane, context, &mut unit, &request).await?;
        if let Some(existing) = &facts.existing {
            may_write(plane, context, &mut unit, &existing.assignable_scopes)?;
        }
        let put = decide::put(request.clone(), &facts)?;
        if let Put::Created(after) | Put::Updated(after) = &put {
            let change = Change::Put(Noun::RoleDefinition(after.clone()));
            unit.apply(plane.permit(context, &change)?, change)?;
            plane.commit(context, unit, 201).await?;
        }
        Ok(put)
    })
    .await
}

/// Leave to write roles at each of these. Asked before any fact is looked up, so that whoever may
/// not learns of none; what is refused beside the scope of the request is told as ARM tells it.
fn may_write(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    scopes: &[Scope],
) -> Result<(), Error> {
    for scope in scopes {
        unit.hold(plane.own(context, &role_leave(scope, Verb::Write))?);
    }
    Ok(())
}

async fn facts(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    request: &PutDefinition,
) -> Result<Facts, Error> {
    let home = context.caller.principal.tenant;
    let existing = unit.find::<RoleDefinition>(&(Some(home), request.id)).await?;
    let name = &request.name;
    let own = unit.list::<RoleDefinition>(&ranges::roles_by_name(home, name)).await?;
    let index = plane.index();
    let built_in = index.catalogue().roles().filter(|it| it.name.eq_ignore_ascii_case(name));
    let namesakes = own.iter().chain(built_in).map(|it| it.id).collect();
    let shrinks = existing.as_ref().is_some_and(|it| shrinks(request, it));
    Ok(Facts {
        home,
        caller: context.caller.principal.object,
        count: if existing.is_none() { count(plane, home).await? } else { 0 },
        held: if shrinks { held(plane, unit, home, request.id).await? } else { Vec::new() },
        existing,
        namesakes,
        now: unit.now(),
    })
}

/// How many roles count against the bound; as with assignments, no part of what the unit read.
async fn count(plane: &Plane, home: TenantId) -> Result<usize, Error> {
    let range = ranges::roles_of_tenant(home);
    Ok(around::count(plane, &range, ROLES_MAX).await?)
}

/// Where the role is held, with what is around. The index knows all that was committed before
/// now; the range, what comes in between.
async fn held(
    plane: &Plane,
    unit: &mut Unit,
    home: TenantId,
    role: RoleId,
) -> Result<Vec<Vec<Scope>>, Error> {
    let index = plane.index();
    let mut scopes = index.scopes_of_role(home, role);
    let listed = unit.list::<RoleAssignment>(&ranges::role_assignments_by_role(home, role)).await?;
    scopes.extend(listed.iter().map(|it| it.id.scope().clone()));
    Ok(scopes.iter().map(|scope| index.lineage(scope)).collect())
}
