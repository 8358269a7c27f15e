//! Long-running operations, as clients poll them.
//!
//! Fyr's effects stand before the first answer is sent, so a status is a note of what was
//! started by whom; where that is simulated, it runs for a while nevertheless. It stays readable by whoever started it, even after their access ended;
//! to everyone else it does not exist.

use ids::guid::{OperationId, Principal};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{
    ephemeral::{Ephemeral, EphemeralKey},
    unit::Unit,
};

use crate::{context::Context, error::Error, plane::Plane};

/// How long a status can be polled: clients give up much earlier.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What is noted of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    pub started_by: Principal,
    pub outcome: Outcome,
    /// Until then it is shown as running, where that is simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Timestamp>,
}

/// How it ended, or that it has not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    Running,
    Succeeded(Option<Value>),
    /// ARM's error.
    Failed(Value),
}

fn key(id: OperationId) -> EphemeralKey {
    EphemeralKey::new("operation", id.to_string())
}

/// Notes in the unit that the context's caller started something that ends with it.
pub fn note(plane: &Plane, context: &Context, unit: &mut Unit, outcome: Outcome) -> OperationId {
    let id = OperationId::new(plane.random.uuid());
    let settled = Some(plane.settled(unit.now())).filter(|until| *until > unit.now());
    let status = Status { started_by: context.caller.principal, outcome, settled };
    keep(unit, id, &status);
    id
}

/// Notes a status anew.
pub fn keep(unit: &mut Unit, id: OperationId, status: &Status) {
    let value = serde_json::json!(status);
    let expires = unit.now().saturating_add(KEPT).unwrap_or(unit.now());
    unit.keep(Ephemeral { key: key(id), value, expires });
}

/// Whether it is known that the operation has ended.
pub(crate) async fn has_ended(plane: &Plane, id: OperationId) -> Result<bool, Error> {
    let Some(value) = plane.store.ephemeral(&key(id)).await? else { return Ok(false) };
    let status: Option<Status> = serde_json::from_value(value).ok();
    Ok(status.is_some_and(|it| it.outcome != Outcome::Running))
}

/// The outcome of an operation, for whoever started it. Unknown and foreign look alike.
pub async fn read(plane: &Plane, caller: Principal, id: &str) -> Result<Option<Outcome>, Error> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let Some(value) = plane.store.ephemeral(&key(id)).await? else { return Ok(None) };
    let status: Option<Status> = serde_json::from_value(value).ok();
    let own = status.filter(|it| it.started_by == caller);
    let now = plane.store.now();
    let runs = |it: &Status| it.settled.is_some_and(|until| now < until);
    Ok(own.map(|it| if runs(&it) { Outcome::Running } else { it.outcome }))
}
