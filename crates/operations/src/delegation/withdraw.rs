//! `DELETE` of a registration definition.

use delegation::withdraw::{Facts, Verdict, withdraw as decide};
use ids::resource::DefinitionId;
use model::{
    action::Action,
    change::{Change, Noun},
};
use store::records::ranges;

use super::{admit, refuse, settle};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// Whether there was something to remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    Removed,
    Absent,
}

/// Removes the definition, unless it is assigned somewhere.
pub async fn withdraw(
    plane: &Plane,
    context: &Context,
    id: DefinitionId,
) -> Result<Withdrawn, Error> {
    retry(|| once(plane, context, id.clone())).await
}

async fn once(plane: &Plane, context: &Context, id: DefinitionId) -> Result<Withdrawn, Error> {
    admit(plane, context, Action::DEFINITIONS_DELETE, id.as_resource())?;
    let mut unit = plane.begin(context);
    let facts = Facts {
        existing: unit.find(&id).await?,
        assignments: unit.list(&ranges::assignments_of_definition(&id)).await?,
    };
    match decide(facts) {
        Err(refused) => refuse(plane, context, refused).await,
        Ok(Verdict::Absent) => settle(plane, context, Withdrawn::Absent).await,
        Ok(Verdict::Remove(definition)) => {
            let change = Change::Remove(Noun::Definition(definition));
            unit.apply(plane.permit(context, &change)?, change)?;
            plane.commit(context, unit, 200).await?;
            Ok(Withdrawn::Removed)
        }
    }
}
