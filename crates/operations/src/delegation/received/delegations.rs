//! What a tenant delegated: one row for each registration assignment.

use super::{Received, Wanted, walk};
use crate::{
    context::Context,
    delegation::read::{self, ASSIGNMENTS_READ, Expanded},
    error::Error,
    plane::Plane,
};

/// The delegations in the caller's own subscriptions.
pub async fn list(
    plane: &Plane,
    context: &Context,
    wanted: Wanted,
) -> Result<Received<Expanded>, Error> {
    let Wanted { filter, after, limit, lists } = wanted;
    let page =
        |asked: Context, listing| async move { read::assignments(plane, &asked, &listing).await };
    let is_wanted = |(it, definition): &Expanded| {
        definition.as_ref().is_none_or(|shown| {
            let offer = shown.it.name.as_deref().unwrap_or_default();
            filter.meets(it.managed_by, &shown.parties, offer, it.id.scope())
        })
    };
    walk(plane, context, (&ASSIGNMENTS_READ, after, limit, lists), page, is_wanted).await
}
