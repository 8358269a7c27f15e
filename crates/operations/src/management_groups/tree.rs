//! What stands in a management group, as far as the caller may see it.

use access::index::Index;
use ids::{guid::TenantId, name::Name, scope::Scope};
use model::tree::{ManagementGroup, Subscription};
use store::{records::ranges, snapshot::Snapshot};

use super::{GroupId, ROOT_NAME, decide::LEVELS_MAX, readable, within};
use crate::{around, context::Context, error::Error, plane::Plane};

/// World files may declare a deeper tree than callers; nobody walks down further than this.
const WALK_MAX: usize = 4 * LEVELS_MAX;

/// A group or a subscription, with what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub place: Place,
    /// Nothing where it was not asked for, or where there is nothing.
    pub children: Vec<Node>,
}

/// What stands in a tenant's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Group(ManagementGroup),
    Subscription(Subscription),
}

impl Place {
    /// The management group around it; none is the root.
    pub fn parent(&self) -> Option<&Name> {
        match self {
            Self::Group(it) => it.parent.as_ref(),
            Self::Subscription(it) => it.parent.as_ref(),
        }
    }

    pub fn scope(&self) -> Scope {
        match self {
            Self::Group(it) => it.scope(),
            Self::Subscription(it) => Scope::Subscription(it.id),
        }
    }

    pub fn display_name(&self) -> &str {
        match self {
            Self::Group(it) => &it.display_name,
            Self::Subscription(it) => &it.display_name,
        }
    }
}

/// How far down a tree is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What stands directly in it.
    Children,
    /// All that stands below it.
    Everything,
}

/// All groups and subscriptions of a tenant, before anyone has asked who may see them.
pub(super) async fn load(snapshot: &Snapshot, tenant: TenantId) -> Result<Vec<Place>, Error> {
    let (mut groups, mut subscriptions) = (Vec::new(), Vec::new());
    around::collect(snapshot, &ranges::management_groups_of(tenant), &mut groups).await?;
    let range = ranges::subscriptions_of_tenant(tenant);
    around::collect(snapshot, &range, &mut subscriptions).await?;
    let groups = groups.into_iter().map(Place::Group);
    Ok(groups.chain(subscriptions.into_iter().map(Place::Subscription)).collect())
}

/// Those that the caller may see by the facts of that index.
pub(super) fn visible(
    plane: &Plane,
    context: &Context,
    index: &Index,
    places: Vec<Place>,
) -> Vec<Place> {
    let now = plane.store.now();
    let seen = |place: &Place| match place {
        Place::Group(it) => plane.allowed(index, context, &readable(it)),
        Place::Subscription(it) => index.can_see(context.caller.principal, it.id, now),
    };
    places.into_iter().filter(seen).collect()
}

/// What stands in a group, of the places that may be shown.
pub(super) fn inside(places: &[Place], group: &GroupId, reach: Reach) -> Vec<Node> {
    let left = match reach {
        Reach::Children => 1,
        Reach::Everything => WALK_MAX,
    };
    below(places, within(group), left)
}

fn below(places: &[Place], parent: Option<&Name>, left: usize) -> Vec<Node> {
    let Some(left) = left.checked_sub(1) else { return Vec::new() };
    let here = places.iter().filter(|it| it.parent() == parent);
    let node = |place: &Place| {
        let children = match place {
            Place::Group(it) => below(places, Some(&it.name), left),
            Place::Subscription(_) => Vec::new(),
        };
        Node { place: place.clone(), children }
    };
    here.map(node).collect()
}

/// The root, which nobody made: the tenant itself.
pub(super) fn root(tenant: TenantId) -> Result<ManagementGroup, Error> {
    let name = tenant.to_string().parse::<Name>().map_err(store::error::StoreError::corrupt)?;
    Ok(ManagementGroup { tenant, name, display_name: ROOT_NAME.to_owned(), parent: None })
}
