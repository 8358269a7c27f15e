//! What a version that waits would change.

use delegation::acceptance::{Refused, waits as waiting};
use ids::version::Version;
use model::market::manifest::Manifest;

use super::{
    At,
    published::{self, Published},
    read, refused,
};
use crate::{context::Context, error::Error, plane::Plane};

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

async fn manifest(
    snapshot: &store::snapshot::Snapshot,
    published: &Published,
    version: Version,
) -> Result<Option<Manifest>, Error> {
    Ok(published.manifest(&mut &*snapshot, version).await?)
}
