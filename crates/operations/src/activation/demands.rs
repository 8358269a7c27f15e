//! What it takes to activate something now, by all that says so.

use activation::demands::Demands;
use ids::scope::Scope;
use model::{
    activation::{Eligibility, policy::ActivationPolicy},
    delegation::{Assignment, Definition, Hurdle},
};
use store::unit::Unit;

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
    let mut policies = Vec::new();
    for around in scope.lineage().filter(is_governed) {
        let id = ActivationPolicy::id_at(around, eligibility.role);
        let id = id.map_err(|_| Refused::NoPolicy(eligibility.role.to_string()))?;
        policies.extend(unit.find::<ActivationPolicy>(&id).await?);
    }
    Ok(Some(Demands::of(&Hurdle::of(authorization), &policies)))
}

/// Whether policies stand at such a scope.
fn is_governed(scope: &Scope) -> bool {
    match scope {
        Scope::Subscription(_) | Scope::ResourceGroup(..) => true,
        Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => false,
    }
}
