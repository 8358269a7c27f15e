//! Giving back what one holds before its end: `PUT` of a role assignment schedule request,
//! `SelfDeactivate`, which names the role and not the request that it came by.

use activation::{refused::Refused as Decision, standing::Standing, withdraw};
use ids::{guid::RoleId, scope::Scope};

use super::{Shown, ask, commit};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// What the caller held of that role at exactly that scope, given back.
pub async fn deactivate(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    role: RoleId,
) -> Result<Shown, Error> {
    retry(|| once(plane, context, scope, role)).await
}

async fn once(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    role: RoleId,
) -> Result<Shown, Error> {
    let mut unit = plane.begin(context);
    let (index, now) = (plane.index(), unit.now());
    let mine = ask::own(&mut unit, context, scope).await?;
    let is_held = |it: &model::activation::Activation| {
        it.eligibility.role == role
            && index.bears(&it.id)
            && Standing::at(it, now) == Standing::Active
    };
    let held = mine.into_iter().find(is_held).ok_or(Decision::NotActive)?;
    let after = withdraw::deactivate(held, now)?;
    commit(plane, context, unit, after, 201).await
}
