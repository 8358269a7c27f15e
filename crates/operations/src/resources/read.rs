//! Reading resources.

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
use store::{records::ranges, snapshot::Page};

use super::Refused;
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// The resource of that id.
pub async fn get(plane: &Plane, context: &Context, id: ResourceId) -> Result<Resource, Error> {
    let found = plane.find::<Resource>(context, &id).await?;
    found.ok_or_else(|| Refused::NotFound(id).into())
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
) -> Result<Paged<Resource>, Error> {
    let range = match within {
        Within::Subscription(id) => ranges::resources_of_subscription(*id),
        Within::Group(id, name) => ranges::resources_of_group(*id, name),
        Within::OfType(scope, _) => ranges::resources_below(scope),
    };
    let meant = |it: &Resource| match within {
        Within::OfType(_, kind) => it.id.kind() == *kind,
        Within::Subscription(_) | Within::Group(..) => true,
    };
    let readable = |it: &Resource| meant(it).then(|| readable(it));
    page::list(plane, context, &range, page, readable).await
}

/// What seeing a resource takes.
fn readable(resource: &Resource) -> Question {
    let action = Action::of(&resource.id.kind(), Verb::Read);
    Question::any(action, Scope::Resource(resource.id.clone()))
}
