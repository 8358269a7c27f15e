//! What a deployment would do: answers kept for whoever asked.
//!
//! The answer itself is found by doing it in a fork of the plane, which is the front door's work.
//! It may hold what only the caller knows, secure parameters among it, so it is kept sealed and
//! not for long.

use ids::guid::{OperationId, Principal};
use jiff::SignedDuration;
use model::question::Question;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{
    ephemeral::{Ephemeral, EphemeralKey},
    error::StoreError,
};

use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// Clients ask for the answer at once.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    asked_by: Principal,
    /// What asking took, and finding the answer, and the answer takes, too: it tells what is there.
    asked: Vec<Question>,
    sealed: String,
}

fn key(id: OperationId) -> EphemeralKey {
    EphemeralKey::new("what-if", id.to_string())
}

fn bound(id: OperationId) -> String {
    format!("what-if|{id}")
}

/// An answer, and all that its asker was let do for it to be found.
#[derive(Debug)]
pub struct Found {
    pub answer: Value,
    pub held: Vec<Question>,
}

/// Keeps an answer for the context's caller, and notes that they asked.
pub async fn keep(plane: &Plane, context: &Context, found: Found) -> Result<OperationId, Error> {
    let Found { answer, held: mut asked } = found;
    asked.push(context.question.clone());
    let id = OperationId::new(plane.random.uuid());
    let sealed = plane.seal.close(&*plane.random, &bound(id), &answer.to_string());
    let kept = Kept { asked_by: context.caller.principal, asked, sealed };
    let value = serde_json::to_value(&kept).map_err(StoreError::corrupt)?;
    retry(async || {
        let mut unit = plane.begin(context);
        let expires = unit.now().saturating_add(KEPT).unwrap_or(unit.now());
        unit.keep(Ephemeral { key: key(id), value: value.clone(), expires });
        plane.commit(context, unit, 202).await
    })
    .await?;
    Ok(id)
}

/// The answer, for whoever asked and still may all that it took. Unknown and foreign look alike.
pub async fn read(plane: &Plane, context: &Context, id: &str) -> Result<Option<Value>, Error> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let Some(value) = plane.store.ephemeral(&key(id)).await? else { return Ok(None) };
    let kept: Option<Kept> = serde_json::from_value(value).ok();
    let index = plane.index();
    let may = |it: &Kept| {
        it.asked_by == context.caller.principal
            && it.asked.iter().all(|asked| plane.allowed(&index, context, asked))
    };
    let Some(kept) = kept.filter(may) else { return Ok(None) };
    let text = plane.seal.open_own(&bound(id), &kept.sealed).map_err(StoreError::corrupt)?;
    Ok(Some(serde_json::from_str(&text).map_err(StoreError::corrupt)?))
}
