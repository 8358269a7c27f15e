//! Subscriptions: the caller's own, and those that customers delegated.

use ids::guid::{SubscriptionId, TenantId};
use model::{delegation::Assignment, tree::Subscription};
use store::{
    key::Cursor,
    records::ranges,
    snapshot::{Page, Rows, Snapshot},
};

use crate::{context::Context, error::Error, plane::Plane};

/// A subscription with the tenants that manage some of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub subscription: Subscription,
    pub managing: Vec<TenantId>,
}

/// Where a list of subscriptions goes on: first through the tenant's own, then through what is
/// delegated to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Own(Option<Cursor>),
    /// After that subscription, whose further delegations are no news.
    Delegated(Option<(SubscriptionId, Cursor)>),
}

/// A page of subscriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub items: Vec<Shown>,
    pub next: Option<Place>,
}

/// Why there is no such subscription for this caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The subscription '{0}' could not be found.")]
pub struct NotFound(pub SubscriptionId);

/// The subscription, for a caller who holds any grant in it.
pub async fn get(plane: &Plane, context: &Context, id: SubscriptionId) -> Result<Shown, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<Subscription>(&id).await?;
    let loaded = snapshot.seal(found);
    let shown = loaded
        .open(&plane.store, |index, found| {
            Ok::<_, Error>(found.and_then(|found| show(plane, context, index, found)))
        })
        .await?;
    shown.ok_or_else(|| NotFound(id).into())
}

/// The subscriptions that the caller holds any grant in.
pub async fn list(
    plane: &Plane,
    context: &Context,
    place: Place,
    limit: usize,
) -> Result<Listed, Error> {
    let tenant = context.caller.principal.tenant;
    let snapshot = plane.store.snapshot().await?;
    let (found, next) = match place {
        Place::Own(after) => own(&snapshot, tenant, after, limit).await?,
        Place::Delegated(after) => delegated(&snapshot, tenant, after, limit).await?,
    };
    let loaded = snapshot.seal(found);
    let items = loaded
        .open(&plane.store, |index, found| {
            let shown = found.into_iter().filter_map(|it| show(plane, context, index, it));
            Ok::<_, Error>(shown.collect())
        })
        .await?;
    Ok(Listed { items, next })
}

async fn own(
    snapshot: &Snapshot,
    tenant: TenantId,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<Subscription>, Option<Place>), Error> {
    let range = ranges::subscriptions_of_tenant(tenant);
    let Rows { items, next } = snapshot.list(&range, Page { after, limit }).await?;
    let next = next.map_or(Place::Delegated(None), |cursor| Place::Own(Some(cursor)));
    Ok((items, Some(next)))
}

async fn delegated(
    snapshot: &Snapshot,
    tenant: TenantId,
    after: Option<(SubscriptionId, Cursor)>,
    limit: usize,
) -> Result<(Vec<Subscription>, Option<Place>), Error> {
    let (mut last, after) = after.map_or((None, None), |(id, cursor)| (Some(id), Some(cursor)));
    let range = ranges::assignments_of_managing_tenant(tenant);
    let rows: Rows<Assignment> = snapshot.list(&range, Page { after, limit }).await?;
    let mut found = Vec::new();
    for assignment in rows.items {
        let Some(id) = assignment.id.scope().subscription() else { continue };
        if last.replace(id) != Some(id) {
            found.extend(snapshot.find::<Subscription>(&id).await?);
        }
    }
    let next = last.zip(rows.next).map(|place| Place::Delegated(Some(place)));
    Ok((found, next))
}

fn show(
    plane: &Plane,
    context: &Context,
    index: &access::index::Index,
    subscription: Subscription,
) -> Option<Shown> {
    let id = subscription.id;
    let visible = index.can_see(context.caller.principal, id, plane.store.now());
    visible.then(|| Shown { subscription, managing: index.managing_tenants(id) })
}
