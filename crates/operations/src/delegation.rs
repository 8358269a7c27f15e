//! Delegations: definitions, their assignments, and who sees them.

use access::index::Index;
use delegation::{refused::Refused, visible::Parties};
use ids::{
    guid::{SubscriptionId, TenantId},
    resource::ResourceId,
    scope::Scope,
};
use model::{
    action::Action, change::delegation_rule, delegation::Assignment, directory::Tenant,
    question::Question,
};
use store::{records::ranges, unit::Unit};
use uuid::Uuid;

use crate::{context::Context, error::Error, plane::Plane};

pub mod assign;
pub mod customers;
pub mod define;
pub mod delegators;
pub mod end;
pub mod managed;
pub(crate) mod notice;
pub mod reach;
pub mod read;
pub mod received;
pub mod rule;
pub(crate) mod unregister;
pub mod withdraw;

/// Something of a delegation, with both sides as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown<T> {
    pub it: T,
    pub parties: Parties,
}

/// The tenant that a scope is at home in, as the caller has been let in there.
pub(crate) fn owner(index: &Index, scope: &Scope) -> Result<TenantId, Error> {
    let unknown = || {
        // What is in no subscription names its tenant itself.
        let id = scope.subscription().unwrap_or(SubscriptionId::new(Uuid::nil()));
        Error::from(crate::subscriptions::NotFound(id))
    };
    index.home(scope).or_else(|| scope.tenant()).ok_or_else(unknown)
}

/// Judges by the delegation rule before any fact is looked at, so that a refusal tells nothing
/// of what is there. The change itself is judged again when it is applied, and when it commits.
pub(crate) fn admit(
    plane: &Plane,
    context: &Context,
    action: Action,
    id: &ResourceId,
) -> Result<(), Error> {
    let whole = id.scope().subscription().map(Scope::Subscription);
    let mut asked = vec![Question::any(action, Scope::Resource(id.clone()))];
    asked.extend(whole.iter().flat_map(delegation_rule));
    plane.authorize(&plane.index(), context, asked)?;
    Ok(())
}

/// Whether the scope's subscription uses what delegations need, until the commit.
pub(crate) async fn registered(unit: &mut Unit, scope: &Scope) -> Result<(), Error> {
    match scope.subscription() {
        Some(id) => crate::providers::delegating(unit, id).await,
        None => Ok(()),
    }
}

/// Answers without a commit: only to somebody who may still ask by facts as new as the answer.
pub(crate) async fn settle<T>(plane: &Plane, context: &Context, answer: T) -> Result<T, Error> {
    let snapshot = plane.store.snapshot().await?;
    plane.release(context, snapshot, answer).await
}

/// A refusal of the decision, told only to somebody who may still ask.
async fn refuse<T>(
    plane: &Plane,
    context: &Context,
    refused: impl Into<Refused>,
) -> Result<T, Error> {
    Err(settle(plane, context, refused.into()).await?.into())
}

/// Tells the managing tenants that what was delegated to them in the scope goes with it.
pub(crate) async fn tell_ended(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    scope: &Scope,
) -> Result<(), Error> {
    let Some(subscription) = scope.subscription() else { return Ok(()) };
    let owner = owner(&plane.index(), scope)?;
    let all = unit.list::<Assignment>(&ranges::assignments_of_subscription(subscription)).await?;
    for it in all.iter().filter(|it| scope.contains(it.id.scope())) {
        notice::record(plane, context, unit, notice::News::Ended, owner, it);
    }
    Ok(())
}

/// Both sides by name, as far as they are known.
pub(crate) async fn parties(
    unit: &mut Unit,
    customer: TenantId,
    managing: TenantId,
) -> Result<Parties, Error> {
    let customer_name = unit.find::<Tenant>(&customer).await?.map(|it| it.display_name);
    let managing_name = unit.find::<Tenant>(&managing).await?.map(|it| it.display_name);
    Ok(Parties { customer, customer_name, managing_name })
}
