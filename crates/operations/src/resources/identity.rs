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

/// Makes or removes the service principal that the change of a resource brings or takes.
pub(crate) async fn follow(
    plane: &Plane,
    unit: &mut Unit,
    before: Option<&Resource>,
    after: Option<&Resource>,
) -> Result<(), Error> {
    let Some(id) = after.or(before).map(|it| it.id.clone()) else { return Ok(()) };
    let held = unit.list::<ServicePrincipal>(&ranges::identity_of_resource(&id)).await?;
    let wanted = after.and_then(|it| wanted(plane, it));
    match (held.into_iter().next(), wanted) {
        (None, Some(object)) => make(plane, unit, &id, object).await,
        (Some(principal), None) => cascade::remove_principal(plane, unit, principal).await,
        (Some(_), Some(_)) | (None, None) => Ok(()),
    }
}

/// The object id of the identity that the resource is to have.
fn wanted(plane: &Plane, resource: &Resource) -> Option<ObjectId> {
    if resource.id.is_a(USER_ASSIGNED) {
        return Some(ObjectId::new(plane.random.uuid()));
    }
    resource.identity.as_ref()?.system_assigned
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
