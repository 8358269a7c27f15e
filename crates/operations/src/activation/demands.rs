//! What it takes to activate something now, by all that says so.

use access::index::Index;
use activation::demands::Demands;
use ids::{guid::RoleId, resource::AssignmentId, scope::Scope};
use model::{
    activation::{Basis, Eligibility, eligible::EligibleAssignment, policy::ActivationPolicy},
    delegation::{Assignment, Definition, EligibleAuthorization, Hurdle},
    period::Phase,
};
use store::{records::ranges, unit::Unit};

use super::Refused;
use crate::error::Error;

/// What is asked for at the scope; none where there is nothing to activate. All that says so is
/// among what the unit has read.
pub(crate) async fn of(
    index: &Index,
    unit: &mut Unit,
    eligibility: &Eligibility,
    scope: &Scope,
) -> Result<Option<Demands>, Error> {
    let hurdle = match &eligibility.basis {
        Basis::Delegation(id) => match hurdle(unit, id, eligibility).await? {
            Some(it) => Some(it),
            None => return Ok(None),
        },
        Basis::Own(id) => {
            let own = unit.find::<EligibleAssignment>(id).await?;
            let is_it = |it: &EligibleAssignment| {
                it.removed.is_none()
                    && it.eligibility() == *eligibility
                    && it.period.phase(unit.now()) == Phase::Within
            };
            if !own.as_ref().is_some_and(is_it) {
                return Ok(None);
            }
            None
        }
    };
    let policies = policies(index, unit, eligibility.role, scope).await?;
    Ok(Some(match hurdle {
        Some(hurdle) => Demands::of(&hurdle, &policies),
        None => Demands::own(&policies),
    }))
}

/// What a tenant asks of its own people for the role at the scope.
pub(crate) async fn own(
    index: &Index,
    unit: &mut Unit,
    role: RoleId,
    scope: &Scope,
) -> Result<Demands, Error> {
    Ok(Demands::own(&policies(index, unit, role, scope).await?))
}

/// What the customer asks for around the scope, and within it: what is held at the scope counts
/// there, too, and whoever asks for more is not to be asked for less.
async fn policies(
    index: &Index,
    unit: &mut Unit,
    role: RoleId,
    scope: &Scope,
) -> Result<Vec<ActivationPolicy>, Error> {
    let mut policies = Vec::new();
    for around in index.lineage(scope).into_iter().filter(|it| it != scope && is_governed(it)) {
        let id = ActivationPolicy::id_at(around, role);
        let id = id.map_err(|_| Refused::NoPolicy(role.to_string()))?;
        policies.extend(unit.find::<ActivationPolicy>(&id).await?);
    }
    for place in index.places_below(scope) {
        let within = ranges::activation_policies_below(&place);
        let within = unit.list::<ActivationPolicy>(&within).await?;
        policies.extend(within.into_iter().filter(|it| it.role == role));
    }
    Ok(policies)
}

/// What the provider asks for; none where the delegation does not say so any more.
async fn hurdle(
    unit: &mut Unit,
    delegation: &AssignmentId,
    eligibility: &Eligibility,
) -> Result<Option<Hurdle>, Error> {
    let Some(assignment) = unit.find::<Assignment>(delegation).await? else { return Ok(None) };
    let Some(definition) = unit.find::<Definition>(&assignment.definition).await? else {
        return Ok(None);
    };
    let is_it = |it: &&EligibleAuthorization| {
        (it.principal, it.role) == (eligibility.principal, eligibility.role)
    };
    Ok(definition.eligible.iter().find(is_it).map(Hurdle::of))
}

/// Whether policies stand at such a scope.
fn is_governed(scope: &Scope) -> bool {
    match scope {
        Scope::ManagementGroup(..) | Scope::Subscription(_) | Scope::ResourceGroup(..) => true,
        Scope::Tenant(_) | Scope::Resource(_) => false,
    }
}
