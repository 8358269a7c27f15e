//! Writing a deny assignment, which takes the platform's own leave.

use model::{
    change::{Change, Noun},
    role::DenyAssignment,
};

use super::decide;
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
    scopes,
};

/// Makes the deny assignment, or gives it this form.
pub async fn put(
    plane: &Plane,
    context: &Context,
    deny: DenyAssignment,
) -> Result<Put<DenyAssignment>, Error> {
    decide::valid(&deny)?;
    retry(async || {
        let mut unit = plane.begin(context);
        let put = match unit.find::<DenyAssignment>(&deny.id).await? {
            Some(before) if before == deny => return Ok(Put::Unchanged(before)),
            Some(before) => Put::Updated(DenyAssignment { id: before.id, ..deny.clone() }),
            None => {
                scopes::exists(&mut unit, deny.id.scope()).await?;
                Put::Created(deny.clone())
            }
        };
        let change = Change::Put(Noun::DenyAssignment(put.clone().into_inner()));
        unit.apply(plane.permit(context, &change)?, change)?;
        plane.commit(context, unit, put.status()).await?;
        Ok(put)
    })
    .await
}
