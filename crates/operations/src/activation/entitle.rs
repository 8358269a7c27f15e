//! Saying what a tenant's own people may activate: `PUT` of a role eligibility schedule request by
//! whoever gives access there.

use activation::eligible::{End, Facts, Request, decide};
use ids::{
    guid::{ObjectId, Principal},
    resource::EligibleAssignmentId,
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action,
    activation::eligible::{EligibleAssignment, StepKind},
    change::{Change, Noun},
    event::SystemReason,
    question::{Assigned, Question, Via},
    role::{PrincipalType, RoleDefinition},
};
use store::unit::Unit;

use super::{
    Refused as NotThere,
    entitled::{self, ELIGIBLE},
};
use crate::{
    cascade,
    context::Context,
    delegation,
    error::Error,
    plane::{Plane, retry},
    roles::{
        Refused,
        decide::{assignable, available, type_of},
        put::role,
    },
    scopes,
};

/// So long what is over is kept, for whoever asks for something at the same scope.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is asked for, and whose it is to be.
#[derive(Clone, Debug)]
pub struct Entitle {
    pub request: Request,
    pub principal: ObjectId,
}

/// The eligible assignment after it.
pub async fn entitle(
    plane: &Plane,
    context: &Context,
    wanted: Entitle,
) -> Result<EligibleAssignment, Error> {
    may(plane, context, &wanted)?;
    retry(async || {
        let (mut unit, after) = once(plane, context, &wanted).await?;
        let change = Change::Put(Noun::EligibleAssignment(after.clone()));
        unit.apply(plane.permit(context, &change)?, change)?;
        let status = if wanted.request.kind == StepKind::Cancel { 200 } else { 201 };
        plane.commit(context, unit, status).await?;
        Ok(after)
    })
    .await
}

/// What would come of it, without its coming to be.
pub async fn validate(
    plane: &Plane,
    context: &Context,
    wanted: Entitle,
) -> Result<EligibleAssignment, Error> {
    may(plane, context, &wanted)?;
    let (_, after) = once(plane, context, &wanted).await?;
    plane.permit(context, &Change::Put(Noun::EligibleAssignment(after.clone())))?;
    Ok(after)
}

/// Takes back what was asked for by that name at that scope, before it begins.
pub async fn cancel(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    name: &str,
) -> Result<EligibleAssignment, Error> {
    let of = entitled::get(plane, context, scope, name).await?.of;
    let id = plane.random.uuid_at(plane.store.now()).to_string().parse().ok();
    let id = id.and_then(|id| EligibleAssignmentId::at(scope.clone(), id).ok());
    let request = Request {
        id: id.ok_or_else(|| NotThere::NotFound(name.to_owned()))?,
        kind: StepKind::Cancel,
        role: of.role,
        start: None,
        end: End::Unsaid,
        target: Some(of.eligibility().name()),
        justification: None,
        ticket: None,
    };
    entitle(plane, context, Entitle { request, principal: of.principal.object }).await
}

/// Whether the caller may give, or take, this very role to that very principal there. Asked before
/// any fact is looked up, so that whoever may not learns of none.
fn may(plane: &Plane, context: &Context, wanted: &Entitle) -> Result<(), Error> {
    let (index, id) = (plane.index(), &wanted.request.id);
    let known = || {
        let tenant = index.home(id.scope())?;
        let facts = index.principal(Principal { tenant, object: wanted.principal })?;
        Some(type_of(facts.kind))
    };
    let (role, principal) = (wanted.request.role, Some(wanted.principal));
    let assigned = Assigned { role, principal, kind: known() };
    let given = match wanted.request.kind {
        StepKind::Remove | StepKind::Cancel => Action::ROLE_ASSIGNMENTS_DELETE,
        StepKind::Assign | StepKind::Update | StepKind::Extend | StepKind::Renew => {
            Action::ROLE_ASSIGNMENTS_WRITE
        }
    };
    let scope = Scope::Resource(id.as_resource().clone());
    let ask = |action, via| Question { action, scope: scope.clone(), via };
    let own = ask(Action::ELIGIBILITIES_WRITE, Via::Direct);
    plane.authorize(&index, context, vec![own, ask(given, Via::Assigning(assigned))])?;
    Ok(())
}

async fn once(
    plane: &Plane,
    context: &Context,
    wanted: &Entitle,
) -> Result<(Unit, EligibleAssignment), Error> {
    let mut unit = plane.begin(context);
    let scope = wanted.request.id.scope();
    scopes::exists(&mut unit, scope).await?;
    let index = plane.index();
    let home = delegation::owner(&index, scope)?;
    let principal = Principal { tenant: home, object: wanted.principal };
    unit.find::<EligibleAssignment>(&wanted.request.id).await?; // or that there is none
    let here = here(&mut unit, scope).await?;
    let is_new = wanted.request.kind == StepKind::Assign;
    let principal_type = if is_new {
        let found = role(&index, &mut unit, home, wanted.request.role).await?;
        let around = index.lineage(scope);
        let fits = |it: &RoleDefinition| assignable(it, &around) && available(it, scope);
        found.filter(fits).ok_or(Refused::NoRole(wanted.request.role))?;
        let known = index.principal(principal).map(|it| type_of(it.kind));
        known.ok_or(Refused::NoPrincipal(principal))?
    } else {
        // Whoever is gone may be taken away still.
        let known = here.iter().find(|it| it.principal == principal).map(|it| it.principal_type);
        known.unwrap_or(PrincipalType::User)
    };
    let (by, now) = (context.caller.principal, unit.now());
    let facts = Facts { by, principal, principal_type, here, now };
    Ok((unit, decide(&wanted.request, &facts)?))
}

/// All at exactly that scope. What has long been over goes.
async fn here(unit: &mut Unit, scope: &Scope) -> Result<Vec<EligibleAssignment>, Error> {
    let now = unit.now();
    let mut kept = Vec::new();
    for it in unit.list::<EligibleAssignment>(&ELIGIBLE.at(scope)).await? {
        if over(&it).is_some_and(|over| now.duration_since(over) > KEPT) {
            let change = Change::Remove(Noun::EligibleAssignment(it));
            cascade::apply(unit, SystemReason::Retention, change)?;
        } else {
            kept.push(it);
        }
    }
    Ok(kept)
}

/// Since when it is gone, or by time alone over.
fn over(it: &EligibleAssignment) -> Option<Timestamp> {
    it.removed.into_iter().chain(it.period.until()).min()
}
