//! Whatever can be a member of something, or hold something: found by its id alone.

use ids::guid::ObjectId;
use model::directory::{Application, Group, GroupKind, ServicePrincipal, User};
use store::{
    records::ranges,
    snapshot::{Page, Snapshot},
    unit::Unit,
};

use super::{not_found, own};
use crate::{context::Context, error::Error, plane::Plane};

/// So many objects may be asked for at once. Graph's.
pub const IDS_MAX: usize = 1_000;

/// An object of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    User(User),
    Group(Group),
    ServicePrincipal(ServicePrincipal),
    Application(Application),
}

/// What can be a member of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    User,
    Group(GroupKind),
    ServicePrincipal,
}

impl Object {
    /// Its id.
    pub fn id(&self) -> ObjectId {
        match self {
            Self::User(it) => it.principal.object,
            Self::Group(it) => it.principal.object,
            Self::ServicePrincipal(it) => it.principal.object,
            Self::Application(it) => it.object,
        }
    }
}

/// The objects of these ids, as many as there are. An application is found where nothing else
/// has the id: a world file may give both the same.
pub async fn by_ids(
    plane: &Plane,
    context: &Context,
    ids: &[ObjectId],
) -> Result<Vec<Object>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut found = Vec::new();
    for id in ids.iter().take(IDS_MAX) {
        found.extend(any(&snapshot, context, *id).await?);
    }
    plane.release(context, snapshot, found).await
}

/// The object of that id.
pub async fn get(plane: &Plane, context: &Context, id: ObjectId) -> Result<Object, Error> {
    let found = by_ids(plane, context, &[id]).await?;
    found.into_iter().next().ok_or_else(|| not_found(id))
}

async fn any(
    snapshot: &Snapshot,
    context: &Context,
    id: ObjectId,
) -> Result<Option<Object>, Error> {
    if let Some(found) = member(snapshot, context, id).await? {
        return Ok(Some(found));
    }
    let range = ranges::applications_by_object(own(context, id));
    let found = snapshot.list::<Application>(&range, Page::first()).await?.items;
    Ok(found.into_iter().next().map(Object::Application))
}

/// The person, group or service principal of that id.
pub(super) async fn member(
    snapshot: &Snapshot,
    context: &Context,
    id: ObjectId,
) -> Result<Option<Object>, Error> {
    let who = own(context, id);
    if let Some(it) = snapshot.find::<User>(&who).await? {
        return Ok(Some(Object::User(it)));
    }
    if let Some(it) = snapshot.find::<Group>(&who).await? {
        return Ok(Some(Object::Group(it)));
    }
    Ok(snapshot.find::<ServicePrincipal>(&who).await?.map(Object::ServicePrincipal))
}

/// What kind of thing has that id; it is among what the unit has read.
pub(super) async fn kind(
    unit: &mut Unit,
    context: &Context,
    id: ObjectId,
) -> Result<Option<Kind>, Error> {
    let who = own(context, id);
    if unit.find::<User>(&who).await?.is_some() {
        return Ok(Some(Kind::User));
    }
    if let Some(it) = unit.find::<Group>(&who).await? {
        return Ok(Some(Kind::Group(it.kind)));
    }
    Ok(unit.find::<ServicePrincipal>(&who).await?.map(|_| Kind::ServicePrincipal))
}
