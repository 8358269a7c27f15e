//! What a version that waits would change.

use delegation::acceptance::{Refused, waits as waiting};
use ids::{scope::BadId, version::Version};
use market::difference::{Difference, difference};
use model::market::manifest::Manifest;
use store::error::StoreError;

use super::{
    At,
    published::{self, Published},
    read, refused,
};
use crate::{
    context::Context,
    error::Error,
    market::Operations,
    offers::{WORKING, effective::effective},
    plane::Plane,
};

/// Two versions of one plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub accepted: Version,
    pub before: Manifest,
    pub waits: Version,
    pub after: Manifest,
}

/// The version in force and the one that waits, for whoever may read what is accepted.
pub async fn compare(plane: &Plane, context: &Context, at: &At) -> Result<Compared, Error> {
    let shown = read::get(plane, context, at).await?;
    let (plan, slot) = at.meant()?;
    let snapshot = plane.store.snapshot().await?;
    let found = published::read(&mut &snapshot, &plan, slot, at.subscription).await?;
    let newest = found.as_ref().and_then(Published::open);
    let waits = waiting(&shown.acceptance, newest).map_err(refused)?;
    let missing = || refused(Refused::NothingWaits(plan.clone()));
    let (Some(accepted), Some(found)) = (shown.acceptance.version, found) else {
        return Err(missing());
    };
    let before = manifest(&snapshot, &found, accepted).await?.ok_or_else(missing)?;
    let after = manifest(&snapshot, &found, waits).await?.ok_or_else(missing)?;
    plane.release(context, snapshot, Compared { accepted, before, waits, after }).await
}

/// The same, told by what changes of these operations: worked out in a turn of the caller's
/// tenant's.
pub async fn differ<T: Send + 'static>(
    plane: &Plane,
    context: &Context,
    (at, operations): (&At, Operations),
    tell: impl FnOnce(&Compared, &Difference<'_>) -> T + Send + 'static,
) -> Result<T, Error> {
    let compared = compare(plane, context, at).await?;
    let work = move || {
        let names: Vec<&str> = operations.iter().map(String::as_str).collect();
        let before = effective(&compared.before, &names)?;
        let after = effective(&compared.after, &names)?;
        Ok::<_, BadId>(tell(&compared, &difference(&before, &after)))
    };
    let told = WORKING.aside(context.caller.principal.tenant, work).await?;
    Ok(told.map_err(StoreError::corrupt)?)
}

async fn manifest(
    snapshot: &store::snapshot::Snapshot,
    published: &Published,
    version: Version,
) -> Result<Option<Manifest>, Error> {
    Ok(published.manifest(&mut &*snapshot, version).await?)
}
