//! How many deployments a scope remembers: for a new one, the oldest that have ended make room.

use ids::{resource::DeploymentId, scope::Scope};
use jiff::Timestamp;
use model::{
    change::{Change, Noun},
    deployment::Deployment,
    event::SystemReason,
    role::Lock,
};
use store::{records::ranges, snapshot::Page, unit::Unit};

use super::{Refused, family};
use crate::{around, cascade, error::Error, plane::Plane};

/// ARM's own bound (ARM contract, section 4.1).
const KEPT_MAX: usize = 800;
/// Where a new one makes it more than this, the oldest go until so many are left
/// (<https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-history-deletions>).
const TRIMMED_ABOVE: usize = 775;
const TRIMMED_TO: usize = 750;
/// Records that are looked at together: each holds a whole template.
const PAGE_ROWS: usize = 20;

/// Removes what is too many for one more, in the unit that adds it. Where a lock keeps things
/// from being deleted, or too few have ended, the new one is refused once the scope is full.
pub(super) async fn make_room(
    plane: &Plane,
    unit: &mut Unit,
    fresh: &Deployment,
) -> Result<(), Error> {
    let scope = fresh.id.scope();
    let count = around::count(plane, &ranges::deployments_at(scope), KEPT_MAX).await? + 1;
    if count <= TRIMMED_ABOVE {
        return Ok(());
    }
    let mut left = count;
    if !is_locked(unit, scope).await? {
        for (_, id) in ended(plane, scope).await? {
            if left > TRIMMED_TO && remove(unit, &id).await? {
                left -= 1;
            }
        }
    }
    if left <= KEPT_MAX {
        return Ok(());
    }
    Err(Refused::Quota { name: fresh.id.name().clone(), limit: KEPT_MAX }.into())
}

/// Those of the scope's deployments that have ended, the oldest first.
async fn ended(plane: &Plane, scope: &Scope) -> Result<Vec<(Timestamp, DeploymentId)>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut ended = Vec::new();
    let mut page = Page { after: None, limit: PAGE_ROWS };
    loop {
        let found = snapshot.list::<Deployment>(&ranges::deployments_at(scope), page).await?;
        let over = found.items.into_iter().filter(|it| it.state.is_final());
        ended.extend(over.map(|it| (it.started, it.id)));
        let Some(next) = found.next else { break };
        page = Page { after: Some(next), limit: PAGE_ROWS };
    }
    ended.sort();
    Ok(ended)
}

/// One that has ended goes, unless what it is a part of still runs and may ask for its outputs.
async fn remove(unit: &mut Unit, id: &DeploymentId) -> Result<bool, Error> {
    let Some(old) = unit.find::<Deployment>(id).await? else { return Ok(true) };
    if !old.state.is_final() || family::unfinished(unit, &old).await?.is_some() {
        return Ok(false);
    }
    cascade::apply(unit, SystemReason::Retention, Change::Remove(Noun::Deployment(old)))?;
    Ok(true)
}

/// Every kind of lock keeps things from being deleted, at its scope and below.
pub(super) async fn is_locked(unit: &mut Unit, scope: &Scope) -> Result<bool, Error> {
    for around in scope.lineage() {
        let locks = unit.list::<Lock>(&ranges::locks_below(&around)).await?;
        if locks.iter().any(|lock| *lock.id.scope() == around) {
            return Ok(true);
        }
    }
    Ok(false)
}
