//! Reading resource groups.

use ids::{guid::SubscriptionId, scope::Scope};
use model::{action::Action, question::Question, tree::ResourceGroup};
use store::{records::ranges, snapshot::Page};

use super::{GroupId, Refused};
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// The group of that name.
pub async fn get(plane: &Plane, context: &Context, id: GroupId) -> Result<ResourceGroup, Error> {
    let found = plane.find::<ResourceGroup>(context, &id).await?;
    found.ok_or_else(|| Refused::NotFound(id.1).into())
}

/// The subscription's groups that the caller may read, in the order of their names.
pub async fn list(
    plane: &Plane,
    context: &Context,
    subscription: SubscriptionId,
    page: Page,
) -> Result<Paged<ResourceGroup>, Error> {
    let range = ranges::groups_of_subscription(subscription);
    let readable = |group: &ResourceGroup| Some(Question::any(Action::GROUPS_READ, group.scope()));
    page::list(plane, context, &range, page, readable).await
}

/// What a whole subscription is asked for, before its groups are.
pub fn question(subscription: SubscriptionId) -> Question {
    Question::any(Action::GROUPS_READ, Scope::Subscription(subscription))
}
