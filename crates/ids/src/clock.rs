//! The time, randomness, and the order of commits. Decisions take them as values; the traits
//! are for the edges, and the test doubles for everyone.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use uuid::{Builder, Uuid};

/// The place of a commit in the one order of all commits. The first is 1.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The only way to learn the time. Pure code takes a [`Timestamp`] instead.
pub trait Clock: Send + Sync {
    /// The time of this moment.
    fn now(&self) -> Timestamp;

    /// The time that everybody else's clocks show, whatever this one was set to: for what a device
    /// outside computes from the time.
    fn outside(&self) -> Timestamp {
        self.now()
    }
}

/// The only source of randomness.
pub trait Random: Send + Sync {
    /// Fills the buffer with bytes that nobody can foresee.
    fn fill(&self, bytes: &mut [u8]);

    /// A new random UUID (version 4).
    fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A new UUID that sorts by its time (version 7): for keys, so that what is written together
    /// lies together.
    fn uuid_at(&self, now: Timestamp) -> Uuid {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct TestClock {
    now: Mutex<Timestamp>,
    ahead: Mutex<SignedDuration>,
}

impl TestClock {
    /// A clock that stands at this time.
    pub fn at(now: Timestamp) -> Self {
        Self { now: Mutex::new(now), ahead: Mutex::default() }
    }

    /// Sets the clock ahead of the world's by so much more.
    pub fn set_ahead(&self, by: SignedDuration) {
        self.advance(by);
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.saturating_add(by);
    }

    /// Moves the clock and the world's, forward or back.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(*now);
    }
}

impl Default for TestClock {
    /// Stands at 2026-01-01T00:00:00Z.
    fn default() -> Self {
        Self::at(Timestamp::from_second(1_767_225_600).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outside(&self) -> Timestamp {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        now.checked_sub(ahead).unwrap_or(now)
    }
}

/// A source that always yields the same bytes in the same order: for tests only.
#[derive(Debug)]
pub struct TestRandom(Mutex<u64>);

impl TestRandom {
    /// The stream that belongs to this seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Default for TestRandom {
    fn default() -> Self {
        Self::seeded(1)
    }
}

impl Random for TestRandom {
    /// `SplitMix64`, whose whole state is a counter.
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let word = (z ^ (z >> 31)).to_le_bytes();
            chunk.iter_mut().zip(word).for_each(|(byte, new)| *byte = new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_clock_moves_only_when_it_is_moved() {
        let clock = TestClock::default();
        let before = clock.now();
        assert_eq!(clock.now(), before);
        clock.advance(SignedDuration::from_secs(90));
        assert_eq!(clock.now().duration_since(before), SignedDuration::from_secs(90));
    }

    #[test]
    fn one_seed_is_one_stream() {
        let draw = |seed| {
            let random = TestRandom::seeded(seed);
            [random.uuid(), random.uuid()]
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7)[0], draw(7)[1]);
        assert_ne!(draw(7), draw(8));
        assert_eq!(draw(7)[0].get_version_num(), 4);
    }

    #[test]
    fn ordered_ids_sort_by_their_time() {
        let (random, clock) = (TestRandom::default(), TestClock::default());
        let mut drawn = Vec::new();
        for _ in 0..50 {
            drawn.push(random.uuid_at(clock.now()));
            clock.advance(SignedDuration::from_millis(1));
        }
        assert!(drawn.is_sorted());
        assert_eq!(drawn[0].get_version_num(), 7);
        assert_ne!(random.uuid_at(clock.now()), random.uuid_at(clock.now()));
    }
}
