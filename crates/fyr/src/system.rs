//! The real clock and the real source of randomness: the only ones in the product.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use ids::clock::{Clock, Random};
use jiff::Timestamp;

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
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
    fn two_draws_differ() {
        let random = OsRandom::new();
        assert_ne!(random.uuid(), random.uuid());
    }
}
