//! Registration assignments.

use ids::resource::AssignmentId;
use model::deployment::ProvisioningState;
use operations::{
    delegation::{
        assign::{Assigned, assign},
        end::{Ended, end},
        read::{self, Expanded, Listing},
    },
    page::page,
};
use wire::arm::managed_services::assignment::{self, AssignmentBody};

use super::{RETRY_AFTER, halves};
use crate::{
    failure::Failure,
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(crate) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = read::assignment(ask.plane, &ask.context, id(&ask)?, ask.dialect()).await?;
        Ok(ArmResponse::json(200, body(&ask, found)))
    })
}

/// 201 with a status to poll, though access stands already; 200 if it stood just so.
pub(crate) fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let generation = ask.generation();
        let request = assignment::read(id(&ask)?, &ask.body, generation)?;
        Ok(match assign(ask.plane, &ask.context, request).await? {
            Assigned::Unchanged(it) => {
                let state = ProvisioningState::Succeeded;
                ArmResponse::json(200, AssignmentBody::new(it, None, state, generation))
            }
            Assigned::Created(it, operation) => {
                let link = ask.operation_link(it.id.as_resource(), operation)?;
                let state = ProvisioningState::Accepted;
                ArmResponse::json(201, AssignmentBody::new(it, None, state, generation))
                    .with("Azure-AsyncOperation", link)
                    .with("Retry-After", RETRY_AFTER)
            }
        })
    })
}

pub(crate) fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask)?;
        Ok(match end(ask.plane, &ask.context, id.clone()).await? {
            Ended::Absent => ArmResponse::empty(204),
            Ended::Removed(operation) => ArmResponse::empty(202)
                .with("Location", ask.operation_link(id.as_resource(), operation)?)
                .with("Retry-After", RETRY_AFTER),
        })
    })
}

/// The scope's assignments; a subscription's with those of its resource groups.
pub(crate) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let listing = Listing {
            scope: ask.scope(),
            managing: ask.managing_tenants()?,
            page: page(ask.cursor()?, ask.top()?),
        };
        let found = read::assignments(ask.plane, &ask.context, &listing).await?;
        let items = found.items.into_iter().map(|it| body(&ask, it)).collect();
        Ok(ask.list(items, found.next.as_ref()))
    })
}

fn id(ask: &Ask<'_>) -> Result<AssignmentId, Failure> {
    Ok(AssignmentId::try_from(ask.resource()?)?)
}

/// With the definition inside, if the client wants it.
fn body(ask: &Ask<'_>, (assignment, definition): Expanded) -> AssignmentBody {
    let expand = ask.query.get("$expandRegistrationDefinition");
    let wanted = expand.is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let inside = definition.filter(|_| wanted).map(halves);
    let settled = ask.plane.settled(assignment.system_data.created_at);
    let state = if ask.plane.store.now() < settled {
        ProvisioningState::Accepted // simulated: it stands already
    } else {
        ProvisioningState::Succeeded
    };
    AssignmentBody::new(assignment, inside, state, ask.generation())
}
