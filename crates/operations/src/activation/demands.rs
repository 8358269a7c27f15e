//! What it takes to activate something now, by all that says so.

use activation::demands::Demands;
use ids::{guid::RoleId, scope::Scope};
use model::{
    activation::{Eligibility, policy::ActivationPolicy},
    delegation::{Assignment, Definition, Hurdle},
};
use store::{records::ranges, unit::Unit};

use super::Refused;
use crate::error::Error;

/// What is asked for at the scope; none where there is nothing to activate. All that says so is
/// among what the unit has read.
pub(crate) async fn of(
    unit: &mut Unit,
    eligibility: &Eligibility,
    scope: &Scope,
) -> Result<Option<Demands>, Error> {
    let Some(assignment) = unit.find::<Assignment>(&eligibility.delegation).await? else {
        return Ok(None);
    };
    let Some(definition) = unit.find::<Definition>(&assignment.definition).await? else {
        return Ok(None);
    };
    let is_it = |it: &&model::delegation::EligibleAuthorization| {
        (it.principal, it.role) == (eligibility.principal, eligibility.role)
    };
    let Some(authorization) = definition.eligible.iter().find(is_it) else { return Ok(None) };
    let policies = policies(unit, eligibility.role, scope).await?;
    Ok(Some(Demands::of(&Hurdle::of(authorization), &policies)))
}

/// What the customer asks for around the scope, and within it: what is held at the scope counts
/// there, too, and whoever asks for more is not to be asked for less.
async fn policies(
    unit: &mut Unit,
    role: RoleId,
    scope: &Scope,
) -> Result<Vec<ActivationPolicy>, Error> {
    let mut policies = Vec::new();
    for around in scope.lineage().skip(1).filter(is_governed) {
        let id = ActivationPolicy::id_at(around, role);
        let id = id.map_err(|_| Refused::NoPolicy(role.to_string()))?;
        policies.extend(unit.find::<ActivationPolicy>(&id).await?);
    }
    let within = unit.list::<ActivationPolicy>(&ranges::activation_policies_below(scope)).await?;
    policies.extend(within.into_iter().filter(|it| it.role == role));
    Ok(policies)
}

/// Whether policies stand at such a scope.
fn is_governed(scope: &Scope) -> bool {
    match scope {
        Scope::Subscription(_) | Scope::ResourceGroup(..) => true,
        Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => false,
    }
}
