//! Delegating one scope, as the requests of the API that it takes.

use arm::request::Method::Put;
use axum::http::StatusCode;
use delegation::{assign::Request, define, dialect::Dialect};
use ids::{
    guid::SubscriptionId,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::delegation::Definition;
use operations::{
    acceptance::{
        At,
        accept::{self, Wanted},
    },
    context::Context,
    delegation::{assign::assign, define::define},
};

use super::{
    super::{OWN, definition, offer::acceptance},
    DELEGATIONS,
};
use crate::{ask::Ask, trouble::Trouble};

/// Why a scope was not delegated.
pub(super) struct Why {
    pub(super) status: StatusCode,
    pub(super) words: String,
}

impl From<Trouble> for Why {
    fn from(trouble: Trouble) -> Self {
        let told = trouble.told();
        Self { status: told.status, words: told.words }
    }
}

/// Delegates the scope under what was shown. In another subscription than the offer's it takes the
/// same offer there first.
pub(super) async fn delegate(ask: &Ask, shown: &Definition, scope: &Scope) -> Result<(), Why> {
    let (plane, there) = (ask.plane(), scope.subscription().ok_or(Trouble::Nothing)?);
    let definition = if *shown.id.scope() == Scope::Subscription(there) {
        shown.id.clone()
    } else {
        elsewhere(ask, shown, there).await?
    };
    // Templates call both by one name, too: whoever delegates twice changes nothing.
    let id = AssignmentId::at(scope.clone(), definition.name().clone());
    let id = id.map_err(|_| Trouble::Nothing)?;
    let path = id.to_string();
    let request = Request {
        id,
        definition_as_sent: definition.to_string(),
        period: None,
        definition,
        dialect: Dialect::Eligible,
    };
    let work = |context: Context| async move { assign(plane, &context, request).await };
    ask.arm((Put, path, DELEGATIONS), work).await?;
    Ok(())
}

/// The same offer in another subscription.
async fn elsewhere(
    ask: &Ask,
    shown: &Definition,
    there: SubscriptionId,
) -> Result<DefinitionId, Why> {
    let plane = ask.plane();
    if let Some(accepted) = &shown.accepted {
        let at = At::of(there, &accepted.plan);
        let path = acceptance(&at);
        let wanted = Wanted {
            at,
            version: Some(accepted.plan.version),
            is_agreed: false,
            name: shown.name.clone(),
            description: shown.description.clone(),
            person: None,
        };
        let work = |context: Context| async move { accept::accept(plane, &context, wanted).await };
        let taken = Box::pin(ask.arm((Put, path, OWN), work)).await?.into_inner();
        return Ok(taken.definitions.into_iter().next().ok_or(Trouble::Nothing)?);
    }
    let id = DefinitionId::at(Scope::Subscription(there), shown.id.name().clone());
    let id = id.map_err(|_| Trouble::Nothing)?;
    match definition(ask, &id).await {
        Ok(found) if gives_the_same(&found.it, shown) => return Ok(id),
        Ok(_) => {
            let words = "An offer with the same id and other role assignments is there already. Remove it, or delegate under it.";
            return Err(Why { status: StatusCode::CONFLICT, words: words.to_owned() });
        }
        // Only what is surely not there is made: what cannot be read may give other roles.
        Err(Trouble::Refused(why)) if why.verdict().0 == 404 => {}
        Err(other) => return Err(other.into()),
    }
    let path = id.to_string();
    let request = define::Request {
        id: id.clone(),
        managed_by: shown.managed_by,
        name: shown.name.clone(),
        description: shown.description.clone(),
        authorizations: shown.authorizations.clone(),
        eligible: shown.eligible.clone(),
        accepted: None,
        dialect: Dialect::Eligible,
    };
    let work = |context: Context| async move { define(plane, &context, request).await };
    ask.arm((Put, path, DELEGATIONS), work).await?;
    Ok(id)
}

/// Nobody agreed to more than was shown.
fn gives_the_same(there: &Definition, shown: &Definition) -> bool {
    there.managed_by == shown.managed_by
        && there.authorizations == shown.authorizations
        && there.eligible == shown.eligible
        && there.accepted == shown.accepted
}
