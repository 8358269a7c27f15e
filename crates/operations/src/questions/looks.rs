//! How often one person looks back: each look may read and apply much of the journal.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use ids::guid::Principal;
use jiff::Timestamp;

/// So many looks at once.
const SIZE: f64 = 30.0;
/// So many more each second.
const REFILL: f64 = 0.5;
/// Beyond so many people, those whose looks are whole again are forgotten.
const PEOPLE_MAX: usize = 10_000;

/// What each has left.
pub(super) struct Looks(Mutex<BTreeMap<Principal, (f64, Timestamp)>>);

impl Looks {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// Takes one of that person's looks; else in how many seconds there is one.
    pub(super) fn take(&self, who: Principal, now: Timestamp) -> Result<(), u32> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= PEOPLE_MAX {
            all.retain(|_, (left, at)| filled(*left, *at, now) < SIZE);
        }
        let (left, at) = all.get(&who).copied().unwrap_or((SIZE, now));
        let left = filled(left, at, now);
        let is_there = left >= 1.0;
        all.insert(who, (if is_there { left - 1.0 } else { left }, now));
        if is_there { Ok(()) } else { Err(seconds((1.0 - left) / REFILL)) }
    }
}

fn filled(left: f64, at: Timestamp, now: Timestamp) -> f64 {
    let seconds = now.duration_since(at).as_secs_f64().max(0.0);
    seconds.mul_add(REFILL, left).min(SIZE)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a wait is between nothing and two seconds"
)]
fn seconds(wait: f64) -> u32 {
    (wait.ceil() as u32).max(1)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use model::samples::{self, ADA, OLOF};

    use super::*;

    fn after(seconds: i64) -> Timestamp {
        samples::now() + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn each_looks_back_so_often_and_then_as_time_goes() {
        let looks = Looks::new();
        let taken = (0..1_000).filter(|_| looks.take(ADA, after(0)).is_ok()).count();
        assert_eq!(taken, 30);
        assert_eq!(looks.take(ADA, after(0)), Err(2));
        assert_eq!(looks.take(ADA, after(1)), Err(1));
        assert_eq!(looks.take(ADA, after(2)), Ok(()), "asking in vain costs nothing");
        assert_eq!(looks.take(OLOF, after(2)), Ok(()), "another's are their own");
        let hour = (3..3_603).filter(|it| looks.take(ADA, after(*it)).is_ok()).count();
        assert_eq!(hour, 1_800);
        assert_eq!(looks.take(ADA, after(0)), Err(2), "a clock that goes back gives nothing");
    }

    #[test]
    fn who_has_all_their_looks_takes_no_memory_for_ever() {
        let looks = Looks::new();
        for n in 0..30_000_u32 {
            let who = samples::principal(samples::CUSTOMER, n.into());
            looks.take(who, after(n.into())).unwrap();
        }
        assert!(looks.0.lock().unwrap().len() <= PEOPLE_MAX);
    }
}
