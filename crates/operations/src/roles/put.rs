//! Assigning a role.

use access::index::Index;
use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    resource::{ResourceId, RoleAssignmentId},
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    directory::ServicePrincipal,
    question::{Assigned, Question, Via},
    role::{RoleAssignment, RoleDefinition},
};
use store::{records::ranges, unit::Unit};

use super::{
    ASSIGNMENTS, PutAssignment, Refused,
    decide::{self, Facts, SUBSCRIPTION_ASSIGNMENTS_MAX},
};
use crate::{
    around,
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
    scopes,
};

/// Assigns the role, or changes what describes the assignment.
pub async fn put(
    plane: &Plane,
    context: &Context,
    request: PutAssignment,
) -> Result<Put<RoleAssignment>, Error> {
    named_by_guid(&request.id)?;
    may_assign(plane, context, &request)?;
    retry(async || {
        let mut unit = plane.begin(context);
        scopes::exists(&mut unit, request.id.scope()).await?;
        let facts = facts(plane, context, &mut unit, &request).await?;
        let put = decide::put(request.clone(), &facts)?;
        if let Put::Created(after) | Put::Updated(after) = &put {
            let change = Change::Put(Noun::RoleAssignment(after.clone()));
            unit.apply(plane.permit(context, &change)?, change)?;
            plane.commit(context, unit, put.status()).await?;
        }
        Ok(put)
    })
    .await
}

fn named_by_guid(id: &RoleAssignmentId) -> Result<(), Refused> {
    let name = id.name().as_str();
    let bad = |_| Refused::NotAGuid(name.to_owned());
    name.parse::<ObjectId>().map(drop).map_err(bad)
}

/// Whether the caller may assign this very role to that very principal there. Asked before any fact
/// is looked up, so that whoever may not learns of none; of the principal's type, which a condition
/// may depend on, only what the request says or access knows.
fn may_assign(plane: &Plane, context: &Context, request: &PutAssignment) -> Result<(), Error> {
    let index = plane.index();
    let known = || {
        let tenant = index.home(request.id.scope())?;
        let facts = index.principal(Principal { tenant, object: request.principal })?;
        Some(decide::type_of(facts.kind))
    };
    let assigned = Assigned {
        role: request.role,
        principal: Some(request.principal),
        kind: request.principal_type.or_else(known),
    };
    let question = Question {
        action: Action::ROLE_ASSIGNMENTS_WRITE,
        scope: Scope::Resource(request.id.as_resource().clone()),
        via: Via::Assigning(assigned),
    };
    plane.authorize(&index, context, vec![question])?;
    Ok(())
}

async fn facts(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    request: &PutAssignment,
) -> Result<Facts, Error> {
    let (index, scope) = (plane.index(), request.id.scope());
    let home = index.home(scope).ok_or_else(|| Refused::NotFound(request.id.to_string()))?;
    let principal = Principal { tenant: home, object: request.principal };
    let existing = unit.find::<RoleAssignment>(&request.id).await?;
    let held = unit.list(&ranges::role_assignments_of(principal)).await?;
    let named = unit.list(&ranges::role_assignments_named(home, request.id.name())).await?;
    Ok(Facts {
        home,
        caller: context.caller.principal,
        count: if existing.is_none() { count(plane, scope).await? } else { 0 },
        existing,
        held,
        named,
        role: role(&index, unit, home, request.role).await?,
        around: index.lineage(scope),
        principal: index.principal(principal),
        identity: match &request.managed_identity_of {
            Some(resource) => identity(unit, resource, home).await?,
            None => None,
        },
        now: unit.now(),
    })
}

/// The role as the home tenant knows it. One of its own is among what the unit has read, so that
/// nobody is given what goes in between.
pub(crate) async fn role(
    index: &Index,
    unit: &mut Unit,
    home: TenantId,
    role: RoleId,
) -> Result<Option<RoleDefinition>, Error> {
    match index.catalogue().role(role) {
        Some(built_in) => Ok(Some(built_in.clone())),
        None => Ok(unit.find::<RoleDefinition>(&(Some(home), role)).await?),
    }
}

/// Whose identity the resource has, in its subscription's home tenant.
async fn identity(
    unit: &mut Unit,
    resource: &ResourceId,
    home: TenantId,
) -> Result<Option<Principal>, Error> {
    let found = unit.list::<ServicePrincipal>(&ranges::identity_of_resource(resource)).await?;
    let here = |it: &&ServicePrincipal| it.principal.tenant == home;
    Ok(found.iter().find(here).map(|it| it.principal))
}

/// How many assignments count against the bound. Not part of the unit's read set: a bound that
/// is missed by one does no harm, and all grants of a subscription in conflict would.
async fn count(plane: &Plane, scope: &Scope) -> Result<usize, Error> {
    let range = match scope.subscription() {
        Some(id) => ranges::role_assignments_below(&Scope::Subscription(id)),
        None => ASSIGNMENTS.at(scope),
    };
    Ok(around::count(plane, &range, SUBSCRIPTION_ASSIGNMENTS_MAX).await?)
}
