//! Sessions that ended before the tokens that came of them: those are believed no more.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use ids::guid::SessionId;
use jiff::{SignedDuration, Timestamp};

use crate::claims::LIFETIME;

/// How long an ended session must be remembered: as long as its last token lasts, which may have
/// been on its way to be signed.
pub const REMEMBERED: SignedDuration = SignedDuration::from_secs(LIFETIME.as_secs() + 300);

/// The sessions that ended, until no token of theirs can be left.
#[derive(Debug, Default)]
pub struct EndedSessions(RwLock<HashMap<SessionId, Timestamp>>);

impl EndedSessions {
    /// From now on no token of that session is believed. `until` is when the last one expires.
    pub fn end(&self, session: SessionId, now: Timestamp, until: Timestamp) {
        let mut ended = self.0.write().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, until| *until > now);
        ended.insert(session, until);
    }

    /// Whether that session has ended.
    pub fn contains(&self, session: SessionId) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(&session)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_session_is_forgotten_once_its_tokens_have_expired() {
        let [first, second] = [1, 2].map(|n| SessionId::new(Uuid::from_u128(n)));
        let (ended, now) = (EndedSessions::default(), Timestamp::UNIX_EPOCH);
        ended.end(first, now, now + REMEMBERED);
        assert!(ended.contains(first));
        assert!(!ended.contains(second));
        let later = now + REMEMBERED;
        ended.end(second, later, later + REMEMBERED);
        assert!(!ended.contains(first));
        assert!(ended.contains(second));
    }
}
