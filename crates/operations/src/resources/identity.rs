//! Managed identities: a service principal that comes with a resource, in the home tenant of its
//! subscription, and goes with it.

use ids::{
    guid::{AppId, ObjectId, Principal},
    resource::ResourceId,
    scope::Scope,
};
use model::{
    change::{Change, Noun},
    directory::{ServicePrincipal, ServicePrincipalKind},
    event::SystemReason,
    resource::Resource,
};
use store::{records::ranges, unit::Unit};

use crate::{cascade, error::Error, plane::Plane};

/// A resource that is itself an identity.
const USER_ASSIGNED: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

/// Who a resource that is an identity acts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// The identity's resource.
    pub id: ResourceId,
    pub principal: ObjectId,
    pub client: AppId,
}

/// A resource, with who the identities that it is or uses act as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub resource: Resource,
    pub acting: Vec<Acting>,
}

/// The identities that a resource is or uses.
pub(crate) fn identities(resource: &Resource) -> impl Iterator<Item = &ResourceId> {
    let used = resource.identity.iter().flat_map(|it| &it.user_assigned);
    is_one(&resource.id).then_some(&resource.id).into_iter().chain(used)
}

/// Who an identity acts as, of those that were found in its place.
pub(crate) fn acting(id: &ResourceId, found: Vec<ServicePrincipal>) -> Option<Acting> {
    let ServicePrincipal { principal, app, .. } = found.into_iter().next()?;
    Some(Acting { id: id.clone(), principal: principal.object, client: app })
}

/// Whether the resource is itself an identity.
pub(crate) fn is_one(id: &ResourceId) -> bool {
    id.is_a(USER_ASSIGNED)
}

/// Makes or removes the service principal that the change of a resource brings or takes.
pub(crate) async fn follow(
    plane: &Plane,
    unit: &mut Unit,
    before: Option<&Resource>,
    after: Option<&Resource>,
) -> Result<(), Error> {
    let Some(id) = after.or(before).map(|it| it.id.clone()) else { return Ok(()) };
    let held = unit.list::<ServicePrincipal>(&ranges::identity_of_resource(&id)).await?;
    let wanted = after.map_or(Wanted::None, wanted);
    let kept = held.iter().map(|it| it.principal).find(|it| wanted.is(it.object));
    for principal in held.into_iter().filter(|it| Some(it.principal) != kept) {
        cascade::remove_principal(plane, unit, principal).await?;
    }
    match (kept, wanted) {
        (Some(_), _) | (None, Wanted::None) => Ok(()),
        (None, Wanted::Any) => make(plane, unit, &id, ObjectId::new(plane.random.uuid())).await,
        (None, Wanted::This(object)) => make(plane, unit, &id, object).await,
    }
}

/// The identity that a resource is to have.
#[derive(Clone, Copy)]
enum Wanted {
    None,
    /// Whichever it has, or a new one.
    Any,
    This(ObjectId),
}

impl Wanted {
    fn is(self, object: ObjectId) -> bool {
        match self {
            Self::None => false,
            Self::Any => true,
            Self::This(wanted) => wanted == object,
        }
    }
}

fn wanted(resource: &Resource) -> Wanted {
    if is_one(&resource.id) {
        return Wanted::Any;
    }
    let own = resource.identity.as_ref().and_then(|it| it.system_assigned);
    own.map_or(Wanted::None, Wanted::This)
}

async fn make(
    plane: &Plane,
    unit: &mut Unit,
    id: &ResourceId,
    object: ObjectId,
) -> Result<(), Error> {
    let Some(tenant) = plane.index().home(&Scope::Resource(id.clone())) else { return Ok(()) };
    let principal = Principal { tenant, object };
    let _absent = unit.find::<ServicePrincipal>(&principal).await?;
    let change = Change::Put(Noun::ServicePrincipal(ServicePrincipal {
        principal,
        app: AppId::new(plane.random.uuid()),
        display_name: id.name().to_string(),
        enabled: true,
        kind: ServicePrincipalKind::ManagedIdentity { resource: id.clone() },
    }));
    cascade::apply(unit, SystemReason::Cascade, change)
}
