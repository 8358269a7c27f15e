//! Where a definition is assigned.

use delegation::visible::Viewer;
use ids::{
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{delegation::Assignment, question::Question};
use store::{records::ranges, snapshot::Page};

use super::{owner, read::ASSIGNMENTS_READ};
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// So many assignments of a definition are counted: a page counts those of each of its rows.
const COUNTED_MAX: usize = 100;

/// How much is delegated under a definition, as far as the caller sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    pub subscriptions: usize,
    pub groups: usize,
    /// There is more than was counted.
    pub is_more: bool,
}

impl Reach {
    /// Whether nothing is delegated.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The definition's assignments that the caller may see, each judged by itself.
pub async fn list(
    plane: &Plane,
    context: &Context,
    definition: &DefinitionId,
    page: Page,
) -> Result<Paged<Assignment>, Error> {
    let owner = owner(&plane.index(), definition.scope())?;
    let viewer = Viewer { tenant: context.caller.principal.tenant, owner };
    let asked = |id: &AssignmentId| {
        Question::any(ASSIGNMENTS_READ, Scope::Resource(id.as_resource().clone()))
    };
    let question = |it: &Assignment| viewer.sees(it.managed_by).then(|| asked(&it.id));
    page::list(plane, context, &ranges::assignments_of_definition(definition), page, question).await
}

/// How many there are, up to a bound.
pub async fn count(
    plane: &Plane,
    context: &Context,
    definition: &DefinitionId,
) -> Result<Reach, Error> {
    let found = list(plane, context, definition, page::page(None, Some(COUNTED_MAX))).await?;
    let groups = found.items.iter().filter(|it| it.id.scope().resource_group().is_some()).count();
    let subscriptions = found.items.len().saturating_sub(groups);
    Ok(Reach { subscriptions, groups, is_more: found.next.is_some() })
}
