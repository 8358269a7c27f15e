//! What is to be done about one noun: what it is compared with, and what it keeps of that.

use model::{
    change::Noun,
    directory::Tenant,
    resource::{CreatorType, Resource, SystemData},
    role::RoleAssignment,
    tree::{ResourceGroup, Subscription},
};
use store::{error::StoreError, record::Record, records::ranges::tenant_by_domain, unit::Unit};

use super::{Error, Step};

pub(super) async fn step(unit: &mut Unit, noun: &Noun) -> Result<Step, Error> {
    Ok(match noun.clone() {
        Noun::Tenant(it) => tenant(unit, it).await?,
        Noun::Subscription(it) => subscription(unit, it).await?,
        Noun::ResourceGroup(it) => compare(unit, it, Noun::ResourceGroup, keep_group).await?,
        Noun::Resource(it) => compare(unit, it, Noun::Resource, keep_resource).await?,
        Noun::RoleAssignment(it) => {
            compare(unit, it, Noun::RoleAssignment, keep_assignment).await?
        }
        Noun::User(it) => plain(unit, it, Noun::User).await?,
        Noun::Group(it) => plain(unit, it, Noun::Group).await?,
        Noun::Membership(it) => plain(unit, it, Noun::Membership).await?,
        Noun::Application(it) => plain(unit, it, Noun::Application).await?,
        Noun::ServicePrincipal(it) => plain(unit, it, Noun::ServicePrincipal).await?,
        Noun::Credential(it) => plain(unit, it, Noun::Credential).await?,
        Noun::ManagementGroup(it) => plain(unit, it, Noun::ManagementGroup).await?,
        Noun::Registration(it) => plain(unit, it, Noun::Registration).await?,
        Noun::RoleDefinition(it) => plain(unit, it, Noun::RoleDefinition).await?,
        Noun::DenyAssignment(it) => plain(unit, it, Noun::DenyAssignment).await?,
        Noun::Lock(it) => plain(unit, it, Noun::Lock).await?,
        Noun::Definition(it) => plain(unit, it, Noun::Definition).await?,
        Noun::Assignment(it) => plain(unit, it, Noun::Assignment).await?,
        Noun::Settings(_) => return Err(Error::NotForWorlds("settings are switched")),
        Noun::SigningKey(_) => return Err(Error::NotForWorlds("signing keys are drawn")),
        Noun::Deployment(_) => return Err(Error::NotForWorlds("deployments are run")),
    })
}

/// A domain leads to one tenant.
async fn tenant(unit: &mut Unit, it: Tenant) -> Result<Step, Error> {
    let holders = unit.list::<Tenant>(&tenant_by_domain(&it.domain)).await?;
    if holders.iter().any(|holder| holder.id != it.id) {
        return Err(Error::DomainTaken(it.domain));
    }
    Ok(plain(unit, it, Noun::Tenant).await?)
}

/// A subscription does not change hands by a file.
async fn subscription(unit: &mut Unit, it: Subscription) -> Result<Step, Error> {
    let old = unit.find::<Subscription>(&it.id).await?;
    if old.is_some_and(|old| old.tenant != it.tenant) {
        return Err(Error::SubscriptionTaken(it.id.to_string()));
    }
    Ok(plain(unit, it, Noun::Subscription).await?)
}

async fn plain<R: Record + PartialEq>(
    unit: &mut Unit,
    new: R,
    wrap: fn(R) -> Noun,
) -> Result<Step, StoreError> {
    compare(unit, new, wrap, |new, _| new).await
}

/// `keep` gives the new form what it keeps of the old one.
async fn compare<R: Record + PartialEq>(
    unit: &mut Unit,
    new: R,
    wrap: fn(R) -> Noun,
    keep: fn(R, &R) -> R,
) -> Result<Step, StoreError> {
    let Some(old) = unit.find::<R>(&new.id()).await? else {
        return Ok(Step::Create(wrap(new)));
    };
    let new = keep(new, &old);
    Ok(if new == old { Step::Leave } else { Step::Change(wrap(new)) })
}

fn keep_group(new: ResourceGroup, old: &ResourceGroup) -> ResourceGroup {
    let same = ResourceGroup { system_data: old.system_data.clone(), ..new.clone() };
    if same == *old {
        return same;
    }
    ResourceGroup { system_data: modified(&old.system_data, &new.system_data), ..new }
}

fn keep_resource(new: Resource, old: &Resource) -> Resource {
    let same = Resource { system_data: old.system_data.clone(), ..new.clone() };
    if same == *old {
        return same;
    }
    Resource { system_data: modified(&old.system_data, &new.system_data), ..new }
}

fn keep_assignment(new: RoleAssignment, old: &RoleAssignment) -> RoleAssignment {
    let made = RoleAssignment { created_by: old.created_by, created_on: old.created_on, ..new };
    let same =
        RoleAssignment { updated_by: old.updated_by, updated_on: old.updated_on, ..made.clone() };
    if same == *old { same } else { made }
}

fn modified(old: &SystemData, new: &SystemData) -> SystemData {
    old.modified(&new.created_by, CreatorType::Application, new.created_at)
}
