//! One version for all that a customer delegated under a plan: the definitions follow together.

use access::verdict::Refusal;
use delegation::take::{self, followed};
use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{PlanId, PlanVersion},
    resource::DefinitionId,
};
use model::{
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    market::manifest::Manifest,
};
use policy::subject::Subject;
use store::{error::StoreError, records::ranges, unit::Unit};

use crate::{
    context::Context, delegation::notice, error::Error, plane::Plane, policies::enforce::enforce,
};

/// How many definitions follow in one unit. Each is a subscription of one tenant's, with its
/// assignments, its policies and the delegation rule to look at.
const DEFINITIONS_MAX: usize = 500;

/// A version that is accepted for all.
#[derive(Clone, Copy)]
pub(super) struct Version<'a> {
    pub(super) customer: TenantId,
    pub(super) plan: &'a PlanVersion,
    pub(super) manifest: &'a Manifest,
}

/// Refuses one definition more than can follow together.
pub(super) async fn room(
    plane: &Plane,
    unit: &mut Unit,
    customer: TenantId,
    plan: &PlanVersion,
) -> Result<(), Error> {
    if owned(plane, unit, customer, plan).await?.len() < DEFINITIONS_MAX {
        return Ok(());
    }
    let (plan, most) = (plan.plan.clone(), DEFINITIONS_MAX);
    Err(delegation::refused::Refused::from(take::Refused::TooMany { plan, most }).into())
}

/// The definitions of the acceptance. A subscription that has moved to another tenant stays as it
/// was accepted (B57).
async fn owned(
    plane: &Plane,
    unit: &mut Unit,
    customer: TenantId,
    plan: &PlanVersion,
) -> Result<Vec<Definition>, Error> {
    let range = ranges::market::definitions_of_acceptance(customer, &plan.plan, plan.slot);
    let mut found = unit.list::<Definition>(&range).await?;
    let index = plane.index();
    found.retain(|it| index.home(it.id.scope()) == Some(customer));
    Ok(found)
}

/// Gives every other definition of the acceptance the version's form, each by leave of its own.
pub(super) async fn all(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    version: Version<'_>,
    done: Option<&DefinitionId>,
) -> Result<(), Error> {
    let Version { customer, plan, manifest } = version;
    let mut rest = owned(plane, unit, customer, plan).await?;
    rest.retain(|it| Some(&it.id) != done);
    if rest.len() > DEFINITIONS_MAX {
        return Err(StoreError::TooMany.into());
    }
    for before in rest {
        let noted = context.modified(&before.system_data, unit.now());
        let definition = followed(before, customer, plan, manifest, noted);
        let (id, name) = (definition.id.clone(), definition.name.clone());
        let change = Change::Put(Noun::Definition(definition));
        let permit = plane.permit(context, &change)?;
        let subject = Subject::definition(&id, manifest.tenant, name.as_deref());
        enforce(plane, context, unit, &subject).await?;
        unit.apply(permit, change)?;
        tell(plane, context, unit, customer, &id).await?;
    }
    Ok(())
}

/// Tells the managing tenant of each scope that the definition's new form holds at (B51).
pub(super) async fn tell(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    customer: TenantId,
    id: &DefinitionId,
) -> Result<(), Error> {
    for it in unit.list::<Assignment>(&ranges::assignments_of_definition(id)).await? {
        notice::record(plane, context, unit, notice::News::Delegated, customer, &it);
    }
    Ok(())
}

/// A refusal in another subscription than the caller asked about. It is not named: the caller may
/// know nothing of it.
pub(super) fn elsewhere(error: Error, asked: SubscriptionId, plan: &PlanId) -> Error {
    let Error::Denied(denied) = error else { return error };
    let is_elsewhere = denied.question.scope.subscription() != Some(asked);
    let is_plain = match &denied.refusal {
        Refusal::NoGrant | Refusal::Denied { .. } | Refusal::NotOwner(_) => true,
        Refusal::Locked { .. } => false,
    };
    if is_elsewhere && is_plain {
        delegation::refused::Refused::from(take::Refused::CoversMore(plan.clone())).into()
    } else {
        Error::Denied(denied)
    }
}
