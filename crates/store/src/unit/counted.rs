//! How many rows a range has, for who need not know which.

use super::Unit;
use crate::{error::StoreError, key::Range};

/// A range as a unit counted it.
pub(crate) struct Counted {
    pub(crate) range: Range,
    /// Where counting ended.
    pub(crate) enough: usize,
    pub(crate) seen: usize,
}

impl Unit {
    /// How many records of a range there were before this unit; counting ends at `enough`. No row
    /// is read, however large it is. Where there are more or fewer by then, the commit is a
    /// conflict: two units that each add the last one there may be do not both do so.
    pub async fn count(&mut self, range: &Range, enough: usize) -> Result<usize, StoreError> {
        let seen = self.store.view().await?.count(range, enough).await?;
        self.draft.counts.push(Counted { range: range.clone(), enough, seen });
        Ok(seen)
    }
}
