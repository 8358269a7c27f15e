//! Reading what a tenant's own people may activate, and what was asked for to make it so: for
//! whoever reads role assignments there, and whoever may activate it.

use access::index::Index;
use ids::{
    guid::{ObjectId, Principal},
    resource::EligibleAssignmentId,
    scope::Scope,
};
use model::{
    action::Action,
    activation::eligible::{EligibleAssignment, Step},
    question::{Question, Via},
};
use store::{key::Range, records::ranges};
use uuid::Uuid;

use super::Refused;
use crate::{
    around::{self, Kind, Reach},
    context::Context,
    error::Error,
    plane::Plane,
};

pub(crate) const ELIGIBLE: Kind =
    Kind { name: EligibleAssignmentId::KIND, below: ranges::eligible_assignments_below };

/// Whose requests are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Everyones,
    /// `asTarget()`: about what the caller may activate.
    Mine,
    /// `asRequestor()`: what the caller asked for.
    ByMe,
    /// `principalId eq`: about what that one may activate.
    Naming(ObjectId),
}

/// One request, and what it was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    /// Of its steps, the last.
    pub of: EligibleAssignment,
    pub step: Step,
}

/// The request of that name at exactly that scope, for a caller who may know of it.
pub async fn get(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    name: &str,
) -> Result<Requested, Error> {
    let found = seen(plane, context, vec![ELIGIBLE.at(scope)]).await?;
    let wanted: Option<Uuid> = name.parse().ok();
    let mut all = found.into_iter().flat_map(requests);
    let it = all.find(|it| Some(it.step.name) == wanted);
    it.ok_or_else(|| Refused::NotFound(name.to_owned()).into())
}

/// The requests at the scope, around it and, as the reach says, below it. At a tenant: about what the
/// caller may activate, wherever that is.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    (reach, whose): (Reach, Whose),
) -> Result<Vec<Requested>, Error> {
    let places = places(plane, context, scope, reach);
    let all = seen(plane, context, places).await?.into_iter().flat_map(requests);
    let own = context.caller.principal;
    let is_meant = |it: &Requested| match whose {
        Whose::Everyones => true,
        Whose::Mine => names(plane, own).contains(&it.of.principal),
        Whose::ByMe => it.step.by == own,
        Whose::Naming(object) => it.of.principal.object == object,
    };
    Ok(all.filter(is_meant).collect())
}

/// What there is at the scope, around it and below it, whoever may see it.
pub(super) async fn near(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
) -> Result<Vec<EligibleAssignment>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut found = Vec::new();
    for range in places(plane, context, scope, Reach::Everywhere) {
        around::collect(&snapshot, &range, &mut found).await?;
    }
    Ok(found)
}

fn places(plane: &Plane, context: &Context, scope: &Scope, reach: Reach) -> Vec<Range> {
    if let Scope::Tenant(_) = scope {
        let names = names(plane, context.caller.principal);
        return names.into_iter().map(ranges::eligible_assignments_of).collect();
    }
    let around = plane.index().lineage(scope);
    let outer = around.iter().filter(|it| *it != scope).map(|it| ELIGIBLE.at(it));
    outer.chain(ELIGIBLE.own(plane, scope, reach)).collect()
}

/// Whom an eligible assignment names to mean that one.
fn names(plane: &Plane, who: Principal) -> Vec<Principal> {
    let groups = plane.index().groups_of(who);
    std::iter::once(who).chain(groups).collect()
}

async fn seen(
    plane: &Plane,
    context: &Context,
    places: Vec<Range>,
) -> Result<Vec<EligibleAssignment>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut found: Vec<EligibleAssignment> = Vec::new();
    for range in places {
        around::collect(&snapshot, &range, &mut found).await?;
    }
    let judge = |index: &Index, mut found: Vec<EligibleAssignment>| {
        found.retain(|it| is_seen(plane, index, context, it));
        Ok::<_, Error>(found)
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

fn is_seen(plane: &Plane, index: &Index, context: &Context, it: &EligibleAssignment) -> bool {
    let (who, now) = (context.caller.principal, plane.store.now());
    let reads = Question {
        action: Action::ROLE_ASSIGNMENTS_READ,
        scope: it.id.scope().clone(),
        via: Via::Direct,
    };
    let sees = |facts: &Index| {
        facts.eligibilities(who, it.id.scope(), now).contains(&it.eligibility())
            || facts.check(who, &reads, now).is_allowed()
    };
    sees(index) && plane.store.origin().is_none_or(sees)
}

fn requests(mut it: EligibleAssignment) -> Vec<Requested> {
    let steps = std::mem::take(&mut it.steps);
    let of = EligibleAssignment { steps: steps.last().cloned().into_iter().collect(), ..it };
    steps.into_iter().map(|step| Requested { of: of.clone(), step }).collect()
}
