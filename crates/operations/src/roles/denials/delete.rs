//! Removing a deny assignment, which takes the platform's own leave.

use ids::resource::DenyAssignmentId;
use model::{
    change::{Change, Noun},
    role::DenyAssignment,
};

use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// Removes the deny assignment and answers it; none where there is none.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: DenyAssignmentId,
) -> Result<Option<DenyAssignment>, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let found = unit.find::<DenyAssignment>(&id).await?;
        let Some(gone) = found else { return Ok(None) };
        let change = Change::Remove(Noun::DenyAssignment(gone.clone()));
        unit.apply(plane.permit(context, &change)?, change)?;
        plane.commit(context, unit, 200).await?;
        Ok(Some(gone))
    })
    .await
}
