//! Reading management groups, and what stands in them.

use access::index::Index;
use ids::scope::Scope;
use model::{question::Question, tree::ManagementGroup};
use store::{
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{
    GroupId, READ, Refused, WRITE, is_root, readable,
    tree::{self, Node, Place, Reach},
};
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// A group, with as much of what is around and in it as was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub group: ManagementGroup,
    /// What the group around it is called, for a caller who may see that one.
    pub parent_display_name: Option<String>,
    pub children: Option<Vec<Node>>,
}

/// The management group of that name in the caller's tenant.
pub async fn get(
    plane: &Plane,
    context: &Context,
    id: GroupId,
    children: Option<Reach>,
) -> Result<Shown, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = find(&snapshot, &id).await?;
    let around = match found.as_ref().and_then(|it| it.parent.clone()) {
        Some(name) => snapshot.find::<ManagementGroup>(&(id.0, name)).await?,
        None => Some(tree::root(id.0)?),
    };
    let places = match children {
        Some(_) => tree::load(&snapshot, id.0).await?,
        None => Vec::new(),
    };
    let judge = |index: &Index, (found, around): (Option<_>, Option<ManagementGroup>)| {
        let asked = vec![context.question.clone()];
        plane.authorize(index, context, asked)?;
        let places = tree::visible(plane, context, index, places);
        let told = |it: &ManagementGroup| {
            is_root(&(it.tenant, it.name.clone())) || plane.allowed(index, context, &readable(it))
        };
        Ok::<_, Error>(found.map(|group| Shown {
            parent_display_name: around.filter(told).map(|it| it.display_name),
            children: children.map(|reach| tree::inside(&places, &id, reach)),
            group,
        }))
    };
    let shown = snapshot.seal((found, around)).open(&plane.store, judge).await?;
    shown.ok_or_else(|| Refused::NotFound(id.1.clone()).into())
}

async fn find(snapshot: &Snapshot, id: &GroupId) -> Result<Option<ManagementGroup>, Error> {
    if is_root(id) { tree::root(id.0).map(Some) } else { Ok(snapshot.find(id).await?) }
}

/// The tenant's management groups that the caller may read, the root first.
pub async fn list(
    plane: &Plane,
    context: &Context,
    page: Page,
) -> Result<Paged<ManagementGroup>, Error> {
    let tenant = context.caller.principal.tenant;
    let first = page.after.is_none();
    let asked = |group: &ManagementGroup| Some(readable(group));
    let mut found =
        page::list(plane, context, &ranges::management_groups_of(tenant), page, asked).await?;
    let root = tree::root(tenant)?;
    if first && plane.may(context, &readable(&root)) {
        found.items.insert(0, root);
    }
    Ok(found)
}

/// All that stands below the group, as far as the caller may see it, each before what it holds.
pub async fn descendants(
    plane: &Plane,
    context: &Context,
    id: &GroupId,
) -> Result<Vec<Place>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = find(&snapshot, id).await?;
    let places = tree::load(&snapshot, id.0).await?;
    let judge = |index: &Index, found: Option<ManagementGroup>| {
        let asked = vec![context.question.clone()];
        plane.authorize(index, context, asked)?;
        let places = tree::visible(plane, context, index, places);
        found.ok_or_else(|| Refused::NotFound(id.1.clone()))?;
        Ok::<_, Error>(flat(tree::inside(&places, id, Reach::Everything)))
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

fn flat(nodes: Vec<Node>) -> Vec<Place> {
    nodes
        .into_iter()
        .flat_map(|node| std::iter::once(node.place).chain(flat(node.children)))
        .collect()
}

/// A group or subscription that the caller may see, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    pub place: Place,
    /// Those around it that the caller may see, outermost first.
    pub around: Vec<ManagementGroup>,
    pub children: usize,
    pub child_groups: usize,
    pub descendants: usize,
    pub own: Leave,
    /// What the caller may do with what is around it.
    pub inherited: Leave,
}

/// What a caller may do with a place in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    Nothing,
    View,
    Edit,
}

/// Everything of the caller's tenant that the caller may see.
pub async fn entities(plane: &Plane, context: &Context) -> Result<Vec<Entity>, Error> {
    let tenant = context.caller.principal.tenant;
    let snapshot = plane.store.snapshot().await?;
    let mut places = tree::load(&snapshot, tenant).await?;
    places.insert(0, Place::Group(tree::root(tenant)?));
    let judge = |index: &Index, places| {
        let places = tree::visible(plane, context, index, places);
        let may = |action, scope| plane.allowed(index, context, &Question::any(action, scope));
        let leave = |scope: Scope| match (may(WRITE, scope.clone()), may(READ, scope)) {
            (true, _) => Leave::Edit,
            (false, true) => Leave::View,
            (false, false) => Leave::Nothing,
        };
        let entity = |place: &Place| {
            let id = match place {
                Place::Group(it) => Some((tenant, it.name.clone())),
                Place::Subscription(_) => None,
            };
            let rest: Vec<Place> = places.iter().filter(|it| !is_the_root(it)).cloned().collect();
            let inside = id.map(|id| tree::inside(&rest, &id, Reach::Everything));
            let inside = inside.unwrap_or_default();
            let groups = inside.iter().filter(|it| matches!(it.place, Place::Group(_)));
            Entity {
                around: around(index, &places, &place.scope()),
                children: inside.len(),
                child_groups: groups.count(),
                own: leave(place.scope()),
                inherited: index
                    .lineage(&place.scope())
                    .into_iter()
                    .nth(1)
                    .map_or(Leave::Nothing, leave),
                descendants: flat(inside).len(),
                place: place.clone(),
            }
        };
        Ok::<_, Error>(places.iter().map(entity).collect())
    };
    snapshot.seal(places).open(&plane.store, judge).await
}

fn is_the_root(place: &Place) -> bool {
    match place {
        Place::Group(it) => is_root(&(it.tenant, it.name.clone())),
        Place::Subscription(_) => false,
    }
}

/// The groups around a scope, of those that may be shown; outermost first.
fn around(index: &Index, places: &[Place], scope: &Scope) -> Vec<ManagementGroup> {
    let lineage = index.lineage(scope);
    let group = |around: &Scope| {
        places.iter().find_map(|place| match place {
            Place::Group(it) => {
                let here = it.scope() == *around || (is_the_root(place) && is_tenant(around));
                here.then(|| it.clone())
            }
            Place::Subscription(_) => None,
        })
    };
    lineage.iter().rev().filter(|it| *it != scope).filter_map(group).collect()
}

fn is_tenant(scope: &Scope) -> bool {
    matches!(scope, Scope::Tenant(_))
}
