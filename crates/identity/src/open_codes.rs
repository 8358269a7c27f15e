//! How many codes may be open: each is kept until it expires, used or not.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

use jiff::{SignedDuration, Timestamp};

use crate::refusal::Refused;

/// Codes that may be open of one: a whole office may share an address.
const OPEN_MAX: usize = 50;
/// Whose codes are open, at most, whatever the load.
const HOLDERS_MAX: usize = 20_000;
/// When to come back where too many others have codes.
const CROWDED: SignedDuration = SignedDuration::from_mins(1);

/// When the codes that were handed out lately expire, by whose they are, the first first.
#[derive(Debug)]
pub(crate) struct OpenCodes<K>(HashMap<K, VecDeque<Timestamp>>);

impl<K> Default for OpenCodes<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> OpenCodes<K> {
    /// Whether one more may be handed out now; then it counts until it expires.
    pub(crate) fn hand_out(
        &mut self,
        to: K,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Result<(), Refused> {
        if self.0.len() >= HOLDERS_MAX {
            self.0.retain(|_, open| open.back().is_some_and(|expires| *expires > now));
        }
        if self.0.len() >= HOLDERS_MAX && !self.0.contains_key(&to) {
            return Err(Refused::TooManyCodes(CROWDED));
        }
        let open = self.0.entry(to).or_default();
        while open.pop_front_if(|expires| *expires <= now).is_some() {}
        if let Some(first) = open.front().filter(|_| open.len() >= OPEN_MAX) {
            let wait = first.duration_since(now).as_secs() + 1;
            return Err(Refused::TooManyCodes(SignedDuration::from_secs(wait)));
        }
        open.push_back(now.saturating_add(lifetime).unwrap_or(Timestamp::MAX));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use model::samples;

    use super::*;

    const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

    fn after(seconds: i64) -> Timestamp {
        samples::now() + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn so_many_codes_are_open_of_one_and_no_more() {
        let mut codes = OpenCodes::default();
        for n in 0..50 {
            assert_eq!(codes.hand_out("here", LIFETIME, after(n)), Ok(()), "{n}");
        }
        let refused = codes.hand_out("here", LIFETIME, after(60));
        assert_eq!(refused, Err(Refused::TooManyCodes(SignedDuration::from_secs(841))));
        assert_eq!(codes.hand_out("there", LIFETIME, after(60)), Ok(()), "others do not notice");
        assert!(codes.hand_out("here", LIFETIME, after(899)).is_err());
        assert_eq!(codes.hand_out("here", LIFETIME, after(900)), Ok(()), "the first has expired");
        assert!(codes.hand_out("here", LIFETIME, after(900)).is_err());
    }

    #[test]
    fn codes_of_however_many_are_bounded_too() {
        let mut codes = OpenCodes::default();
        assert!((0..HOLDERS_MAX).all(|n| codes.hand_out(n, LIFETIME, after(0)).is_ok()));
        assert!(codes.hand_out(HOLDERS_MAX, LIFETIME, after(0)).is_err());
        assert_eq!(codes.hand_out(HOLDERS_MAX, LIFETIME, after(900)), Ok(()));
        assert_eq!(codes.0.len(), 1);
    }
}
