//! Asking for a role just in time: `PUT` of a role assignment schedule request, `SelfActivate`.

use std::cmp::Reverse;

use activation::{
    refused::Refused as Decision,
    request::{Facts, Request, request as decide},
    standing::Standing,
};
use ids::{
    guid::{ObjectId, RoleId},
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    activation::{Activation, Eligibility},
    change::{Change, Noun},
    event::{Caller, SystemReason},
};
use store::{records::ranges, unit::Unit};
use uuid::Uuid;

use super::{Shown, commit, demands};
use crate::{
    cascade,
    context::Context,
    delegation,
    error::Error,
    plane::{Plane, retry},
    scopes,
};

/// So long what is over is kept, until the same one asks again.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// So much that is over is kept of one person; the journal keeps the rest.
const OVER_MAX: usize = 50;
/// So much may wait or stand of one person at a time.
const OPEN_MAX: usize = 100;

/// What is asked for, and by what.
#[derive(Clone, Debug)]
pub struct Ask {
    pub request: Request,
    pub role: RoleId,
    /// Whose it is to be: only the caller's own is ever given.
    pub principal: ObjectId,
    /// Which eligibility is meant, where there may be several.
    pub linked: Option<Uuid>,
}

/// The activation: it counts, will count, or waits for somebody's approval.
pub async fn ask(plane: &Plane, context: &Context, ask: Ask) -> Result<Shown, Error> {
    retry(|| once(plane, context, ask.clone())).await
}

/// What would come of it, without its coming to be.
pub async fn validate(plane: &Plane, context: &Context, ask: Ask) -> Result<Shown, Error> {
    let (unit, it) = judged(plane, context, ask).await?;
    plane.permit(context, &Change::Put(Noun::Activation(it.clone())))?;
    let standing = Standing::at(&it, unit.now());
    Ok(Shown { it, standing })
}

async fn once(plane: &Plane, context: &Context, ask: Ask) -> Result<Shown, Error> {
    let (unit, made) = judged(plane, context, ask).await?;
    commit(plane, context, unit, made, 201).await
}

async fn judged(plane: &Plane, context: &Context, ask: Ask) -> Result<(Unit, Activation), Error> {
    let (who, scope) = (context.caller.principal, ask.request.id.scope().clone());
    let mut unit = plane.begin(context);
    let facts = Facts {
        who,
        customer: delegation::owner(&plane.index(), &scope)?,
        eligibility: match meant(plane, context, &ask) {
            Some(it) => {
                let asks = demands::of(&plane.index(), &mut unit, &it, &scope).await?;
                asks.map(|asks| (it, asks))
            }
            None => None,
        },
        existing: unit.find::<Activation>(&ask.request.id).await?,
        others: others(plane, context, &mut unit, &scope).await?,
        second_factor: has_second_factor(&context.caller),
        now: unit.now(),
    };
    // Whoever is not eligible learns of nothing else.
    if facts.eligibility.is_some() {
        scopes::exists(&mut unit, &scope).await?;
    }
    Ok((unit, decide(ask.request, facts)?))
}

/// What the caller is eligible for there that fits; of several the innermost.
fn meant(plane: &Plane, context: &Context, ask: &Ask) -> Option<Eligibility> {
    let (who, now) = (context.caller.principal, plane.store.now());
    if ask.principal != who.object {
        return None;
    }
    let fits = |it: &Eligibility| {
        it.role == ask.role && ask.linked.is_none_or(|linked| linked == it.name())
    };
    plane.index().eligibilities(who, ask.request.id.scope(), now).into_iter().find(fits)
}

/// What the caller asked for at that scope before that still stands, or waits. What has long been
/// over goes, and so does all of that but the latest, wherever it was.
async fn others(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    scope: &Scope,
) -> Result<Vec<Activation>, Error> {
    let (index, now) = (plane.index(), unit.now());
    let mut all = unit.list(&ranges::activations_of(context.caller.principal)).await?;
    all.sort_by_key(|it: &Activation| Reverse(it.asked.on));
    let is_open = |it: &Activation| !Standing::at(it, now).is_over() && index.bears(&it.id);
    let (open, over): (Vec<Activation>, Vec<Activation>) = all.into_iter().partition(is_open);
    let is_old = |it: &Activation| now.duration_since(it.asked.on) > KEPT;
    for (n, it) in over.into_iter().enumerate() {
        if n >= OVER_MAX || is_old(&it) {
            let change = Change::Remove(Noun::Activation(it));
            cascade::apply(unit, SystemReason::Retention, change)?;
        }
    }
    if open.len() >= OPEN_MAX {
        return Err(Decision::TooManyOpen(OPEN_MAX).into());
    }
    Ok(open.into_iter().filter(|it| it.id.scope() == scope).collect())
}

/// Everything that the caller asked for at exactly that scope.
pub(super) async fn own(
    unit: &mut Unit,
    context: &Context,
    scope: &Scope,
) -> Result<Vec<Activation>, Error> {
    Ok(unit.list(&ranges::activations_of_at(context.caller.principal, scope)).await?)
}

fn has_second_factor(caller: &Caller) -> bool {
    caller.methods.iter().any(|it| it == Caller::MULTIPLE_FACTORS)
}
