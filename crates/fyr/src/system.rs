//! The real clock and the real source of randomness: the only ones in the product. The clock can
//! be set ahead or back, for whoever wants to see now what happens later.

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use ids::clock::{Clock, Random};
use jiff::{SignedDuration, Timestamp};

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that goes as the machine's does, and is set to another time.
#[derive(Debug, Default)]
pub struct SettableClock(Mutex<SignedDuration>);

/// Times that the clock cannot show.
#[derive(Debug, thiserror::Error)]
pub enum NotATime {
    #[error("the clock cannot go back before {0}, when something was changed last")]
    Past(Timestamp),
    #[error("the clock cannot be set that far")]
    Far,
}

impl SettableClock {
    /// A clock that is ahead of the machine's by that much.
    pub fn ahead(by: SignedDuration) -> Self {
        Self(Mutex::new(by))
    }

    /// How far it is ahead of the machine's.
    pub fn offset(&self) -> SignedDuration {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets it ahead of the machine's by that much, unless that is before `last`: time never
    /// stands still for what came already.
    pub fn set(&self, by: SignedDuration, last: Timestamp) -> Result<(), NotATime> {
        let shown = SystemClock.now().checked_add(by).map_err(|_| NotATime::Far)?;
        if shown < last {
            return Err(NotATime::Past(last));
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = by;
        Ok(())
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now();
        now.checked_add(self.offset()).unwrap_or(now)
    }

    fn outside(&self) -> Timestamp {
        SystemClock.now()
    }
}

/// The operating system's randomness.
#[derive(Debug, Default)]
pub struct OsRandom(SystemRandom);

impl OsRandom {
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Random for OsRandom {
    /// # Panics
    ///
    /// Where the operating system gives no randomness: nothing is safe to do then.
    fn fill(&self, bytes: &mut [u8]) {
        let filled = self.0.fill(bytes);
        assert!(filled.is_ok(), "the operating system gives no randomness");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_set_ahead_and_back_but_never_before_what_has_happened() {
        let clock = SettableClock::default();
        let (hour, before) = (SignedDuration::from_hours(1), SystemClock.now());
        clock.set(hour, before).unwrap();
        let last = clock.now();
        assert!(last >= before + hour);
        assert!((before..last).contains(&clock.outside()), "others' clocks stay as they are");
        assert!(matches!(clock.set(SignedDuration::ZERO, last), Err(NotATime::Past(_))));
        assert_eq!(clock.offset(), hour, "a refusal changes nothing");
        clock.set(SignedDuration::ZERO, before).unwrap();
        assert!(clock.now() < last);
        assert!(matches!(clock.set(SignedDuration::MAX, before), Err(NotATime::Far)));
    }

    #[test]
    fn two_draws_differ() {
        let random = OsRandom::new();
        assert_ne!(random.uuid(), random.uuid());
    }
}
