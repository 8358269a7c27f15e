//! The subscriptions and resource groups in a scope at which the caller may activate something
//! (`eligibleChildResources`), as clients look for where to ask.

use std::collections::BTreeSet;

use ids::scope::Scope;
use model::tree::ResourceGroup;
use store::records::ranges;

use super::eligibility::{self, Whose};
use crate::{context::Context, error::Error, plane::Plane};

/// In a subscription its resource groups; in what is around it, subscriptions, and the groups that
/// the caller is eligible in alone; in order.
pub async fn list(plane: &Plane, context: &Context, scope: &Scope) -> Result<Vec<Scope>, Error> {
    let mine = eligibility::list(plane, context, scope, Whose::Mine).await?;
    let around = plane.index().lineage(scope);
    let mut found = BTreeSet::new();
    for it in mine.iter().map(|it| it.eligibility.basis.scope()) {
        if around.contains(it) {
            found.extend(inside(plane, context, scope).await?);
        } else if let Some(within) = place(it) {
            found.insert(within);
        }
    }
    found.remove(scope);
    Ok(found.into_iter().collect())
}

/// Whoever may activate something at all of a scope may ask for it at whatever lies in it.
async fn inside(plane: &Plane, context: &Context, scope: &Scope) -> Result<Vec<Scope>, Error> {
    match scope {
        Scope::Tenant(_) | Scope::ManagementGroup(..) => {
            let places = plane.index().places_below(scope).into_iter();
            Ok(places.filter(|it| it.subscription().is_some()).collect())
        }
        Scope::Subscription(id) => {
            let mut unit = plane.begin(context);
            let groups = unit.list::<ResourceGroup>(&ranges::groups_of_subscription(*id)).await?;
            Ok(groups.iter().map(ResourceGroup::scope).collect())
        }
        Scope::ResourceGroup(..) | Scope::Resource(_) => Ok(Vec::new()),
    }
}

/// What clients call a child: a subscription, or a resource group.
fn place(scope: &Scope) -> Option<Scope> {
    match scope {
        Scope::Subscription(_) | Scope::ResourceGroup(..) => Some(scope.clone()),
        Scope::Resource(id) => place(id.scope()),
        Scope::Tenant(_) | Scope::ManagementGroup(..) => None,
    }
}
