//! Who owns a group, an application or a service principal: who may change it, and who else owns
//! it, without any directory role.

use std::collections::BTreeSet;

use ids::guid::ObjectId;
use model::{
    change::Noun,
    directory::{Application, Group, ServicePrincipal, ServicePrincipalKind, User},
    ownership::{Owned, Ownership},
};
use store::{error::StoreError, records::ranges, snapshot::Snapshot, unit::Unit};

use super::{
    Refused, applications,
    members::{self, Part, Sliced},
    not_found,
    objects::{self, Kind, Object},
    own, put, remove, roles, service_principals, spare_managing, tend,
};
use crate::{
    around,
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// So many owners may one thing have. Graph's for groups.
const OWNERS_MAX: usize = 100;
/// So much may one principal own: as much as anybody may make in Entra without a role. Whoever is
/// removed is removed with all of it at once.
const OWNED_MAX: usize = 250;

/// Whose owners are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Group(ObjectId),
    Application(applications::Key),
    ServicePrincipal(service_principals::Key),
}

impl Thing {
    fn missing(self) -> Error {
        match self {
            Self::Group(id) => not_found(id),
            Self::Application(key) => applications::missing(key),
            Self::ServicePrincipal(key) => service_principals::missing(key),
        }
    }
}

/// Who owns that.
pub async fn list(
    plane: &Plane,
    context: &Context,
    thing: Thing,
    part: Part,
) -> Result<Sliced, Error> {
    let snapshot = plane.store.snapshot().await?;
    let sliced = match seen(&snapshot, context, thing).await? {
        Some(owned) => {
            let mut ids = BTreeSet::new();
            let range = ranges::owners_of(owned);
            around::each(&snapshot, &range, |it: Ownership| _ = ids.insert(it.owner)).await?;
            Some(members::slice(&snapshot, context, &ids, part).await?)
        }
        None => None,
    };
    let sliced = plane.release(context, snapshot, sliced).await?;
    sliced.ok_or_else(|| thing.missing())
}

async fn seen(
    snapshot: &Snapshot,
    context: &Context,
    thing: Thing,
) -> Result<Option<Owned>, StoreError> {
    Ok(match thing {
        Thing::Group(id) => {
            let found = snapshot.find::<Group>(&own(context, id)).await?;
            found.map(|it| Owned::Group(it.principal))
        }
        Thing::Application(key) => {
            let found = applications::seen(snapshot, context, key).await?;
            found.map(|it| Owned::Application(it.tenant, it.app))
        }
        Thing::ServicePrincipal(key) => {
            let found = service_principals::seen(snapshot, context, key).await?;
            found.map(|it| Owned::ServicePrincipal(it.principal))
        }
    })
}

/// What somebody owns, by id.
pub async fn owned_by(
    plane: &Plane,
    context: &Context,
    who: ObjectId,
    part: Part,
) -> Result<Sliced, Error> {
    let snapshot = plane.store.snapshot().await?;
    let sliced = match objects::member(&snapshot, context, who).await? {
        Some(_) => {
            let mut all: Vec<Ownership> = Vec::new();
            let range = ranges::owned_by(own(context, who));
            around::collect(&snapshot, &range, &mut all).await?;
            let mut found = Vec::with_capacity(all.len());
            for it in all {
                found.extend(object(&snapshot, it.owned).await?);
            }
            Some(cut(found, part))
        }
        None => None,
    };
    let sliced = plane.release(context, snapshot, sliced).await?;
    sliced.ok_or_else(|| not_found(who))
}

async fn object(snapshot: &Snapshot, owned: Owned) -> Result<Option<Object>, StoreError> {
    Ok(match owned {
        Owned::Group(who) => snapshot.find::<Group>(&who).await?.map(Object::Group),
        Owned::Application(tenant, app) => {
            snapshot.find::<Application>(&(tenant, app)).await?.map(Object::Application)
        }
        Owned::ServicePrincipal(who) => {
            snapshot.find::<ServicePrincipal>(&who).await?.map(Object::ServicePrincipal)
        }
    })
}

/// A part of them. An application and its service principal may have one id: they stay together,
/// since the next part begins behind it.
fn cut(mut found: Vec<Object>, part: Part) -> Sliced {
    let seen = found.len();
    found.sort_by_key(Object::id);
    found.retain(|it| part.after.is_none_or(|after| it.id() > after));
    let last = found.get(part.limit.saturating_sub(1)).map(Object::id);
    let more = last.is_some_and(|last| found.iter().any(|it| it.id() > last));
    found.retain(|it| last.is_none_or(|last| it.id() <= last));
    Sliced { items: found, more, seen }
}

/// Makes somebody an owner of that.
pub async fn add(
    plane: &Plane,
    context: &Context,
    thing: Thing,
    owner: ObjectId,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let owned = open(plane, context, &mut unit, thing).await?;
        match objects::kind(&mut unit, context, owner).await? {
            Some(Kind::User | Kind::ServicePrincipal) => {}
            Some(Kind::Group(_)) => return Err(Refused::GroupOwner.into()),
            None => return Err(not_found(owner)),
        }
        let owners = unit.list::<Ownership>(&ranges::owners_of(owned)).await?;
        if owners.iter().any(|it| it.owner == owner) {
            return Err(Refused::AlreadyOwner.into());
        }
        if owners.len() >= OWNERS_MAX {
            return Err(Refused::TooManyOwners(OWNERS_MAX).into());
        }
        let owns = unit.list::<Ownership>(&ranges::owned_by(own(context, owner))).await?;
        if owns.len() >= OWNED_MAX {
            return Err(Refused::OwnsTooMuch(OWNED_MAX).into());
        }
        unit.find::<Ownership>(&(owned, owner)).await?;
        put(plane, context, &mut unit, Noun::Ownership(Ownership { owned, owner }))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// Makes somebody an owner of that no more.
pub async fn resign(
    plane: &Plane,
    context: &Context,
    thing: Thing,
    owner: ObjectId,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let owned = open(plane, context, &mut unit, thing).await?;
        let held = unit.find::<Ownership>(&(owned, owner)).await?;
        let held = held.ok_or_else(|| not_found(owner))?;
        if let Owned::Group(_) = owned {
            spare_last(&mut unit, held).await?;
        }
        remove(plane, context, &mut unit, Noun::Ownership(held))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// A group that people own keeps one of them who can do something with it, as in Entra.
async fn spare_last(unit: &mut Unit, going: Ownership) -> Result<(), Error> {
    if unit.find::<User>(&going.who()).await?.is_none() {
        return Ok(());
    }
    for other in unit.list::<Ownership>(&ranges::owners_of(going.owned)).await? {
        if other != going && roles::is_able(unit, other.who()).await? {
            return Ok(());
        }
    }
    Err(Refused::LastOwner.into())
}

/// The thing, for whoever may say who owns it. Who owns what manages the directory, manages it, too.
async fn open(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    thing: Thing,
) -> Result<Owned, Error> {
    Ok(match thing {
        Thing::Group(id) => {
            let found = members::find(unit, context, id).await?;
            let owned = Owned::Group(found.principal);
            tend(plane, context, unit, owned)?;
            owned
        }
        Thing::Application(key) => {
            let found = applications::open(plane, context, unit, key).await?;
            service_principals::spare_powerful(plane, context, unit, found.app).await?;
            Owned::Application(found.tenant, found.app)
        }
        Thing::ServicePrincipal(key) => {
            let found = service_principals::open(plane, context, unit, key).await?;
            if let ServicePrincipalKind::ManagedIdentity { .. } = found.kind {
                return Err(Refused::ManagedIdentity.into());
            }
            spare_managing(plane, context, unit, found.principal).await?;
            Owned::ServicePrincipal(found.principal)
        }
    })
}
