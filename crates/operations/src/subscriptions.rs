//! Subscriptions: the caller's own, and those that customers delegated.

use access::{index::Index, permit::Denied, verdict::Refusal};
use ids::{
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};
use model::{settings::Profile, tree::Subscription};

use crate::{context::Context, error::Error, plane::Plane};

/// A subscription with the tenants that manage some of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub subscription: Subscription,
    pub managing: Vec<TenantId>,
}

/// A page of subscriptions, in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub items: Vec<Shown>,
    /// After which the next page begins.
    pub next: Option<SubscriptionId>,
}

/// Why there is no such subscription for this caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The subscription '{0}' could not be found.")]
pub struct NotFound(pub SubscriptionId);

/// The subscription, for a caller who holds any grant in it. In the azure profile its existence
/// is no secret in its own tenant, and whoever holds none there is refused; in the strict profile
/// there is none for them.
pub async fn get(plane: &Plane, context: &Context, id: SubscriptionId) -> Result<Shown, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<Subscription>(&id).await?;
    let judge = |index: &Index, found: Option<Subscription>| {
        let shown = found.and_then(|found| show(plane, context, index, found));
        let own = index.home(&Scope::Subscription(id)) == Some(context.caller.principal.tenant);
        match index.settings().profile {
            Profile::Azure if own && shown.is_none() => Err(Error::Denied(Denied {
                caller: Box::new(context.caller.clone()),
                question: Box::new(context.question.clone()),
                refusal: Refusal::NoGrant,
            })),
            Profile::Azure | Profile::Strict => Ok(shown),
        }
    };
    let shown = snapshot.seal(found).open(&plane.store, judge).await?;
    shown.ok_or_else(|| NotFound(id).into())
}

/// The subscriptions that the caller holds any grant in. Looked up from what names the caller,
/// so that it costs what the caller has, not what there is.
pub async fn list(
    plane: &Plane,
    context: &Context,
    after: Option<SubscriptionId>,
    limit: usize,
) -> Result<Listed, Error> {
    let mut ids = plane.index().subscriptions_of(context.caller.principal, plane.store.now());
    ids.sort_unstable();
    ids.retain(|id| after.is_none_or(|after| *id > after));
    let next = ids.get(limit).and_then(|_| ids.get(limit.saturating_sub(1))).copied();
    ids.truncate(limit);

    let snapshot = plane.store.snapshot().await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(snapshot.find::<Subscription>(&id).await?);
    }
    let judge = |index: &Index, found: Vec<Subscription>| {
        let shown = found.into_iter().filter_map(|it| show(plane, context, index, it));
        Ok::<_, Error>(shown.collect())
    };
    let items = snapshot.seal(found).open(&plane.store, judge).await?;
    Ok(Listed { items, next })
}

fn show(
    plane: &Plane,
    context: &Context,
    index: &Index,
    subscription: Subscription,
) -> Option<Shown> {
    let id = subscription.id;
    let visible = index.can_see(context.caller.principal, id, plane.store.now());
    visible.then(|| Shown { subscription, managing: index.managing_tenants(id) })
}
