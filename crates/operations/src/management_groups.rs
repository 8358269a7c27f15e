//! Reading management groups. World files make them.

use ids::{guid::TenantId, name::Name};
use model::{action::Action, question::Question, tree::ManagementGroup};
use store::{records::ranges, snapshot::Page};

use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// What seeing one takes.
const READ: Action = Action::known("Microsoft.Management/managementGroups/read");

/// Why there is no such management group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Management group '{0}' could not be found.")]
pub struct NotFound(pub Name);

/// The management group of that name in the caller's tenant.
pub async fn get(
    plane: &Plane,
    context: &Context,
    id: (TenantId, Name),
) -> Result<ManagementGroup, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<ManagementGroup>(&id).await?;
    let found = plane.release(context, snapshot, found).await?;
    found.ok_or_else(|| NotFound(id.1).into())
}

/// The tenant's management groups that the caller may read.
pub async fn list(
    plane: &Plane,
    context: &Context,
    page: Page,
) -> Result<Paged<ManagementGroup>, Error> {
    let tenant = context.caller.principal.tenant;
    let readable = |group: &ManagementGroup| Some(Question::any(READ, group.scope()));
    page::list(plane, context, &ranges::management_groups_of(tenant), page, readable).await
}
