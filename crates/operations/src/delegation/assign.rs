//! `PUT` of a registration assignment: the customer accepts a definition at a scope.

use delegation::{
    assign::{Facts, GroupFact, Request, Verdict, assign as decide},
    refused::Refused,
};
use ids::{
    guid::{OperationId, TenantId},
    offer::{PartnerId, PlanVersion},
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    market::{
        account::{Account, Publisher},
        offer::{Edition, Stage},
    },
    tree::ResourceGroup,
};
use policy::subject::Subject;
use store::{error::StoreError, records::ranges, unit::Unit};

use super::{admit, notice, owner, registered, settle};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    policies::enforce::enforce,
    status::{self, Outcome},
};

/// The assignment as it is now, and what can be polled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    Created(Assignment, OperationId),
    /// It stood there already; perhaps it counts at another time now.
    Unchanged(Assignment),
}

/// Delegates the scope. The managing tenant has its access before this returns.
pub async fn assign(plane: &Plane, context: &Context, request: Request) -> Result<Assigned, Error> {
    retry(|| once(plane, context, request.clone())).await
}

async fn once(plane: &Plane, context: &Context, request: Request) -> Result<Assigned, Error> {
    admit(plane, context, Action::ASSIGNMENTS_WRITE, request.id.as_resource())?;
    let (index, scope) = (plane.index(), request.id.scope().clone());
    let owner = owner(&index, &scope)?;
    let mut unit = plane.begin(context);
    registered(&mut unit, &scope).await?;
    let subject = Subject::assignment(&request.id, &request.definition);
    enforce(plane, context, &mut unit, &subject).await?;
    let definition = offered(&mut unit, &request).await?;
    let facts = Facts {
        owner,
        partner: partner(&mut unit, definition.as_ref()).await?,
        definition,
        existing: unit.find(&request.id).await?,
        others: unit.list(&ranges::assignments_of_definition(&request.definition)).await?,
        group: group(&mut unit, &scope).await?,
        is_diminished: index.is_diminished(&request.id),
        made: context.created(unit.now()),
    };
    let managing = facts.definition.as_ref().map(|it| it.managed_by);
    match decide(request, facts) {
        Err(refused) => {
            let refused = settle(plane, context, Refused::from(refused)).await?;
            if let Some(managing) = managing {
                notice::failed(plane, context, owner, managing, &scope);
            }
            Err(refused.into())
        }
        Ok(Verdict::Keep(assignment)) => {
            let change = Change::Put(Noun::Assignment(assignment.clone()));
            unit.hold(plane.permit(context, &change)?);
            plane.commit(context, unit, 200).await?;
            Ok(Assigned::Unchanged(assignment))
        }
        Ok(Verdict::Restore(assignment) | Verdict::Reschedule(assignment)) => {
            put(plane, context, &mut unit, owner, &assignment)?;
            plane.commit(context, unit, 200).await?;
            Ok(Assigned::Unchanged(assignment))
        }
        Ok(Verdict::Create(assignment)) => {
            put(plane, context, &mut unit, owner, &assignment)?;
            let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
            plane.commit(context, unit, 201).await?;
            Ok(Assigned::Created(assignment, operation))
        }
    }
}

/// Writes the assignment, and tells the managing tenant.
fn put(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    owner: TenantId,
    assignment: &Assignment,
) -> Result<(), Error> {
    let change = Change::Put(Noun::Assignment(assignment.clone()));
    unit.apply(plane.permit(context, &change)?, change)?;
    notice::record(plane, context, unit, notice::News::Delegated, owner, assignment);
    Ok(())
}

/// The definition, if it is of the same subscription; another's is not even looked for.
async fn offered(unit: &mut Unit, request: &Request) -> Result<Option<Definition>, StoreError> {
    if request.definition.scope().subscription() != request.id.scope().subscription() {
        return Ok(None);
    }
    unit.find(&request.definition).await
}

/// Whose influence a delegation of it counts for: the partner of the edition that the plan is of
/// today, or of the publisher where nothing of the offer is published any longer.
pub(crate) async fn partner(
    unit: &mut Unit,
    definition: Option<&Definition>,
) -> Result<Option<PartnerId>, StoreError> {
    let Some(PlanVersion { plan, slot, .. }) =
        definition.and_then(|it| it.accepted.as_ref()).map(|it| &it.plan)
    else {
        return Ok(None);
    };
    let stage = Stage::Published(*slot);
    if let Some(edition) = unit.find::<Edition>(&(plan.offer.clone(), stage)).await? {
        return Ok(Some(edition.partner));
    }
    let Some(publisher) = unit.find::<Publisher>(&plan.offer.publisher).await? else {
        return Ok(None);
    };
    Ok(unit.find::<Account>(&publisher.tenant).await?.and_then(|it| it.partner))
}

/// Whether the resource group is there, and stays there until the commit.
async fn group(unit: &mut Unit, scope: &Scope) -> Result<GroupFact, StoreError> {
    let Scope::ResourceGroup(subscription, name) = scope else { return Ok(GroupFact::NotAsked) };
    let found = unit.find::<ResourceGroup>(&(*subscription, name.clone())).await?;
    Ok(if found.is_some() { GroupFact::Present } else { GroupFact::Absent })
}
