//! `DELETE` of a registration assignment: the customer takes a delegation back, or the managing
//! tenant gives it back.

use delegation::end::{Facts, Verdict, end as decide};
use ids::{
    guid::{OperationId, TenantId},
    resource::AssignmentId,
};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::Assignment,
};
use store::unit::Unit;

use super::{admit, notice, owner, refuse, settle};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    status::{self, Outcome},
};

/// What can be polled, or that there was nothing to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Removed(OperationId),
    Absent,
}

/// Ends the delegation. Its access is gone before this returns.
pub async fn end(plane: &Plane, context: &Context, id: AssignmentId) -> Result<Ended, Error> {
    retry(|| once(plane, context, id.clone())).await
}

async fn once(plane: &Plane, context: &Context, id: AssignmentId) -> Result<Ended, Error> {
    let owner = owner(&plane.index(), id.scope())?;
    let caller = context.caller.principal.tenant;
    if caller == owner {
        admit(plane, context, Action::ASSIGNMENTS_DELETE, id.as_resource())?;
    }
    let mut unit = plane.begin(context);
    let existing = unit.find::<Assignment>(&id).await?;
    let (assignment, change) = match decide(Facts { owner, caller, existing }) {
        Err(refused) => return refuse(plane, context, refused).await,
        Ok(Verdict::Absent) => return settle(plane, context, Ended::Absent).await,
        Ok(Verdict::Remove(it)) => (it.clone(), Change::Remove(Noun::Assignment(it))),
        Ok(Verdict::Leave(it)) => (it.clone(), Change::Leave(it)),
    };
    unit.apply(plane.permit(context, &change)?, change)?;
    commit(plane, context, unit, owner, &assignment).await
}

async fn commit(
    plane: &Plane,
    context: &Context,
    mut unit: Unit,
    owner: TenantId,
    assignment: &Assignment,
) -> Result<Ended, Error> {
    notice::record(plane, context, &mut unit, notice::News::Ended, owner, assignment);
    let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
    plane.commit(context, unit, 202).await?;
    Ok(Ended::Removed(operation))
}
