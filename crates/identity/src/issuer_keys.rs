//! Keys of another issuer that were fetched: how long they count, and when to ask again.

use jiff::{SignedDuration, Timestamp};

use crate::jwt::Keys;

/// Asked again at the earliest: an issuer is not to be pestered by whoever makes up the ids of
/// keys, nor while it does not answer.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// Where an issuer does not say how long its keys may be kept.
const USUAL: SignedDuration = SignedDuration::from_hours(1);
const SHORTEST: SignedDuration = SignedDuration::from_mins(5);
/// A key that its issuer has withdrawn counts no longer than that, even if it says so, and even
/// if it does not answer.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// What is known of one issuer's keys.
#[derive(Debug, Default)]
pub struct Remembered {
    keys: Keys,
    /// When to ask again.
    stale: Option<Timestamp>,
    /// When they count no more.
    ends: Option<Timestamp>,
    asked: Option<Timestamp>,
}

impl Remembered {
    /// Whether a word that the key of that id is said to have signed is judged by what is known.
    pub fn answers(&self, key: Option<&str>, now: Timestamp) -> bool {
        let is_fresh = self.stale.is_some_and(|stale| now < stale);
        let is_known = key.is_none_or(|id| self.keys.find(id).is_some());
        is_fresh && is_known
    }

    /// Whether the issuer is to be asked before a word is judged that the key of that id is said
    /// to have signed. Whoever is told so asks.
    pub fn is_due(&mut self, key: Option<&str>, now: Timestamp) -> bool {
        let lately = self.asked.is_some_and(|asked| now.duration_since(asked) < AGAIN);
        if lately || self.answers(key, now) {
            return false;
        }
        self.asked = Some(now);
        true
    }

    /// The issuer has answered, and may have said how long that holds.
    pub fn learn(&mut self, keys: Keys, lifetime: Option<SignedDuration>, now: Timestamp) {
        let later = |by| now.saturating_add(by).unwrap_or(Timestamp::MAX);
        let lifetime = lifetime.unwrap_or(USUAL).clamp(SHORTEST, LONGEST);
        self.keys = keys;
        self.stale = Some(later(lifetime));
        self.ends = Some(later(LONGEST));
    }

    /// The keys that count.
    pub fn keys(&self, now: Timestamp) -> Option<&Keys> {
        self.ends.is_some_and(|ends| now < ends).then_some(&self.keys)
    }
}

#[cfg(test)]
mod tests {
    use model::samples;

    use super::*;

    fn keys() -> Keys {
        Keys::parse(r#"{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}"#).unwrap()
    }

    fn after(seconds: i64) -> Timestamp {
        samples::now() + SignedDuration::from_secs(seconds)
    }

    fn learned(lifetime: Option<i64>) -> Remembered {
        let mut remembered = Remembered::default();
        assert!(remembered.is_due(Some("a"), after(0)), "nothing is known yet");
        remembered.learn(keys(), lifetime.map(SignedDuration::from_secs), after(0));
        remembered
    }

    #[test]
    fn keys_are_asked_for_again_when_their_time_is_over_within_bounds() {
        let cases =
            [(None, 3_600), (Some(0), 300), (Some(7_200), 7_200), (Some(1_000_000), 86_400)];
        for (said, lasts) in cases {
            assert!(!learned(said).is_due(Some("a"), after(lasts - 1)), "{said:?}");
            assert!(learned(said).is_due(Some("a"), after(lasts)), "{said:?}");
        }
    }

    #[test]
    fn a_key_that_nobody_knows_is_asked_for_once_in_a_minute() {
        let mut remembered = learned(None);
        assert!(!remembered.is_due(Some("new"), after(59)), "they have just come");
        assert!(remembered.is_due(Some("new"), after(60)));
        assert!(!remembered.is_due(Some("newer"), after(119)));
        assert!(remembered.is_due(Some("newer"), after(120)));
        assert!(!remembered.is_due(None, after(1_000)), "a word without one is not worth it");
    }

    #[test]
    fn an_issuer_that_does_not_answer_is_believed_by_its_old_keys_for_a_day() {
        let mut remembered = learned(None);
        assert!(remembered.is_due(Some("a"), after(3_600)));
        assert!(!remembered.is_due(Some("a"), after(3_601)), "not at once again");
        assert!(remembered.keys(after(86_399)).is_some());
        assert!(remembered.keys(after(86_400)).is_none());
        assert!(Remembered::default().keys(after(0)).is_none());
    }
}
