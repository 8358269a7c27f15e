//! How much one request may look at, and all requests of a batch together.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use store::engine::ROWS_MAX;

use crate::failure::Failure;

/// So many pages of a list may be looked through to count it: no tenant of a world has more.
const PAGES_MAX: usize = 100;

/// The rows that may yet be looked at. Its clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<AtomicUsize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(AtomicUsize::new(PAGES_MAX.saturating_mul(ROWS_MAX))))
    }
}

impl Budget {
    /// Takes so many, before or after they were looked at; once there are too few, there are none.
    pub(crate) fn spend(&self, rows: usize) -> Result<(), Failure> {
        let taken = |left: usize| Some(left.saturating_sub(rows));
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken);
        let (Ok(left) | Err(left)) = left;
        if left < rows { Err(Failure::Spent) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_by_one_request_of_a_batch_no_other_has() {
        let budget = Budget::default();
        let other = budget.clone();
        for _ in 1..PAGES_MAX {
            assert!(budget.spend(ROWS_MAX).is_ok());
        }
        assert!(other.spend(ROWS_MAX + 1).is_err(), "one page is left");
        assert!(budget.spend(1).is_err(), "nothing is left");
        assert!(Budget::default().spend(1).is_ok());
    }
}
