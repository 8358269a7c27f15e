//! Staying signed in: refresh tokens, each good for one use, which yields the next.

use ids::guid::{AppId, Principal, SessionId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::refusal::Refused;

/// How long a token that nobody uses stays good. Entra's.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a used token may be used again: clients that run side by side share one, and the
/// slower of two finds it used (parallel `az`).
pub const REPEATABLE: SignedDuration = SignedDuration::from_secs(60);

/// What is known of a refresh token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshToken {
    pub session: SessionId,
    /// Only this client may use it.
    pub app: AppId,
    /// Who signed in, where they are at home.
    pub home: Principal,
    /// How they signed in.
    pub methods: Vec<String>,
    /// When they signed in.
    pub signed_in: Timestamp,
    /// When it was used first.
    pub used: Option<Timestamp>,
}

/// What becomes of a refresh token that is redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redemption {
    /// The first use: its successor is issued.
    Rotate,
    /// Used a moment ago: the answer is the same as then.
    Repeat,
    /// Used long ago. One of the two is a thief, and nobody knows which: the session ends.
    EndSession,
}

/// Judges the redemption of a token whose session goes on.
pub fn redeem(token: &RefreshToken, app: AppId, now: Timestamp) -> Result<Redemption, Refused> {
    if token.app != app {
        return Err(Refused::RefreshInvalid);
    }
    Ok(match token.used {
        None => Redemption::Rotate,
        Some(used) if now.duration_since(used) < REPEATABLE => Redemption::Repeat,
        Some(_) => Redemption::EndSession,
    })
}

#[cfg(test)]
mod tests {
    use model::samples::{self, ADA};
    use uuid::Uuid;

    use super::*;
    use crate::client::AZURE_CLI;

    #[test]
    fn a_token_is_good_once_and_for_a_moment_more() {
        let now = samples::now();
        let token = |used| RefreshToken {
            session: SessionId::new(Uuid::nil()),
            app: AZURE_CLI,
            home: ADA,
            methods: vec!["pwd".to_owned()],
            signed_in: now,
            used,
        };
        let ago = |seconds| Some(now - SignedDuration::from_secs(seconds));
        let cases = [
            (None, Redemption::Rotate),
            (ago(0), Redemption::Repeat),
            (ago(59), Redemption::Repeat),
            (ago(60), Redemption::EndSession),
            (ago(100_000), Redemption::EndSession),
        ];
        for (used, expected) in cases {
            assert_eq!(redeem(&token(used), AZURE_CLI, now), Ok(expected), "{used:?}");
            let other = AppId::new(Uuid::nil());
            assert_eq!(redeem(&token(used), other, now), Err(Refused::RefreshInvalid));
        }
    }
}
