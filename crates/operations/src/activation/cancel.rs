//! Taking back what one asked for, before it counts.

use activation::{refused::Refused as Decision, withdraw};
use ids::resource::ActivationId;
use model::{
    action::Action,
    activation::Activation,
    question::{Question, Via},
};

use super::{Shown, commit, found};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// The activation, cancelled. Only who asked for it may.
pub async fn cancel(plane: &Plane, context: &Context, id: ActivationId) -> Result<Shown, Error> {
    retry(|| once(plane, context, id.clone())).await
}

async fn once(plane: &Plane, context: &Context, id: ActivationId) -> Result<Shown, Error> {
    let mut unit = plane.begin(context);
    let it = found(plane, context, &mut unit, &id).await?;
    own(plane, context, &it, Action::ACTIVATIONS_CANCEL)?;
    if !plane.index().bears(&id) {
        return Err(Decision::NotPending.into());
    }
    let after = withdraw::cancel(it, unit.now())?;
    commit(plane, context, unit, after, 200).await
}

/// Refuses whoever sees it and did not ask for it, before they learn more of it.
fn own(plane: &Plane, context: &Context, it: &Activation, action: Action) -> Result<(), Error> {
    use ids::scope::Scope;
    if it.who == context.caller.principal {
        return Ok(());
    }
    let scope = Scope::Resource(it.id.as_resource().clone());
    let asked = Question { action, scope, via: Via::Requesting };
    plane.authorize(&plane.index(), context, vec![asked])?;
    Ok(())
}
