//! What is to be done about one noun: what it is compared with, and what it keeps of that.

use model::{
    activation::policy::ActivationPolicy,
    change::Noun,
    delegation::{Assignment, Definition},
    directory::{Application, Audience, ServicePrincipal, Tenant, User},
    resource::{CreatorType, Resource, SystemData},
    role::{RoleAssignment, RoleDefinition},
    tree::{ResourceGroup, Subscription},
};
use store::{error::StoreError, record::Record, records::ranges, unit::Unit};

pub(super) mod market;

use super::{Error, Refusal, Step, Taken};
use crate::{
    delegation::assign::partner, market::leads::address, plane::Plane, resources::identity,
};

pub(super) async fn step(plane: &Plane, unit: &mut Unit, noun: &Noun) -> Result<Step, Refusal> {
    Ok(match noun.clone() {
        Noun::Tenant(it) => tenant(unit, it).await?,
        Noun::Subscription(it) => subscription(unit, it).await?,
        Noun::ResourceGroup(it) => compare(unit, it, Noun::ResourceGroup, keep_group).await?,
        Noun::Resource(it) => resource(plane, unit, it).await?,
        Noun::RoleAssignment(it) => {
            compare(unit, it, Noun::RoleAssignment, keep_assignment).await?
        }
        Noun::User(it) => user(unit, it).await?,
        Noun::Group(it) => plain(unit, it, Noun::Group).await?,
        Noun::Membership(it) => plain(unit, it, Noun::Membership).await?,
        Noun::Application(it) => application(unit, it).await?,
        Noun::ServicePrincipal(it) => service_principal(unit, it).await?,
        Noun::Credential(it) => plain(unit, it, Noun::Credential).await?,
        Noun::DirectoryRoleAssignment(it) => plain(unit, it, Noun::DirectoryRoleAssignment).await?,
        Noun::Ownership(it) => plain(unit, it, Noun::Ownership).await?,
        Noun::ManagementGroup(it) => plain(unit, it, Noun::ManagementGroup).await?,
        Noun::Registration(it) => plain(unit, it, Noun::Registration).await?,
        Noun::RoleDefinition(it) => role_definition(unit, it).await?,
        Noun::DenyAssignment(it) => plain(unit, it, Noun::DenyAssignment).await?,
        Noun::Lock(it) => plain(unit, it, Noun::Lock).await?,
        Noun::Definition(it) => definition(unit, it).await?,
        Noun::Assignment(it) => assignment(unit, it).await?,
        Noun::ActivationPolicy(it) => {
            compare(unit, it, Noun::ActivationPolicy, keep_policy).await?
        }
        Noun::Settings(_) => return Err(Error::NotForWorlds("settings are switched").into()),
        Noun::SigningKey(_) => return Err(Error::NotForWorlds("signing keys are drawn").into()),
        Noun::Activation(_) => return Err(Error::NotForWorlds("activations are asked for").into()),
        Noun::EligibleAssignment(_) => {
            return Err(Error::NotForWorlds("eligible assignments are their owners'").into());
        }
        Noun::Deployment(_) => return Err(Error::NotForWorlds("deployments are run").into()),
        Noun::Market(it) => market::step(unit, address::kept(plane, it)).await?,
    })
}

/// A domain leads to one tenant.
async fn tenant(unit: &mut Unit, it: Tenant) -> Result<Step, Refusal> {
    let holders = unit.list::<Tenant>(&ranges::tenant_by_domain(&it.domain)).await?;
    if holders.iter().any(|holder| holder.id != it.id) {
        return Err(Taken::Domain(it.domain).into());
    }
    Ok(plain(unit, it, Noun::Tenant).await?)
}

/// A subscription does not change hands by a file.
async fn subscription(unit: &mut Unit, it: Subscription) -> Result<Step, Refusal> {
    let old = unit.find::<Subscription>(&it.id).await?;
    if old.is_some_and(|old| old.tenant != it.tenant) {
        return Err(Taken::Subscription(it.id).into());
    }
    Ok(plain(unit, it, Noun::Subscription).await?)
}

/// A sign-in name leads to one account.
async fn user(unit: &mut Unit, it: User) -> Result<Step, Refusal> {
    let range = ranges::users_by_name(it.principal.tenant, &it.user_principal_name);
    let holders = unit.list::<User>(&range).await?;
    if holders.iter().any(|holder| holder.principal != it.principal) {
        return Err(Taken::SignInName(it.user_principal_name).into());
    }
    Ok(plain(unit, it, Noun::User).await?)
}

/// A name leads to one of a tenant's own roles.
async fn role_definition(unit: &mut Unit, it: RoleDefinition) -> Result<Step, Refusal> {
    if let Some(tenant) = it.tenant {
        let namesakes = ranges::roles_by_name(tenant, &it.name);
        let namesakes = unit.list::<RoleDefinition>(&namesakes).await?;
        if namesakes.iter().any(|other| other.id != it.id) {
            return Err(Taken::Role(it.name).into());
        }
    }
    Ok(compare(unit, it, Noun::RoleDefinition, keep_role).await?)
}

/// An application is registered in one tenant.
async fn application(unit: &mut Unit, it: Application) -> Result<Step, Refusal> {
    let holders = unit.list::<Application>(&ranges::applications_by_app(it.app)).await?;
    if holders.iter().any(|holder| holder.tenant != it.tenant) {
        return Err(Taken::Application(it.app).into());
    }
    Ok(compare(unit, it, Noun::Application, keep_application).await?)
}

/// An application is one principal of a tenant.
async fn service_principal(unit: &mut Unit, it: ServicePrincipal) -> Result<Step, Refusal> {
    let range = ranges::service_principals_by_app(it.principal.tenant, it.app);
    let holders = unit.list::<ServicePrincipal>(&range).await?;
    if holders.iter().any(|holder| holder.principal != it.principal) {
        return Err(Taken::Application(it.app).into());
    }
    Ok(plain(unit, it, Noun::ServicePrincipal).await?)
}

/// What one provider asked for never becomes another's, by a file either.
async fn definition(unit: &mut Unit, it: Definition) -> Result<Step, Refusal> {
    let old = unit.find::<Definition>(&it.id).await?;
    if old.is_some_and(|old| old.managed_by != it.managed_by) {
        return Err(Taken::Definition(it.id).into());
    }
    if !market::still_stands(unit, &it).await? {
        return Ok(Step::Leave);
    }
    let step = compare(unit, it, Noun::Definition, keep_definition).await?;
    if let Step::Create(Noun::Definition(it)) | Step::Change(Noun::Definition(it)) = &step {
        market::as_published(unit, it).await?;
    }
    Ok(step)
}

/// An assignment never turns to another definition; of the same one it says at most when it counts.
async fn assignment(unit: &mut Unit, it: Assignment) -> Result<Step, Refusal> {
    let old = unit.find::<Assignment>(&it.id).await?;
    if old.is_some_and(|old| old.definition != it.definition) {
        return Err(Taken::Assignment(it.id).into());
    }
    // What was not made again, since its customer took it back, holds nowhere.
    let Some(definition) = unit.find::<Definition>(&it.definition).await? else {
        return Ok(Step::Leave);
    };
    let it = Assignment { partner: partner(unit, Some(&definition)).await?, ..it };
    Ok(compare(unit, it, Noun::Assignment, keep_delegated).await?)
}

/// An identity that a resource has no more goes, with what it was a member of.
async fn resource(plane: &Plane, unit: &mut Unit, it: Resource) -> Result<Step, Refusal> {
    let old = unit.find::<Resource>(&it.id).await?;
    let step = compare(unit, it, Noun::Resource, keep_resource).await?;
    if let (Some(old), Step::Change(Noun::Resource(new))) = (&old, &step) {
        let followed = identity::follow(plane, unit, Some(old), Some(new)).await;
        followed.map_err(|error| Error::Follow(Box::new(error)))?;
    }
    Ok(step)
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

/// A file says what an application is called, that it is for all tenants, and may say where
/// browsers are sent; the rest of the registration is what people made of it. A file that does
/// not know of another tenant's having it must not shut out that tenant's people.
fn keep_application(new: Application, old: &Application) -> Application {
    let said = new.redirects.all().next().is_some();
    let redirects = if said { new.redirects } else { old.redirects.clone() };
    let audience = match new.audience {
        Audience::Home => old.audience,
        Audience::Organizations => Audience::Organizations,
    };
    let (display_name, object) = (new.display_name, new.object);
    Application { display_name, object, redirects, audience, ..old.clone() }
}

fn keep_group(new: ResourceGroup, old: &ResourceGroup) -> ResourceGroup {
    let same = ResourceGroup { system_data: old.system_data.clone(), ..new.clone() };
    if same == *old {
        return same;
    }
    ResourceGroup { system_data: modified(&old.system_data, &new.system_data), ..new }
}

/// What a customer accepted of an offer, a file does not change.
fn keep_definition(new: Definition, old: &Definition) -> Definition {
    if old.accepted.is_some() {
        return old.clone();
    }
    let same = Definition { system_data: old.system_data.clone(), ..new.clone() };
    if same == *old {
        return same;
    }
    Definition { system_data: modified(&old.system_data, &new.system_data), ..new }
}

/// What is said of no period leaves it as it was.
fn keep_delegated(new: Assignment, old: &Assignment) -> Assignment {
    let Assignment { period, system_data: made, .. } = new;
    if period.is_none() || period == old.period {
        return old.clone();
    }
    let system_data = modified(&old.system_data, &made);
    Assignment { period, system_data, ..old.clone() }
}

fn keep_policy(new: ActivationPolicy, old: &ActivationPolicy) -> ActivationPolicy {
    let same = ActivationPolicy { system_data: old.system_data.clone(), ..new.clone() };
    if same == *old {
        return same;
    }
    ActivationPolicy { system_data: modified(&old.system_data, &new.system_data), ..new }
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

/// A file's role is the file's: what it says holds again, and who wrote it by the front door stays
/// told.
fn keep_role(new: RoleDefinition, old: &RoleDefinition) -> RoleDefinition {
    RoleDefinition { written: old.written.clone(), ..new }
}

fn modified(old: &SystemData, new: &SystemData) -> SystemData {
    old.modified(&new.created_by, CreatorType::Application, new.created_at)
}
