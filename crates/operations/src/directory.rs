//! A tenant's own directory: people, groups, applications, and who manages them.
//!
//! Everything here is of the caller's own tenant; there is no way to name another's. What is
//! asked for is judged by the context's question, each change by the leave that it takes.

use std::pin::Pin;

use access::permit::Permit;
use ids::guid::{ObjectId, Principal, TenantId};
use model::{
    change::{Change, Noun},
    directory_role::DirectoryRoleAssignment,
    ownership::Owned,
    question::Question,
};
use store::{error::StoreError, records::ranges, snapshot::Snapshot, unit::Unit};

use crate::{context::Context, error::Error, page::Paged, plane::Plane};

pub mod applications;
pub mod credentials;
pub mod decide;
pub mod groups;
pub mod invite;
pub mod members;
pub mod objects;
pub mod owners;
pub mod roles;
pub mod second_factor;
pub mod service_principals;
pub mod users;

/// Why something was not done in a directory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "Resource '{0}' does not exist or one of its queried reference-property objects are not present."
    )]
    NotFound(String),
    #[error("Another object with the same value for property {0} already exists.")]
    Taken(&'static str),
    #[error("Invalid value specified for property '{0}' of the resource: {1}.")]
    Invalid(&'static str, &'static str),
    #[error(
        "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization."
    )]
    ForeignDomain,
    #[error(
        "The specified password does not comply with password complexity requirements. Please provide a different password."
    )]
    WeakPassword,
    #[error(
        "One or more added object references already exist for the following modified properties: 'members'."
    )]
    AlreadyMember,
    #[error(
        "One or more added object references already exist for the following modified properties: 'owners'."
    )]
    AlreadyOwner,
    #[error("A group owns nothing.")]
    GroupOwner,
    #[error("The group must have at least one owner, hence this owner cannot be removed.")]
    LastOwner,
    #[error("A thing has at most {0} owners.")]
    TooManyOwners(usize),
    #[error("Nobody owns more than {0} things.")]
    OwnsTooMuch(usize),
    #[error("A {0} cannot be a member of such a group.")]
    NotAMember(&'static str),
    #[error("Somebody would share the rights of more than {} groups.", access::index::GROUPS_MAX)]
    TooManyGroups,
    #[error(
        "The appId '{0}' of the service principal does not reference a valid application object."
    )]
    NoApplication(String),
    #[error(
        "The service principal cannot be created, updated, or restored because the service principal name {0} is already in use."
    )]
    PrincipalExists(String),
    #[error("A managed identity comes and goes with its resource.")]
    ManagedIdentity,
    #[error("No directory role has the template id '{0}'.")]
    NoRole(String),
    #[error("A group holds no directory role.")]
    GroupRole,
    #[error("A conflicting object with one or more of the specified property values is present.")]
    RoleHeld,
    #[error("The last Global Administrator of a directory cannot be removed or disabled.")]
    LastAdministrator,
    #[error("No credentials found to be removed.")]
    NoCredential,
    #[error("No authentication method of that id was found.")]
    NoSecondFactor,
    #[error(
        "Your own authentication method is removed by a code of it: at /common/security-info, under Remove."
    )]
    OwnSecondFactor,
    #[error("An application has at most {0} credentials.")]
    TooManyCredentials(usize),
    #[error(transparent)]
    Certificate(#[from] identity::certificate::BadCertificate),
    #[error(transparent)]
    Federated(#[from] identity::federated::BadFederated),
    #[error(transparent)]
    Redirect(#[from] identity::redirect::BadRedirect),
    #[error("The invited user already exists in the directory as object ID: {0}.")]
    OwnAccount(ObjectId),
}

/// One of a tenant's own.
pub(crate) fn own(context: &Context, object: ObjectId) -> Principal {
    Principal { tenant: context.caller.principal.tenant, object }
}

fn tenant(context: &Context) -> TenantId {
    context.caller.principal.tenant
}

pub(crate) fn not_found(id: impl std::fmt::Display) -> Error {
    Refused::NotFound(id.to_string()).into()
}

/// Applies a change that takes the caller's leave.
fn apply(plane: &Plane, context: &Context, unit: &mut Unit, change: Change) -> Result<(), Error> {
    let permit = plane.permit(context, &change)?;
    Ok(unit.apply(permit, change)?)
}

fn put(plane: &Plane, context: &Context, unit: &mut Unit, noun: Noun) -> Result<(), Error> {
    apply(plane, context, unit, Change::Put(noun))
}

fn remove(plane: &Plane, context: &Context, unit: &mut Unit, noun: Noun) -> Result<(), Error> {
    apply(plane, context, unit, Change::Remove(noun))
}

/// What is looked up beside a thing, on its way.
type Beside<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A page with what is looked up beside each thing of it.
async fn beside<T, U>(
    plane: &Plane,
    context: &Context,
    Paged { items, next }: Paged<T>,
    look: for<'a> fn(&'a Snapshot, T) -> Beside<'a, U>,
) -> Result<Paged<U>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut found = Vec::with_capacity(items.len());
    for it in items {
        found.push(look(&snapshot, it).await?);
    }
    let items = plane.release(context, snapshot, found).await?;
    Ok(Paged { items, next })
}

/// Takes leave for what the context asks at that thing and no other: the front door lets in whoever
/// owns anything of its kind.
fn tend(plane: &Plane, context: &Context, unit: &mut Unit, owned: Owned) -> Result<(), Error> {
    let asked = Question::owner(context.question.action.clone(), owned);
    unit.hold(leave(plane, context, asked)?);
    Ok(())
}

/// Refuses the change of an account to whoever may not change those of who holds what its owner
/// holds: who takes such an account over gains what its owner may. The roles are among what the
/// unit has read.
async fn spare_privileged(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    who: Principal,
) -> Result<(), Error> {
    let held = unit.list::<DirectoryRoleAssignment>(&ranges::directory_roles_of(who)).await?;
    guard(plane, context, unit, &held)
}

/// Refuses what lets somebody act as an application that may change anything in the directory to
/// whoever has come by that application as its owner alone: the owner would gain its role. Where
/// it manages the directory itself, it takes what [`spare_privileged`] says.
async fn spare_managing(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    who: Principal,
) -> Result<(), Error> {
    let held = unit.list::<DirectoryRoleAssignment>(&ranges::directory_roles_of(who)).await?;
    if decide::may_change(&held) {
        let asked = Question::directory(context.question.action.clone(), tenant(context));
        unit.hold(leave(plane, context, asked)?);
    }
    guard(plane, context, unit, &held)
}

fn guard(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    held: &[DirectoryRoleAssignment],
) -> Result<(), Error> {
    for action in decide::guards(held) {
        unit.hold(leave(plane, context, Question::directory(action, tenant(context)))?);
    }
    Ok(())
}

fn leave(plane: &Plane, context: &Context, asked: Question) -> Result<Permit, Error> {
    Ok(plane.authorize(&plane.index(), context, vec![asked])?)
}
