//! Staying signed in: refresh tokens, each good for one use, which yields the next.

use ids::guid::{AppId, SessionId};
use jiff::{SignedDuration, Timestamp};
use model::directory::Credential;
use serde::{Deserialize, Serialize};

use crate::{account::Shown, cross_origin::Redeemed, refusal::Refused};

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
    /// Who signed in, where they are at home, and with which password: the session is worth no
    /// more than that.
    #[serde(flatten)]
    pub shown: Shown,
    /// The browser's sign-in that it came of, and ends with; none where no browser did.
    #[serde(default)]
    pub browser: Option<SessionId>,
    /// Whether its client must show who it is, where the flow told; else what the client has
    /// decides.
    #[serde(default)]
    pub confidential: Option<bool>,
    /// Where a page's script has it: until when. It is good from the page's origin alone.
    #[serde(default)]
    pub page: Option<Timestamp>,
    /// How they signed in.
    pub methods: Vec<String>,
    /// When they signed in.
    pub signed_in: Timestamp,
    /// When it was used first.
    pub used: Option<Timestamp>,
}

impl RefreshToken {
    /// For whom it is redeemed.
    pub fn redeemed(&self) -> Redeemed {
        if self.page.is_some() { Redeemed::ByPage } else { Redeemed::ByOther }
    }
}

/// What becomes of a refresh token that is redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redemption {
    /// The first use: its successor is issued.
    Rotate,
    /// Used a moment ago: the answer is the same as then.
    Repeat,
    /// The session ends.
    End(Reason),
}

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its token was used before, and not just now. One of the two is a thief, and nobody knows
    /// which.
    UsedTwice,
    /// Whoever changes a password, or takes a second factor away, means to shut out those who had
    /// the old one.
    PasswordChanged,
}

/// Judges the redemption of a token whose session goes on; `passwords` are those that its
/// owner has now.
pub fn redeem(
    token: &RefreshToken,
    app: AppId,
    passwords: &[Credential],
    now: Timestamp,
) -> Result<Redemption, Refused> {
    if token.app != app {
        return Err(Refused::RefreshInvalid);
    }
    if token.page.is_some_and(|until| until <= now) {
        return Err(Refused::PageExpired);
    }
    if !token.shown.stands(passwords) {
        return Ok(Redemption::End(Reason::PasswordChanged));
    }
    Ok(match token.used {
        None => Redemption::Rotate,
        Some(used) if now.duration_since(used) < REPEATABLE => Redemption::Repeat,
        Some(_) => Redemption::End(Reason::UsedTwice),
    })
}

#[cfg(test)]
mod tests {
    use model::{
        directory::Holder,
        samples::{self, ADA},
    };
    use uuid::Uuid;

    use super::*;
    use crate::{
        client::AZURE_CLI,
        password::{drawn, stamp},
    };

    fn password(word: &str) -> Credential {
        let (key, display_name) = (ADA.object.raw(), String::new());
        let (holder, secret) = (Holder::User(ADA), drawn(word));
        Credential { holder, key, display_name, secret, expires: None }
    }

    #[test]
    fn a_token_is_good_once_and_for_a_moment_more() {
        let now = samples::now();
        let token = |used| RefreshToken {
            session: SessionId::new(Uuid::nil()),
            app: AZURE_CLI,
            shown: Shown { home: ADA, password: stamp(&password("old")), second: None },
            browser: None,
            confidential: None,
            page: None,
            methods: vec!["pwd".to_owned()],
            signed_in: now,
            used,
        };
        let ago = |seconds| Some(now - SignedDuration::from_secs(seconds));
        let cases = [
            (None, Redemption::Rotate),
            (ago(0), Redemption::Repeat),
            (ago(59), Redemption::Repeat),
            (ago(60), Redemption::End(Reason::UsedTwice)),
            (ago(100_000), Redemption::End(Reason::UsedTwice)),
        ];
        for (used, expected) in cases {
            let redeem = |app, passwords: &[Credential]| redeem(&token(used), app, passwords, now);
            assert_eq!(redeem(AZURE_CLI, &[password("old")]), Ok(expected), "{used:?}");
            let other = AppId::new(Uuid::nil());
            assert_eq!(redeem(other, &[password("old")]), Err(Refused::RefreshInvalid));
            for changed in [&[password("new")][..], &[]] {
                let end = Redemption::End(Reason::PasswordChanged);
                assert_eq!(redeem(AZURE_CLI, changed), Ok(end), "{used:?}");
            }
        }
        let of_a_page = |until| RefreshToken { page: Some(until), ..token(None) };
        let redeem = |it: &RefreshToken| redeem(it, AZURE_CLI, &[password("old")], now);
        let second = SignedDuration::from_secs(1);
        assert_eq!(redeem(&of_a_page(now + second)), Ok(Redemption::Rotate));
        assert_eq!(redeem(&of_a_page(now)), Err(Refused::PageExpired));
    }
}
