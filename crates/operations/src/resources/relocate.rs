//! `POST …/moveResources`: resources go to another group of the tenant with what lies in them,
//! all or none. Each is removed where it was and written where it goes, by its own caller's leave
//! to do both.

use ids::{guid::OperationId, resource::ResourceId, scope::Scope};
use model::{
    action::{Action, Verb},
    change::{Change, Noun},
    directory::{ServicePrincipal, ServicePrincipalKind},
    event::SystemReason,
    question::Question,
    resource::Resource,
    role::{DenyAssignment, Lock},
    tree::ResourceGroup,
};
use store::{records::ranges, unit::Unit};

use super::identity;
use crate::{
    cascade,
    context::Context,
    error::Error,
    groups::GroupId,
    plane::{Plane, retry},
    resources,
    status::{self, Outcome},
};

pub mod decide;

use decide::{Load, Refused};

/// What is to go where.
#[derive(Clone, Debug)]
pub struct Move {
    pub from: GroupId,
    pub resources: Vec<ResourceId>,
    pub to: Scope,
}

impl Move {
    fn source(&self) -> Scope {
        Scope::ResourceGroup(self.from.0, self.from.1.clone())
    }
}

/// Judges what the request says by itself, and whether its caller may write at the target. Whoever
/// may not hears nothing of what is there.
pub fn admit(plane: &Plane, context: &Context, asked: &Move) -> Result<(), Error> {
    let source = asked.source();
    decide::movable(&source, &asked.from.1, &asked.resources)?;
    decide::target(&source, &asked.to)?;
    plane.own(context, &Question::any(Action::GROUPS_WRITE, asked.to.clone()))?;
    let index = plane.index();
    if index.home(&source) == index.home(&asked.to) {
        Ok(())
    } else {
        Err(Refused::OtherTenant.into())
    }
}

/// Moves them. Answers with what can be polled.
pub async fn relocate(plane: &Plane, context: &Context, asked: Move) -> Result<OperationId, Error> {
    retry(|| once(plane, context, &asked)).await
}

async fn once(plane: &Plane, context: &Context, asked: &Move) -> Result<OperationId, Error> {
    let mut unit = plane.begin(context);
    prepare(plane, context, &mut unit, asked).await?;
    let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
    // The group that they go to, and its subscription, have a log of their own.
    let question = Question::any(Action::GROUPS_WRITE, asked.to.clone());
    let there = Context { question, ..context.clone() };
    if let Some(activity) = there.succeeded(plane, unit.now(), 202, &plane.defects(&unit)) {
        unit.record(activity);
    }
    plane.commit(context, unit, 202).await?;
    Ok(operation)
}

/// Looks as closely as [`relocate`] and moves nothing. Answers with what can be polled.
pub async fn validate(plane: &Plane, context: &Context, asked: Move) -> Result<OperationId, Error> {
    prepare(plane, context, &mut plane.begin(context), &asked).await?;
    retry(async || {
        let mut unit = plane.begin(context);
        let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
        plane.commit(context, unit, 202).await?;
        Ok(operation)
    })
    .await
}

/// Everything that moves, in the unit.
async fn prepare(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    asked: &Move,
) -> Result<(), Error> {
    // Whoever waited for a turn may have lost meanwhile what it takes.
    unit.hold(plane.authorize(&plane.index(), context, vec![context.question.clone()])?);
    admit(plane, context, asked)?;
    let source = asked.source();
    let target = decide::target(&source, &asked.to)?;
    unit.hold(plane.own(context, &Question::any(Action::GROUPS_WRITE, asked.to.clone()))?);
    if unit.find::<ResourceGroup>(&target).await?.is_none() {
        return Err(Refused::NoTarget(target.1).into());
    }
    let mut load = Load::default();
    for id in decide::movable(&source, &asked.from.1, &asked.resources)? {
        // Whether it is there, is told to who may take it away.
        let delete =
            Question::any(Action::of(&id.kind(), Verb::Delete), Scope::Resource(id.clone()));
        plane.own(context, &delete)?;
        let existing = unit.find::<Resource>(&id).await?;
        let existing = existing.ok_or(resources::Refused::NotFound(id))?;
        bar(context, unit, &existing.id).await?;
        one(plane, context, unit, (&source, &asked.to), existing, &mut load).await?;
    }
    Ok(())
}

/// Refuses to move what a lock or a denial stands at, or something in it: neither goes along, and
/// what they protect lives on. Whoever passes a lock where it is does not take it away by a move.
async fn bar(context: &Context, unit: &mut Unit, id: &ResourceId) -> Result<(), Error> {
    let scope = Scope::Resource(id.clone());
    let (locks, _) = unit.list_part::<Lock>(&ranges::locks_below(&scope)).await?;
    if !locks.is_empty() {
        return Err(cascade::locked(context, &locks));
    }
    let denials = ranges::deny_assignments_below(&scope);
    let (denials, _) = unit.list_part::<DenyAssignment>(&denials).await?;
    match denials.into_iter().next() {
        Some(it) => Err(Refused::Denied { id: id.clone(), at: it.id.scope().clone() }.into()),
        None => Ok(()),
    }
}

/// One resource with what lies in it. What says who may do what there is left behind and goes.
async fn one(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    (source, to): (&Scope, &Scope),
    existing: Resource,
    load: &mut Load,
) -> Result<(), Error> {
    let scope = Scope::Resource(existing.id.clone());
    load.add(&existing)?;
    let (below, more) = unit.list_part::<Resource>(&ranges::resources_below(&scope)).await?;
    if more.is_some() {
        return Err(Refused::TooHeavy.into());
    }
    below.iter().try_for_each(|it| load.add(it))?;
    let before = unit.changes().len();
    cascade::ungrant(unit, &scope).await?;
    load.add_grants(unit.changes().len().saturating_sub(before))?;
    for it in [existing].into_iter().chain(below) {
        if decide::stays(&it.id) {
            if it.identity.is_some() {
                identity::follow(plane, unit, Some(&it), None).await?;
            }
            cascade::apply(unit, SystemReason::Cascade, Change::Remove(Noun::Resource(it)))?;
        } else {
            carry(plane, context, unit, (source, to), it).await?;
        }
    }
    Ok(())
}

/// Takes a resource from one place to the other. Who it acts as stays the same.
async fn carry(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    (source, to): (&Scope, &Scope),
    before: Resource,
) -> Result<(), Error> {
    let stays = || Refused::Stays(before.id.clone());
    if identity::is_one(&before.id) {
        return Err(stays().into());
    }
    let id = before.id.moved(source, to).map_err(|_| stays())?;
    let system_data = context.modified(&before.system_data, unit.now());
    let after = Resource { id: id.clone(), system_data, ..before.clone() };
    let goes = Change::Remove(Noun::Resource(before.clone()));
    let comes = Change::Put(Noun::Resource(after));
    // What is there is told to who may write there.
    let leave = [plane.permit(context, &goes)?, plane.permit(context, &comes)?];
    if unit.find::<Resource>(&id).await?.is_some() {
        return Err(Refused::Taken(id).into());
    }
    if before.identity.is_some() {
        hand_over(unit, &before.id, &id).await?;
    }
    for (permit, change) in leave.into_iter().zip([goes, comes]) {
        unit.apply(permit, change)?;
    }
    Ok(())
}

/// Whoever acted as the one acts as the other.
async fn hand_over(unit: &mut Unit, before: &ResourceId, id: &ResourceId) -> Result<(), Error> {
    for it in unit.list::<ServicePrincipal>(&ranges::identity_of_resource(before)).await? {
        let kind = ServicePrincipalKind::ManagedIdentity { resource: id.clone() };
        let change = Change::Put(Noun::ServicePrincipal(ServicePrincipal { kind, ..it }));
        cascade::apply(unit, SystemReason::Cascade, change)?;
    }
    Ok(())
}
