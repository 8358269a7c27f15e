//! What is kept of somebody who stays signed in: a session, and the chain of its refresh tokens.

use identity::{
    ended::{EndedSessions, REMEMBERED},
    refresh::{LIFETIME, RefreshToken},
    secret::fingerprint,
};
use ids::guid::SessionId;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use store::{
    ephemeral::{Ephemeral, EphemeralKey},
    error::StoreError,
    unit::Unit,
};

use crate::plane::Plane;

/// Where a refresh token is kept: by what it hashes to, never by itself.
pub(super) fn token_key(secret: &str) -> EphemeralKey {
    EphemeralKey::new("refreshToken", fingerprint(secret))
}

/// Where a session is kept.
pub(super) fn session_key(session: SessionId) -> EphemeralKey {
    EphemeralKey::new("session", session.to_string())
}

/// What an ended session is kept as, so that its tokens are refused after a restart, too.
const ENDED: &str = "endedSession";

/// Ends a session for good; its tokens are refused once the unit is committed and
/// [`EndedSessions::end`] was told.
pub(super) fn end(unit: &mut Unit, session: SessionId) -> Result<Timestamp, StoreError> {
    let until = later(unit.now(), REMEMBERED);
    unit.drop_ephemeral(&session_key(session));
    unit.keep(row(EphemeralKey::new(ENDED, session.to_string()), &(), until)?);
    Ok(until)
}

/// The sessions that ended not long ago.
pub(super) async fn ended(plane: &Plane) -> Result<EndedSessions, StoreError> {
    let (ended, now) = (EndedSessions::default(), plane.store.now());
    for it in plane.store.expiring(ENDED, later(now, REMEMBERED)).await? {
        let session = it.key.text().parse().map_err(StoreError::corrupt)?;
        ended.end(session, now, it.expires);
    }
    Ok(ended)
}

/// Keeps a refresh token, and its session as long as the token.
pub(super) fn keep_token(
    unit: &mut Unit,
    secret: &str,
    token: &RefreshToken,
) -> Result<(), StoreError> {
    let expires = later(unit.now(), LIFETIME);
    unit.keep(row(token_key(secret), token, expires)?);
    unit.keep(row(session_key(token.session), &token.shown.home, expires)?);
    Ok(())
}

/// A value as an ephemeral row.
pub(super) fn row(
    key: EphemeralKey,
    value: &impl Serialize,
    expires: Timestamp,
) -> Result<Ephemeral, StoreError> {
    let value = serde_json::to_value(value).map_err(StoreError::corrupt)?;
    Ok(Ephemeral { key, value, expires })
}

/// The value of an ephemeral row.
pub(super) fn read<T: DeserializeOwned>(value: Option<Value>) -> Result<Option<T>, StoreError> {
    value.map(serde_json::from_value).transpose().map_err(StoreError::corrupt)
}

/// A moment later, or the end of time.
pub(super) fn later(now: Timestamp, by: jiff::SignedDuration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}
