//! Whether a subscription may give up `Microsoft.ManagedServices`.

use delegation::{
    unregister::{Facts, unregister as decide},
    visible::Viewer,
};
use ids::{guid::SubscriptionId, scope::Scope};
use store::{records::ranges, unit::Unit};

use super::{owner, refuse};
use crate::{context::Context, error::Error, plane::Plane};

/// Refuses while anything of a delegation is there. What was looked at is part of the unit, so
/// that a definition which comes in between makes the commit a conflict.
pub(crate) async fn unused(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    subscription: SubscriptionId,
) -> Result<(), Error> {
    let owner = owner(&plane.index(), &Scope::Subscription(subscription))?;
    let facts = Facts {
        viewer: Viewer { tenant: context.caller.principal.tenant, owner },
        definitions: unit.list(&ranges::definitions_of_subscription(subscription)).await?,
        assignments: unit.list(&ranges::assignments_of_subscription(subscription)).await?,
    };
    match decide(&facts) {
        Ok(()) => Ok(()),
        Err(refused) => refuse(plane, context, refused).await,
    }
}
