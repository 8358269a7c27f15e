//! When something counts: from a moment on, and no longer at another.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A window that ends: half-open, and never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    from: Timestamp,
    until: Timestamp,
}

/// A window that need not end: half-open, and never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OpenPeriod {
    from: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

/// Where a moment lies, seen from a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Ahead,
    Within,
    Over,
}

impl Period {
    /// From then until then; none where nothing lies between.
    pub fn new(from: Timestamp, until: Timestamp) -> Option<Self> {
        (from < until).then_some(Self { from, until })
    }

    /// So long from then on; none where that is no time at all, or ends after all time.
    pub fn lasting(from: Timestamp, length: SignedDuration) -> Option<Self> {
        Self::new(from, from.checked_add(length).ok()?)
    }

    /// The first moment at which it counts.
    pub fn from(self) -> Timestamp {
        self.from
    }

    /// The first moment at which it no longer counts.
    pub fn until(self) -> Timestamp {
        self.until
    }

    /// The same as one that might not end.
    pub fn open(self) -> OpenPeriod {
        OpenPeriod { from: self.from, until: Some(self.until) }
    }

    /// How that moment stands to it.
    pub fn phase(self, now: Timestamp) -> Phase {
        self.open().phase(now)
    }
}

impl OpenPeriod {
    /// From then on, until then if it ends; none where nothing lies between.
    pub fn new(from: Timestamp, until: Option<Timestamp>) -> Option<Self> {
        until.is_none_or(|until| from < until).then_some(Self { from, until })
    }

    /// The first moment at which it counts.
    pub fn from(self) -> Timestamp {
        self.from
    }

    /// The first moment at which it no longer counts, if there is one.
    pub fn until(self) -> Option<Timestamp> {
        self.until
    }

    /// How that moment stands to it.
    pub fn phase(self, now: Timestamp) -> Phase {
        if now < self.from {
            Phase::Ahead
        } else if self.until.is_none_or(|until| now < until) {
            Phase::Within
        } else {
            Phase::Over
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_counts_from_its_first_moment_and_no_longer_at_its_last() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let period = Period::new(at(10), at(20)).unwrap();
        let phases = [9, 10, 19, 20].map(|second| period.phase(at(second)));
        assert_eq!(phases, [Phase::Ahead, Phase::Within, Phase::Within, Phase::Over]);
        assert_eq!(Period::new(at(10), at(10)), None);
        assert_eq!(Period::lasting(at(10), SignedDuration::from_secs(-1)), None);
        assert_eq!(Period::lasting(at(10), SignedDuration::MAX), None);
        let open = OpenPeriod::new(at(10), None).unwrap();
        assert_eq!(open.phase(at(9)), Phase::Ahead);
        assert_eq!(open.phase(Timestamp::MAX), Phase::Within);
        assert_eq!(OpenPeriod::new(at(10), Some(at(9))), None);
    }
}
