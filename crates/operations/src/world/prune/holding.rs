//! What holds, or bears, something that is to stay.

use ids::{name::Name, scope::Scope};
use model::{
    activation::{eligible::EligibleAssignment, policy::ActivationPolicy},
    change::Noun,
    delegation::{Assignment, Definition},
    deployment::Deployment,
    market::MarketNoun,
    resource::Resource,
    role::{DenyAssignment, Lock, RoleAssignment},
    tree::{ManagementGroup, ResourceGroup, Subscription},
};
use store::{error::StoreError, key::Range, record::Record, records::ranges, unit::Unit};

use super::Error;
use crate::{plane::Plane, roles::definitions::delete::is_assigned};

/// Whether something lies in it, or hangs on it, that is to stay.
pub(super) async fn holds_others(
    plane: &Plane,
    unit: &mut Unit,
    noun: &Noun,
) -> Result<bool, Error> {
    let scope = match noun {
        Noun::Subscription(it) => Scope::Subscription(it.id),
        Noun::ResourceGroup(it) => it.scope(),
        Noun::ManagementGroup(it) => {
            if holds_children(unit, it).await? {
                return Ok(true);
            }
            it.scope()
        }
        Noun::Resource(it) => Scope::Resource(it.id.clone()),
        Noun::RoleDefinition(it) => {
            let Some(tenant) = it.tenant else { return Ok(true) };
            return Ok(is_assigned(plane, unit, tenant, it.id).await?);
        }
        Noun::Definition(it) => {
            let accepted = ranges::assignments_of_definition(&it.id);
            return Ok(any::<Assignment>(unit, &accepted).await?);
        }
        Noun::Market(MarketNoun::Acceptance(it)) => {
            let taken = ranges::market::definitions_of_acceptance(it.customer, &it.plan, it.slot);
            return Ok(any::<Definition>(unit, &taken).await?);
        }
        Noun::Settings(_)
        | Noun::SigningKey(_)
        | Noun::Tenant(_)
        | Noun::User(_)
        | Noun::Group(_)
        | Noun::Membership(_)
        | Noun::Application(_)
        | Noun::ServicePrincipal(_)
        | Noun::Credential(_)
        | Noun::DirectoryRoleAssignment(_)
        | Noun::Ownership(_)
        | Noun::Registration(_)
        | Noun::RoleAssignment(_)
        | Noun::DenyAssignment(_)
        | Noun::Lock(_)
        | Noun::Assignment(_)
        | Noun::Activation(_)
        | Noun::ActivationPolicy(_)
        | Noun::EligibleAssignment(_)
        | Noun::Deployment(_)
        | Noun::Market(_) => return Ok(false),
    };
    if let Scope::Subscription(id) = scope {
        let offered = any::<Definition>(unit, &ranges::definitions_of_subscription(id)).await?;
        if offered || any::<ResourceGroup>(unit, &ranges::groups_of_subscription(id)).await? {
            return Ok(true);
        }
    }
    if let Some(id) = scope.subscription() {
        let all = unit.list::<Assignment>(&ranges::assignments_of_subscription(id)).await?;
        if all.iter().any(|it| scope.contains(it.id.scope())) {
            return Ok(true);
        }
    }
    Ok(any::<Resource>(unit, &ranges::resources_below(&scope)).await?
        || any::<RoleAssignment>(unit, &ranges::role_assignments_below(&scope)).await?
        || any::<DenyAssignment>(unit, &ranges::deny_assignments_below(&scope)).await?
        || any::<Lock>(unit, &ranges::locks_below(&scope)).await?
        || any::<ActivationPolicy>(unit, &ranges::activation_policies_below(&scope)).await?
        || entitles(unit, &scope).await?
        || any::<Deployment>(unit, &ranges::deployments_at(&scope)).await?)
}

/// Whether a group or a subscription stands directly in that group.
async fn holds_children(unit: &mut Unit, group: &ManagementGroup) -> Result<bool, StoreError> {
    let inside = |parent: Option<&Name>| parent == Some(&group.name);
    let groups = ranges::management_groups_of(group.tenant);
    let groups = unit.list::<ManagementGroup>(&groups).await?;
    let subscriptions = ranges::subscriptions_of_tenant(group.tenant);
    let subscriptions = unit.list::<Subscription>(&subscriptions).await?;
    Ok(groups.iter().any(|it| inside(it.parent.as_ref()))
        || subscriptions.iter().any(|it| inside(it.parent.as_ref())))
}

async fn any<R: Record>(unit: &mut Unit, range: &Range) -> Result<bool, StoreError> {
    Ok(!unit.list::<R>(range).await?.is_empty())
}

/// Whether somebody may activate something there. What is gone is only kept to be read.
async fn entitles(unit: &mut Unit, scope: &Scope) -> Result<bool, StoreError> {
    let all = unit.list::<EligibleAssignment>(&ranges::eligible_assignments_below(scope)).await?;
    Ok(all.iter().any(|it| it.removed.is_none()))
}
