//! What an activation is at a moment: what time brings about is told by the clock, and written
//! nowhere.

use jiff::Timestamp;
use model::{
    activation::{Activation, State},
    period::Phase,
};

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Somebody has to decide.
    Pending,
    /// Nobody decided in time.
    TimedOut,
    /// It will count.
    Scheduled,
    Active,
    /// It counted until its end.
    Expired,
    Denied,
    Cancelled,
    /// It was given back before its end.
    Deactivated,
    /// What it was from is gone.
    Revoked,
}

impl Standing {
    /// What it is then, as far as it tells itself.
    pub fn at(it: &Activation, now: Timestamp) -> Self {
        match &it.state {
            State::Waiting(waiting) if now < waiting.until => Self::Pending,
            State::Waiting(_) => Self::TimedOut,
            State::Granted { period, .. } => match period.phase(now) {
                Phase::Ahead => Self::Scheduled,
                Phase::Within => Self::Active,
                Phase::Over => Self::Expired,
            },
            State::Denied { .. } => Self::Denied,
            State::Cancelled { .. } => Self::Cancelled,
            State::Deactivated { .. } => Self::Deactivated,
        }
    }

    /// Whether nothing comes of it any more.
    pub fn is_over(self) -> bool {
        match self {
            Self::Pending | Self::Scheduled | Self::Active => false,
            Self::TimedOut
            | Self::Expired
            | Self::Denied
            | Self::Cancelled
            | Self::Deactivated
            | Self::Revoked => true,
        }
    }

    /// What it is where what it is from does not bear it any more.
    #[must_use]
    pub fn unborne(self) -> Self {
        match self {
            Self::Pending | Self::Scheduled | Self::Active => Self::Revoked,
            Self::TimedOut
            | Self::Expired
            | Self::Denied
            | Self::Cancelled
            | Self::Deactivated
            | Self::Revoked => self,
        }
    }
}
