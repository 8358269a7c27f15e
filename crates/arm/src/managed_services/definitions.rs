//! Registration definitions.

use ids::resource::DefinitionId;
use model::{delegation::Definition, deployment::ProvisioningState};
use operations::{
    acceptance::take::take,
    delegation::{
        Shown,
        define::{Defined, define},
        read::{self, Listing},
        withdraw::{Withdrawn, withdraw},
    },
    page::page,
};
use wire::arm::managed_services::{
    definition::{self, Asked, DefinitionBody},
    generation::Generation,
};

use super::{RETRY_AFTER, halves};
use crate::{
    failure::Failure,
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(crate) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let shown = read::definition(ask.plane, &ask.context, id(&ask)?, ask.dialect()).await?;
        Ok(ArmResponse::json(200, body(shown, ProvisioningState::Succeeded, ask.generation())))
    })
}

/// 201 and done; or 200, with a status to poll, though it is done as well.
pub(crate) fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let generation = ask.generation();
        let defined = match definition::read(id(&ask)?, &ask.body, generation)? {
            Asked::Own(request) => define(ask.plane, &ask.context, request).await?,
            Asked::OfPlan(request) => take(ask.plane, &ask.context, request).await?,
        };
        Ok(match defined {
            Defined::Created(shown) => {
                ArmResponse::json(201, body(shown, ProvisioningState::Succeeded, generation))
            }
            Defined::Updated(shown, operation) => {
                let link = ask.operation_link(shown.it.id.as_resource(), operation)?;
                ArmResponse::json(200, body(shown, ProvisioningState::Accepted, generation))
                    .with("Azure-AsyncOperation", link)
                    .with("Retry-After", RETRY_AFTER)
            }
        })
    })
}

pub(crate) fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        Ok(match withdraw(ask.plane, &ask.context, id(&ask)?).await? {
            Withdrawn::Removed => ArmResponse::empty(200),
            Withdrawn::Absent => ArmResponse::empty(204),
        })
    })
}

pub(crate) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let listing = Listing {
            scope: ask.scope(),
            managing: ask.managing_tenants()?,
            page: page(ask.cursor()?, ask.top()?),
        };
        let found = read::definitions(ask.plane, &ask.context, &listing).await?;
        let shown = |it| body(it, ProvisioningState::Succeeded, ask.generation());
        let items = found.items.into_iter().map(shown).collect();
        Ok(ask.list(items, found.next.as_ref()))
    })
}

fn id(ask: &Ask<'_>) -> Result<DefinitionId, Failure> {
    Ok(DefinitionId::try_from(ask.resource()?)?)
}

fn body(
    shown: Shown<Definition>,
    state: ProvisioningState,
    generation: Generation,
) -> DefinitionBody {
    let (definition, parties) = halves(shown);
    DefinitionBody::new(definition, parties, state, generation)
}
