//! What a caller was let do where nothing that happens happens. What is told of it is told to
//! whoever still may do all of it: the facts of a fork are those of its beginning.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use access::index::Index;
use ids::guid::Principal;
use jiff::Timestamp;
use model::question::Question;

/// The leave that the work in a fork took. All of it is one caller's.
#[derive(Debug, Default)]
pub struct Taken {
    held: Mutex<HashSet<Question>>,
    lent: AtomicBool,
}

impl Taken {
    /// Notes that the fork's facts allow it. What the facts outside of it do not, its caller has by
    /// what they would do there.
    pub(crate) fn note(&self, origin: &Index, who: Principal, asked: &Question, now: Timestamp) {
        if origin.check(who, asked, now).is_allowed() {
            self.hold(asked);
        } else {
            self.lent.store(true, Ordering::Relaxed);
        }
    }

    /// Notes that the facts outside of the fork allow it.
    pub(crate) fn hold(&self, asked: &Question) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.contains(asked) {
            held.insert(asked.clone());
        }
    }

    /// What the caller was let do by what they hold outside of the fork.
    pub fn held(&self) -> Vec<Question> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.iter().cloned().collect()
    }

    /// Whether anything was done by what the caller gave themselves in the fork alone.
    pub fn is_lent(&self) -> bool {
        self.lent.load(Ordering::Relaxed)
    }
}
