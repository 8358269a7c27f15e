//! What somebody may do somewhere.

use ids::{guid::Principal, scope::Scope};
use model::role::Permission;

use super::{Asker, At, Told, facts::ask};
use crate::{error::Error, plane::Plane};

/// The permission objects that the principal holds at the scope, each once. What stands against
/// them is not in them, as in Azure's permissions API.
pub async fn what_can(
    plane: &Plane,
    asker: Asker<'_>,
    at: At,
    (who, scope): (Principal, &Scope),
) -> Result<Told<Vec<Permission>>, Error> {
    ask(plane, asker, at, |sight| {
        sight.at(scope)?;
        sight.own(who, scope)?;
        Ok(sight.facts.index.what_can_within(who, scope, sight.facts.now))
    })
    .await
}
