//! Who is in which group, directly and through others.

use std::collections::BTreeSet;

use access::index::{Index, PrincipalKind};
use ids::guid::{ObjectId, Principal, RoleId};
use model::{
    change::Noun,
    directory::{Group, Membership},
    ownership::Owned,
};
use store::{error::StoreError, records::ranges, snapshot::Snapshot, unit::Unit};

use super::{
    Refused, decide, not_found,
    objects::{self, Object},
    own, put, remove, tend,
};
use crate::{
    around,
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// So many objects may one relation hold that is laid open step by step.
const REACHED_MAX: usize = 50_000;

/// How far a relation reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    Direct,
    Transitive,
}

/// Which part of a list that is sorted by id is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The last id of the part before it.
    pub after: Option<ObjectId>,
    pub limit: usize,
}

/// What a part holds, and whether there is more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sliced {
    pub items: Vec<Object>,
    pub more: bool,
    /// How much was looked at to find them.
    pub seen: usize,
}

/// What a principal is in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belonging {
    pub groups: Vec<Group>,
    /// Directory roles, by template id.
    pub roles: Vec<RoleId>,
}

/// Who is in a group.
pub async fn list(
    plane: &Plane,
    context: &Context,
    group: ObjectId,
    depth: Depth,
    part: Part,
) -> Result<Sliced, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<Group>(&own(context, group)).await?;
    let sliced = match found {
        Some(_) => {
            let index = plane.index();
            let ids = reached(&snapshot, &index, own(context, group), depth, below).await?;
            Some(slice(&snapshot, context, &ids, part).await?)
        }
        None => None,
    };
    let sliced = plane.release(context, snapshot, sliced).await?;
    sliced.ok_or_else(|| not_found(group))
}

/// The part of what has these ids.
pub(super) async fn slice(
    snapshot: &Snapshot,
    context: &Context,
    ids: &BTreeSet<ObjectId>,
    part: Part,
) -> Result<Sliced, Error> {
    let rest = ids.iter().filter(|id| part.after.is_none_or(|after| **id > after));
    let page: Vec<ObjectId> = rest.copied().take(part.limit.saturating_add(1)).collect();
    let more = page.len() > part.limit;
    let mut items = Vec::new();
    for id in page.iter().take(part.limit) {
        items.extend(objects::member(snapshot, context, *id).await?);
    }
    Ok(Sliced { items, more, seen: ids.len() })
}

/// What that object is in: groups of either kind, and the directory roles that it holds.
pub async fn of(
    plane: &Plane,
    context: &Context,
    id: ObjectId,
    depth: Depth,
) -> Result<Belonging, Error> {
    let snapshot = plane.store.snapshot().await?;
    let who = own(context, id);
    let found = match objects::member(&snapshot, context, id).await? {
        Some(_) => {
            let mut groups = Vec::new();
            for group in reached(&snapshot, &plane.index(), who, depth, above).await? {
                groups.extend(snapshot.find::<Group>(&own(context, group)).await?);
            }
            Some(Belonging { groups, roles: plane.index().directory_roles_of(who) })
        }
        None => None,
    };
    let found = plane.release(context, snapshot, found).await?;
    found.ok_or_else(|| not_found(id))
}

type Step<'a> =
    std::pin::Pin<Box<dyn Future<Output = Result<Vec<ObjectId>, StoreError>> + Send + 'a>>;

fn below(snapshot: &Snapshot, who: Principal) -> Step<'_> {
    Box::pin(async move {
        let mut found: Vec<Membership> = Vec::new();
        let range = ranges::memberships_of_group(who);
        around::each(snapshot, &range, |it| found.push(it)).await?;
        Ok(found.into_iter().map(|it| it.member).collect())
    })
}

fn above(snapshot: &Snapshot, who: Principal) -> Step<'_> {
    Box::pin(async move {
        let mut found: Vec<Membership> = Vec::new();
        let range = ranges::memberships_of_member(who);
        around::each(snapshot, &range, |it| found.push(it)).await?;
        Ok(found.into_iter().map(|it| it.group.object).collect())
    })
}

/// Everything that steps lead to, each once; a ring ends where it began. Only groups lead on.
async fn reached(
    snapshot: &Snapshot,
    index: &Index,
    from: Principal,
    depth: Depth,
    step: for<'a> fn(&'a Snapshot, Principal) -> Step<'a>,
) -> Result<BTreeSet<ObjectId>, StoreError> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        for object in step(snapshot, at).await? {
            let next = Principal { object, ..at };
            let is_group = || {
                index.principal(next).is_some_and(|it| matches!(it.kind, PrincipalKind::Group(_)))
            };
            if found.insert(object) && depth == Depth::Transitive && is_group() {
                open.push(next);
            }
        }
        if found.len() > REACHED_MAX {
            return Err(StoreError::TooMany);
        }
    }
    Ok(found)
}

/// Puts somebody into a group: from now on the group lends them what it holds.
pub async fn add(
    plane: &Plane,
    context: &Context,
    group: ObjectId,
    member: ObjectId,
) -> Result<(), Error> {
    let added = retry(async || {
        let mut unit = plane.begin(context);
        let it = open(plane, context, &mut unit, group).await?;
        let kind = objects::kind(&mut unit, context, member).await?;
        let kind = kind.ok_or_else(|| not_found(member))?;
        decide::member(group, it.kind, (member, kind))?;
        let membership = Membership { group: it.principal, member };
        if unit.find::<Membership>(&(it.principal, member)).await?.is_some() {
            return Err(Refused::AlreadyMember.into());
        }
        put(plane, context, &mut unit, Noun::Membership(membership))?;
        plane.commit(context, unit, 204).await
    })
    .await;
    match added {
        Err(Error::Store(StoreError::Overgrown(_))) => Err(Refused::TooManyGroups.into()),
        ended => ended,
    }
}

/// Takes somebody out of a group.
pub async fn expel(
    plane: &Plane,
    context: &Context,
    group: ObjectId,
    member: ObjectId,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let it = open(plane, context, &mut unit, group).await?;
        let held = unit.find::<Membership>(&(it.principal, member)).await?;
        let held = held.ok_or_else(|| not_found(member))?;
        remove(plane, context, &mut unit, Noun::Membership(held))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// The group, for whoever may change it.
pub(super) async fn open(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    group: ObjectId,
) -> Result<Group, Error> {
    let found = find(unit, context, group).await?;
    tend(plane, context, unit, Owned::Group(found.principal))?;
    Ok(found)
}

pub(super) async fn find(
    unit: &mut Unit,
    context: &Context,
    group: ObjectId,
) -> Result<Group, Error> {
    unit.find::<Group>(&own(context, group)).await?.ok_or_else(|| not_found(group))
}
