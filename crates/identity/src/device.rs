//! Signing in on a device without a browser: a code is shown there, and typed elsewhere
//! (RFC 8628).

use ids::guid::{AppId, TenantId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    account::{Directory, Passed},
    refusal::Refused,
};

/// How long a code may wait to be typed. Entra's.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(15);
/// How long a client waits between two polls. Entra says 5 s; nobody waits gladly.
pub const INTERVAL: SignedDuration = SignedDuration::from_secs(2);
/// Clocks and networks are not exact: a poll may come so much early.
const EARLY_MAX: SignedDuration = SignedDuration::from_millis(1_000);

/// A code that was handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    pub app: AppId,
    /// Where to sign in; none: wherever the account is at home.
    pub tenant: Option<TenantId>,
    pub scope: String,
    pub expires: Timestamp,
    pub polled: Option<Timestamp>,
    pub state: State,
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Nobody has typed the code yet.
    Waiting,
    /// This person has, and has shown all that was asked.
    Approved(Passed),
    /// Somebody has, and does not want to.
    Declined,
}

impl DeviceCode {
    /// Where to sign in.
    pub fn directory(&self) -> Directory {
        self.tenant.map_or(Directory::Home, Directory::Tenant)
    }
}

/// What a poll yields: the person who approved.
pub fn poll(code: &DeviceCode, app: AppId, now: Timestamp) -> Result<Passed, Refused> {
    if code.app != app {
        return Err(Refused::DeviceUnknown);
    }
    if now >= code.expires {
        return Err(Refused::DeviceExpired);
    }
    match &code.state {
        State::Approved(passed) => Ok(passed.clone()),
        State::Declined => Err(Refused::DeviceDeclined),
        State::Waiting if too_soon(code, now) => Err(Refused::DevicePolledTooOften),
        State::Waiting => Err(Refused::DevicePending),
    }
}

fn too_soon(code: &DeviceCode, now: Timestamp) -> bool {
    code.polled.is_some_and(|polled| now.duration_since(polled) < INTERVAL - EARLY_MAX)
}

/// Whether a code that somebody types may still be answered. Who typed it learns no more than
/// that it is not good.
pub fn answerable(code: &DeviceCode, now: Timestamp) -> Result<(), Refused> {
    let open = now < code.expires && code.state == State::Waiting;
    if open { Ok(()) } else { Err(Refused::DeviceUnknown) }
}

/// The code as it was meant, however it was typed.
pub fn typed(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    letters.take(32).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use model::samples::{self, ADA};
    use uuid::Uuid;

    use super::*;
    use crate::{account::Shown, client::AZURE_CLI};

    fn passed() -> Passed {
        let shown = Shown { home: ADA, password: "stamp".to_owned(), second: None };
        Passed { shown, signed_in: samples::now() }
    }

    fn code() -> DeviceCode {
        DeviceCode {
            app: AZURE_CLI,
            tenant: None,
            scope: "openid".to_owned(),
            expires: samples::now() + LIFETIME,
            polled: None,
            state: State::Waiting,
        }
    }

    #[test]
    fn a_poll_is_answered_by_what_has_happened() {
        let (now, second) = (samples::now(), SignedDuration::from_secs(1));
        let polled = DeviceCode { polled: Some(now), ..code() };
        let approved = DeviceCode { state: State::Approved(passed()), ..polled.clone() };
        let declined = DeviceCode { state: State::Declined, ..code() };
        let cases = [
            ("nobody yet", code(), now, Err(Refused::DevicePending)),
            ("at once again", polled.clone(), now, Err(Refused::DevicePolledTooOften)),
            ("in time", polled, now + second, Err(Refused::DevicePending)),
            ("approved", approved.clone(), now, Ok(passed())),
            ("declined", declined.clone(), now, Err(Refused::DeviceDeclined)),
            ("last moment", approved.clone(), now + LIFETIME - second, Ok(passed())),
            ("too late", approved, now + LIFETIME, Err(Refused::DeviceExpired)),
            ("declined, late", declined, now + LIFETIME, Err(Refused::DeviceExpired)),
        ];
        for (name, code, now, expected) in cases {
            assert_eq!(poll(&code, AZURE_CLI, now), expected, "{name}");
            let other = AppId::new(Uuid::nil());
            assert_eq!(poll(&code, other, now), Err(Refused::DeviceUnknown), "{name}");
        }
    }

    #[test]
    fn a_code_is_answered_once_and_in_time() {
        let now = samples::now();
        assert_eq!(answerable(&code(), now), Ok(()));
        let answered = [State::Declined, State::Approved(passed())];
        for state in answered {
            let code = DeviceCode { state, ..code() };
            assert_eq!(answerable(&code, now), Err(Refused::DeviceUnknown));
        }
        assert_eq!(answerable(&code(), now + LIFETIME), Err(Refused::DeviceUnknown));
    }

    #[test]
    fn a_code_may_be_typed_in_any_way() {
        assert_eq!(typed(" abc-def 234\n"), "ABCDEF234");
        assert_eq!(typed("é"), "");
    }
}
