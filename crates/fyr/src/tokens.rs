//! ARM's view of the tokens that the sign-in endpoints issue.

use std::sync::Arc;

use arm::request::NoCaller;
use arm_api::Bearers;
use identity::verifier::{Untrusted, Verifier};
use jiff::Timestamp;
use model::event::Caller;

/// How Azure writes times in its messages.
const TIME: &str = "%-m/%-d/%Y %-I:%M:%S %p";

/// Tells who a token speaks for, in ARM's words where it speaks for nobody.
pub struct Tokens(pub Arc<Verifier>);

impl Bearers for Tokens {
    fn caller(&self, token: &str, now: Timestamp) -> Result<Caller, NoCaller> {
        let caller = self.0.verify(token, now).map_err(|why| refusal(why, now))?;
        Ok(Caller::clone(&caller))
    }
}

fn refusal(why: Untrusted, now: Timestamp) -> NoCaller {
    let shown = |time: Timestamp| time.strftime(TIME).to_string();
    match why {
        Untrusted::Expired(expired) => {
            NoCaller::Expired { expired: shown(expired), now: shown(now) }
        }
        Untrusted::Audience(audience) => NoCaller::Audience(format!(
            "The access token has been obtained for wrong audience or resource {audience}."
        )),
        Untrusted::Issuer(issuer) => {
            NoCaller::Issuer(format!("The access token is from the wrong issuer {issuer}."))
        }
        Untrusted::SessionEnded => NoCaller::Invalid(
            "The access token is of a session that has ended. Sign in again.".to_owned(),
        ),
        Untrusted::Outgrown => NoCaller::Invalid(
            "The access token is from before its owner came to manage the directory. Sign in again."
                .to_owned(),
        ),
        why @ (Untrusted::Malformed
        | Untrusted::Algorithm
        | Untrusted::UnknownKey
        | Untrusted::Signature
        | Untrusted::NotAnAccessToken
        | Untrusted::NotYetValid(_)) => {
            tracing::debug!(reason = %why, "a token was not believed");
            NoCaller::Invalid("The access token is invalid.".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_is_not_believed_is_refused_in_arms_words() {
        let now = Timestamp::from_second(1_767_225_600).unwrap();
        let expired = Timestamp::from_second(1_767_222_000).unwrap();
        let cases = [
            (
                Untrusted::Expired(expired),
                "The access token expiry UTC time '12/31/2025 11:00:00 PM' is earlier than \
                 current UTC time '1/1/2026 12:00:00 AM'.",
            ),
            (Untrusted::Signature, "The access token is invalid."),
            (
                Untrusted::SessionEnded,
                "The access token is of a session that has ended. Sign in again.",
            ),
            (
                Untrusted::Audience("`x`".to_owned()),
                "The access token has been obtained for wrong audience or resource `x`.",
            ),
        ];
        for (why, text) in cases {
            assert_eq!(refusal(why, now).to_string(), text);
        }
    }
}
