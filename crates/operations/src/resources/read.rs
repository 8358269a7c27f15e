//! Reading resources.

use access::index::Index;
use ids::{
    guid::SubscriptionId,
    name::GroupName,
    resource::{ResourceId, ResourceType},
    scope::Scope,
};
use model::{
    action::{Action, Verb},
    question::Question,
    resource::Resource,
};
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{
    Refused,
    identity::{self, Shown},
};
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// The resource of that id.
pub async fn get(plane: &Plane, context: &Context, id: ResourceId) -> Result<Shown, Error> {
    let found = plane.find::<Resource>(context, &id).await?;
    let resource = found.ok_or(Refused::NotFound(id))?;
    if identity::identities(&resource).next().is_none() {
        return Ok(Shown { resource, acting: Vec::new() });
    }
    let snapshot = plane.store.snapshot().await?;
    let shown = show(&snapshot, resource).await?;
    plane.release(context, snapshot, shown).await
}

/// Of the resources of these ids, those that are there and that the caller may read, in their
/// order.
pub async fn named(
    plane: &Plane,
    context: &Context,
    ids: &[ResourceId],
) -> Result<Vec<Shown>, Error> {
    let (snapshot, index) = (plane.store.snapshot().await?, plane.index());
    let mut found = Vec::new();
    for id in ids {
        let there = snapshot.find::<Resource>(id).await?;
        if let Some(it) = there.filter(|it| plane.allowed(&index, context, &readable(it))) {
            found.push(show(&snapshot, it).await?);
        }
    }
    let judge = |index: &Index, found: Vec<Shown>| {
        let seen = |it: &Shown| plane.allowed(index, context, &readable(&it.resource));
        Ok::<_, Error>(found.into_iter().filter(seen).collect())
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

/// Where a list looks.
#[derive(Clone, Debug)]
pub enum Within {
    Subscription(SubscriptionId),
    Group(SubscriptionId, GroupName),
    /// Everything of one type that lies below.
    OfType(Scope, ResourceType),
}

/// What of the place that the caller may read, in the order of the index.
pub async fn list(
    plane: &Plane,
    context: &Context,
    within: &Within,
    page: Page,
) -> Result<Paged<Shown>, Error> {
    let range = match within {
        Within::Subscription(id) => ranges::resources_of_subscription(*id),
        Within::Group(id, name) => ranges::resources_of_group(*id, name),
        Within::OfType(scope, _) => ranges::resources_below(scope),
    };
    let meant = |it: &Resource| match within {
        Within::OfType(_, kind) => it.id.kind() == *kind,
        Within::Subscription(_) | Within::Group(..) => true,
    };
    let asked = |it: &Resource| meant(it).then(|| readable(it));
    let Paged { items, next } = page::list(plane, context, &range, page, asked).await?;
    let snapshot = plane.store.snapshot().await?;
    let mut found = Vec::with_capacity(items.len());
    for it in items {
        found.push(show(&snapshot, it).await?);
    }
    // Who the identities act as is newer than what it stands with, and is judged anew.
    let judge = |index: &Index, found: Vec<Shown>| {
        let seen = |it: &Shown| plane.allowed(index, context, &readable(&it.resource));
        Ok::<_, Error>(found.into_iter().filter(seen).collect())
    };
    Ok(Paged { items: snapshot.seal(found).open(&plane.store, judge).await?, next })
}

pub(crate) async fn show(snapshot: &Snapshot, resource: Resource) -> Result<Shown, StoreError> {
    let mut acting = Vec::new();
    for id in identity::identities(&resource) {
        let rows = snapshot.list(&ranges::identity_of_resource(id), Page::first()).await?;
        acting.extend(identity::acting(id, rows.items));
    }
    Ok(Shown { resource, acting })
}

/// What seeing a resource takes.
fn readable(resource: &Resource) -> Question {
    let action = Action::of(&resource.id.kind(), Verb::Read);
    Question::any(action, Scope::Resource(resource.id.clone()))
}
