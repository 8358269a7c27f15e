//! What became of a request to configure an offer, for a week.

use ids::guid::TenantId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{
    ephemeral::{Ephemeral, EphemeralKey},
    error::StoreError,
};
use uuid::Uuid;

use crate::{context::Context, error::Error, market::own, plane::Plane};

/// How long a job can be asked for.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A job as it is kept: whose it is, and what is told of it.
#[derive(Serialize, Deserialize)]
struct Kept {
    tenant: TenantId,
    told: Value,
}

fn key(id: Uuid) -> EphemeralKey {
    EphemeralKey::new("configure", id.to_string())
}

/// Keeps what is told of a job of the caller's account.
pub async fn keep(plane: &Plane, context: &Context, id: Uuid, told: Value) -> Result<(), Error> {
    let kept = serde_json::to_value(Kept { tenant: own(context), told });
    let mut unit = plane.begin(context);
    let expires = later(unit.now());
    let value = kept.map_err(StoreError::corrupt)?;
    unit.keep(Ephemeral { key: key(id), value, expires });
    Ok(unit.commit().await.map(|_| ())?)
}

fn later(now: Timestamp) -> Timestamp {
    now.saturating_add(KEPT).unwrap_or(Timestamp::MAX)
}

/// What is told of a job of the caller's account; nothing of any other's.
pub async fn find(plane: &Plane, context: &Context, id: Uuid) -> Result<Option<Value>, Error> {
    let Some(found) = plane.store.ephemeral(&key(id)).await? else { return Ok(None) };
    let kept: Kept = serde_json::from_value(found).map_err(StoreError::corrupt)?;
    Ok((kept.tenant == own(context)).then_some(kept.told))
}
