//! Who holds which directory role.

use ids::guid::{ObjectId, Principal, RoleId};
use model::{
    change::Noun,
    directory::{User, UserKind},
    directory_role::{self, DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
};
use store::{records::ranges, snapshot::Page, unit::Unit};

use super::{
    Refused,
    members::{self, Part, Sliced},
    not_found,
    objects::{self, Kind},
    own, put, remove, tenant,
};
use crate::{
    around,
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::{Plane, retry},
};

/// The directory roles that are held in the tenant, by role; only that one's where somebody is
/// named.
pub async fn list(
    plane: &Plane,
    context: &Context,
    who: Option<ObjectId>,
    page: Page,
    wanted: impl Fn(&DirectoryRoleAssignment) -> bool,
) -> Result<Paged<DirectoryRoleAssignment>, Error> {
    let range = who.map_or_else(
        || ranges::directory_roles_of_tenant(tenant(context)),
        |object| ranges::directory_roles_of(own(context, object)),
    );
    let question = |it: &DirectoryRoleAssignment| wanted(it).then(|| context.question.clone());
    page::list(plane, context, &range, page, question).await
}

/// That somebody holds a role.
pub async fn get(
    plane: &Plane,
    context: &Context,
    object: ObjectId,
    role: RoleId,
) -> Result<DirectoryRoleAssignment, Error> {
    let found = plane.find(context, &(own(context, object), role)).await?;
    found.ok_or_else(|| not_found(object))
}

/// Who holds a role.
pub async fn holders(
    plane: &Plane,
    context: &Context,
    role: RoleId,
    part: Part,
) -> Result<Sliced, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut held: Vec<DirectoryRoleAssignment> = Vec::new();
    let range = ranges::directory_role_holders(tenant(context), role);
    around::collect(&snapshot, &range, &mut held).await?;
    let ids = held.into_iter().map(|it| it.principal.object).collect();
    let sliced = members::slice(&snapshot, context, &ids, part).await?;
    plane.release(context, snapshot, sliced).await
}

/// Gives a role to a person or an application.
pub async fn assign(
    plane: &Plane,
    context: &Context,
    object: ObjectId,
    role: RoleId,
) -> Result<DirectoryRoleAssignment, Error> {
    directory_role::find(role).ok_or_else(|| Refused::NoRole(role.to_string()))?;
    retry(async || {
        let mut unit = plane.begin(context);
        match objects::kind(&mut unit, context, object).await? {
            Some(Kind::User | Kind::ServicePrincipal) => {}
            Some(Kind::Group(_)) => return Err(Refused::GroupRole.into()),
            None => return Err(not_found(object)),
        }
        let held = DirectoryRoleAssignment { principal: own(context, object), role };
        if unit.find::<DirectoryRoleAssignment>(&(held.principal, role)).await?.is_some() {
            return Err(Refused::RoleHeld.into());
        }
        put(plane, context, &mut unit, Noun::DirectoryRoleAssignment(held))?;
        plane.commit(context, unit, 201).await?;
        Ok(held)
    })
    .await
}

/// Takes a role away.
pub async fn unassign(
    plane: &Plane,
    context: &Context,
    object: ObjectId,
    role: RoleId,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let who = own(context, object);
        let held = unit.find::<DirectoryRoleAssignment>(&(who, role)).await?;
        let held = held.ok_or_else(|| not_found(object))?;
        if role == GLOBAL_ADMINISTRATOR {
            spare_last(&mut unit, who).await?;
        }
        remove(plane, context, &mut unit, Noun::DirectoryRoleAssignment(held))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// Refuses to do away with the last one who manages the whole directory: nobody could give the
/// role back. Who else does is among what the unit has read.
pub(super) async fn spare_last(unit: &mut Unit, who: Principal) -> Result<(), Error> {
    let range = ranges::directory_role_holders(who.tenant, GLOBAL_ADMINISTRATOR);
    let holders = unit.list::<DirectoryRoleAssignment>(&range).await?;
    if !holders.iter().any(|it| it.principal == who) || !is_able(unit, who).await? {
        return Ok(());
    }
    for other in holders.iter().filter(|it| it.principal != who) {
        if is_able(unit, other.principal).await? {
            return Ok(());
        }
    }
    Err(Refused::LastAdministrator.into())
}

/// Whether somebody can use a role, whatever becomes of other tenants and of resources: a person,
/// since an application may have nothing left to sign in with.
pub(super) async fn is_able(unit: &mut Unit, who: Principal) -> Result<bool, Error> {
    let user = unit.find::<User>(&who).await?;
    Ok(user.is_some_and(|it| it.enabled && it.kind == UserKind::Member))
}
