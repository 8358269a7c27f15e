//! What may be activated, and what it takes: for whoever is eligible, and for whoever of the
//! customer's reads role assignments there.

use access::index::Index;
use activation::demands::Demands;
use ids::{guid::TenantId, scope::Scope};
use jiff::Timestamp;
use model::{
    action::Action,
    activation::{Basis, Eligibility, eligible::EligibleAssignment},
    delegation::{Assignment, Definition},
    period::{OpenPeriod, Phase},
    question::{Question, Via},
};
use store::{records::ranges, unit::Unit};
use uuid::Uuid;

use super::{demands, entitled};
use crate::{context::Context, error::Error, plane::Plane};

/// Whose eligibilities are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// `asTarget()`: the caller's own, through groups too.
    Mine,
    /// All that the caller may know of.
    Everyones,
}

/// Something that may be activated: of a delegation, in its period only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eligible {
    pub eligibility: Eligibility,
    /// Whose principal it names.
    pub managed_by: TenantId,
    /// When it counts, where that is not always.
    pub period: Option<OpenPeriod>,
    /// Since when it has been so.
    pub since: Timestamp,
    /// The request that made it, of a tenant's own.
    pub request: Option<Uuid>,
    pub demands: Demands,
}

/// What may be activated at the scope, around it and below it. At a tenant: what the caller may,
/// wherever that is.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    whose: Whose,
) -> Result<Vec<Eligible>, Error> {
    let mut unit = plane.begin(context);
    let mut found = Vec::new();
    for assignment in near(context, &mut unit, scope).await? {
        found.extend(of(plane, &mut unit, assignment).await?);
    }
    for it in entitled::near(plane, context, scope).await? {
        found.extend(own(plane, &mut unit, it).await?);
    }
    let snapshot = plane.store.snapshot().await?;
    let judge = |index: &Index, mut found: Vec<Eligible>| {
        found.retain(|it| is_seen(plane, index, context, it, whose));
        Ok::<_, Error>(found)
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

/// The delegations that may say something about it.
async fn near(context: &Context, unit: &mut Unit, scope: &Scope) -> Result<Vec<Assignment>, Error> {
    let mut next = match (scope, scope.subscription()) {
        (_, Some(id)) => Some(ranges::assignments_of_subscription(id)),
        (Scope::Tenant(_), None) => {
            Some(ranges::assignments_of_managing_tenant(context.caller.principal.tenant))
        }
        (_, None) => None,
    };
    let mut found: Vec<Assignment> = Vec::new();
    while let Some(range) = next {
        let (part, rest) = unit.skim_part::<Assignment>(&range).await?;
        found.extend(part);
        next = rest;
    }
    let is_near = |it: &Assignment| scope.contains(it.id.scope()) || it.id.scope().contains(scope);
    found.retain(|it| scope.subscription().is_none() || is_near(it));
    Ok(found)
}

async fn of(
    plane: &Plane,
    unit: &mut Unit,
    assignment: Assignment,
) -> Result<Vec<Eligible>, Error> {
    let (index, now) = (plane.index(), plane.store.now());
    if assignment.period.is_some_and(|it| it.phase(now) != Phase::Within) {
        return Ok(Vec::new());
    }
    let Some(definition) = unit.find::<Definition>(&assignment.definition).await? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for it in &definition.eligible {
        let basis = Basis::Delegation(assignment.id.clone());
        let eligibility = Eligibility { basis, principal: it.principal, role: it.role };
        if let Some(demands) =
            demands::of(&index, unit, &eligibility, assignment.id.scope()).await?
        {
            found.push(Eligible {
                eligibility,
                managed_by: assignment.managed_by,
                period: assignment.period,
                since: assignment.system_data.created_at,
                request: None,
                demands,
            });
        }
    }
    Ok(found)
}

/// What is neither over nor gone.
async fn own(
    plane: &Plane,
    unit: &mut Unit,
    it: EligibleAssignment,
) -> Result<Option<Eligible>, Error> {
    let first = it.steps.first().filter(|_| it.removed.is_none());
    let Some(first) = first.filter(|_| it.period.phase(unit.now()) != Phase::Over) else {
        return Ok(None);
    };
    Ok(Some(Eligible {
        eligibility: it.eligibility(),
        managed_by: it.principal.tenant,
        period: Some(it.period),
        since: first.on,
        request: Some(first.name),
        demands: demands::own(&plane.index(), unit, it.role, it.id.scope()).await?,
    }))
}

fn is_seen(plane: &Plane, index: &Index, context: &Context, it: &Eligible, whose: Whose) -> bool {
    let (who, now) = (context.caller.principal, plane.store.now());
    let scope = it.eligibility.basis.scope();
    let reads =
        Question { action: Action::ROLE_ASSIGNMENTS_READ, scope: scope.clone(), via: Via::Direct };
    let sees = |facts: &Index| {
        let is_mine = facts.eligibilities(who, scope, now).contains(&it.eligibility);
        match whose {
            Whose::Mine => is_mine,
            Whose::Everyones => is_mine || facts.check(who, &reads, now).is_allowed(),
        }
    };
    sees(index) && plane.store.origin().is_none_or(sees)
}
