//! Whether what something is to be hung on is there. Asked only of whoever may write there: to
//! others existence is a secret.

use ids::{resource::ResourceId, scope::Scope};
use model::{
    delegation::{Assignment, Definition},
    deployment::Deployment,
    resource::Resource,
    role::{DenyAssignment, Lock, RoleAssignment},
    tree::{ManagementGroup, ResourceGroup, Subscription},
};
use store::{error::StoreError, record::Record, unit::Unit};

use crate::{error::Error, groups, management_groups, resources, subscriptions};

/// Refuses a scope that is not there. What is found is among what the unit has read, so that
/// nothing is hung on what is removed meanwhile.
pub(crate) async fn exists(unit: &mut Unit, scope: &Scope) -> Result<(), Error> {
    match scope {
        Scope::Tenant(_) => Ok(()),
        Scope::ManagementGroup(tenant, name) => {
            let found = unit.find::<ManagementGroup>(&(*tenant, name.clone())).await?;
            there(found, || management_groups::Refused::NotFound(name.clone()).into())
        }
        Scope::Subscription(id) => {
            let found = unit.find::<Subscription>(id).await?;
            there(found, || subscriptions::NotFound(*id).into())
        }
        Scope::ResourceGroup(id, name) => {
            let found = unit.find::<ResourceGroup>(&(*id, name.clone())).await?;
            there(found, || groups::Refused::NotFound(name.clone()).into())
        }
        Scope::Resource(id) => {
            let found = keeps(unit, &id.outermost()).await?.then_some(());
            there(found, || resources::Refused::NotFound(id.clone()).into())
        }
    }
}

fn there<T>(found: Option<T>, refuse: impl FnOnce() -> Error) -> Result<(), Error> {
    found.map(drop).ok_or_else(refuse)
}

/// Whether there is such a resource, of any type. Of a child only the outermost parent is asked
/// for: in Azure many children come with their parent, and Fyr keeps only what was written.
async fn keeps(unit: &mut Unit, id: &ResourceId) -> Result<bool, StoreError> {
    Ok(unit.find::<Resource>(id).await?.is_some()
        || of::<Deployment>(unit, id).await?
        || of::<Definition>(unit, id).await?
        || of::<Assignment>(unit, id).await?
        || of::<RoleAssignment>(unit, id).await?
        || of::<DenyAssignment>(unit, id).await?
        || of::<Lock>(unit, id).await?)
}

/// Whether it is the id of such a record, and there is one.
async fn of<R>(unit: &mut Unit, id: &ResourceId) -> Result<bool, StoreError>
where
    R: Record,
    R::Id: TryFrom<ResourceId>,
{
    let Ok(id) = R::Id::try_from(id.clone()) else { return Ok(false) };
    Ok(unit.find::<R>(&id).await?.is_some())
}
