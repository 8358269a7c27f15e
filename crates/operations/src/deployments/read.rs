//! Reading deployments.

use ids::{resource::DeploymentId, scope::Scope};
use model::{action::Action, deployment::Deployment, question::Question};
use store::{records::ranges, snapshot::Page};

use super::Refused;
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

const READ: Action = Action::known("Microsoft.Resources/deployments/read");

/// The deployment of that id.
pub async fn get(plane: &Plane, context: &Context, id: &DeploymentId) -> Result<Deployment, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<Deployment>(id).await?;
    let found = plane.release(context, snapshot, found).await?;
    found.ok_or_else(|| Refused::NotFound(id.name().clone()).into())
}

/// The deployments at exactly that scope that the caller may read, in the order of their names.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    page: Page,
) -> Result<Paged<Deployment>, Error> {
    let readable =
        |it: &Deployment| Some(Question::any(READ, Scope::Resource(it.id.as_resource().clone())));
    page::list(plane, context, &ranges::deployments_at(scope), page, readable).await
}
