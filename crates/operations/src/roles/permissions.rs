//! What the caller may do somewhere (`Microsoft.Authorization/permissions`).

use access::index::Index;
use ids::scope::Scope;
use model::role::Permission;

use crate::{context::Context, error::Error, plane::Plane};

/// The caller's own permission objects at the scope, those of delegations included.
pub async fn of_caller(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
) -> Result<Vec<Permission>, Error> {
    let (who, now) = (context.caller.principal, plane.store.now());
    of_index(plane, context, |index| index.what_can(who, scope, now)).await
}

/// Reads of the access index, as new as anything that was acknowledged, if the context's
/// question is answered with yes.
pub(crate) async fn of_index<R>(
    plane: &Plane,
    context: &Context,
    read: impl FnOnce(&Index) -> R,
) -> Result<R, Error> {
    let judge = |index: &Index, ()| {
        let asked = vec![context.question.clone()];
        plane.authorize(index, context, asked)?;
        Ok(read(index))
    };
    plane.store.snapshot().await?.seal(()).open(&plane.store, judge).await
}
