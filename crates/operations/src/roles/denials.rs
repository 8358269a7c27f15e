//! Reading deny assignments, which only the platform makes.

use ids::{resource::DenyAssignmentId, scope::Scope};
use model::role::DenyAssignment;
use store::records::ranges;

use super::Refused;
use crate::{
    around::{Kind, Reach},
    context::Context,
    error::Error,
    plane::Plane,
};

const DENIALS: Kind =
    Kind { name: "Microsoft.Authorization/denyAssignments", below: ranges::deny_assignments_below };

/// The deny assignment of that id.
pub async fn get(
    plane: &Plane,
    context: &Context,
    id: DenyAssignmentId,
) -> Result<DenyAssignment, Error> {
    let found = plane.find::<DenyAssignment>(context, &id).await?;
    found.ok_or_else(|| Refused::NoDenial(id.name().to_string()).into())
}

/// The deny assignments at the scope, around it and, if the reach goes there, below it.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    reach: Reach,
) -> Result<Vec<DenyAssignment>, Error> {
    DENIALS.list(plane, context, scope, reach).await
}
