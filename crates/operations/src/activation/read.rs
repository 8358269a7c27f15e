//! Reading what was asked for just in time: each for whoever has a part in it.

use access::index::Index;
use activation::standing::Standing;
use ids::{
    guid::{ObjectId, Principal},
    resource::ActivationId,
    scope::Scope,
};
use jiff::Timestamp;
use model::activation::{Activation, Side};
use store::{key::Range, records::ranges, snapshot::Snapshot};

use super::{Refused, Shown, is_seen};
use crate::{
    around::{self, Kind, Reach},
    context::Context,
    error::Error,
    plane::Plane,
};

const REQUESTS: Kind = Kind { name: ActivationId::KIND, below: ranges::activations_below };

/// Which of them are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    pub reach: Reach,
    pub whose: Whose,
}

/// Whose they are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// All that the caller may know of.
    Everyones,
    /// `asRequestor()`, `asTarget()`: the caller's own.
    Mine,
    /// `asApprover()`: those that wait and that the caller may decide about.
    MineToDecide,
    /// `principalId eq`: that one's.
    Naming(ObjectId),
}

/// The activation of that id, for a caller who may know of it.
pub async fn get(plane: &Plane, context: &Context, id: ActivationId) -> Result<Shown, Error> {
    let loaded = plane.store.find::<Activation>(&id).await?;
    let shown = loaded.open(&plane.store, |index, found| {
        let seen = found.filter(|it| is_seen(plane, index, context, it));
        Ok::<_, Error>(seen.map(|it| Shown::of(it, index, plane.store.now())))
    });
    shown.await?.ok_or_else(|| Refused::NotFound(id.name().to_string()).into())
}

/// The activations at the scope, around it and, as the filter says, below it. At a tenant: what
/// the caller asked for, and what waits for somebody there, wherever that is.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    filter: Filter,
) -> Result<Vec<Shown>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut found: Vec<Activation> = Vec::new();
    for range in places(plane, context, scope, filter.reach) {
        around::collect(&snapshot, &range, &mut found).await?;
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found.dedup_by(|one, other| one.id == other.id);
    shown(plane, context, snapshot, found, filter.whose).await
}

fn places(plane: &Plane, context: &Context, scope: &Scope, reach: Reach) -> Vec<Range> {
    let who = context.caller.principal;
    if let Scope::Tenant(_) = scope {
        let waiting = ranges::activations_waiting_for(who.tenant);
        return vec![ranges::activations_of(who), waiting];
    }
    let around = plane.index().lineage(scope);
    let outer = around.iter().filter(|it| *it != scope).map(|it| REQUESTS.at(it));
    outer.chain(REQUESTS.own(plane, scope, reach)).collect()
}

async fn shown(
    plane: &Plane,
    context: &Context,
    snapshot: Snapshot,
    found: Vec<Activation>,
    whose: Whose,
) -> Result<Vec<Shown>, Error> {
    let judge = |index: &Index, found: Vec<Activation>| {
        let now = plane.store.now();
        let all = found.into_iter().filter(|it| is_seen(plane, index, context, it));
        let all = all.map(|it| Shown::of(it, index, now));
        Ok::<_, Error>(all.filter(|it| is_meant(index, context, it, (whose, now))).collect())
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

fn is_meant(
    index: &Index,
    context: &Context,
    shown: &Shown,
    (whose, now): (Whose, Timestamp),
) -> bool {
    let who = context.caller.principal;
    match whose {
        Whose::Everyones => true,
        Whose::Mine => shown.it.who == who,
        Whose::Naming(object) => shown.it.who.object == object,
        Whose::MineToDecide => is_due(index, who, shown, now),
    }
}

/// Whether it waits for a decision that is that one's to make.
pub(super) fn is_due(index: &Index, who: Principal, shown: &Shown, now: Timestamp) -> bool {
    let is_open = |side| shown.it.decision_of(side).is_none();
    shown.standing == Standing::Pending
        && to_decide(index, who, &shown.it, now).into_iter().any(is_open)
}

/// The sides for which that one may decide as things are: never about their own, nor for a side
/// when the other side's word is theirs, under whatever account.
pub(super) fn to_decide(
    index: &Index,
    who: Principal,
    it: &Activation,
    now: Timestamp,
) -> Vec<Side> {
    let person = index.person(who);
    let is_theirs = |side: Side| it.decision_of(side).is_some_and(|said| said.person == person);
    let mut sides = index.sides_of(who, it, now);
    sides.retain(|side| !Side::ALL.into_iter().any(|other| other != *side && is_theirs(other)));
    if person == index.person(it.who) { Vec::new() } else { sides }
}
