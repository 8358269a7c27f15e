//! What the last revisions wrote, so that most units are judged without asking the engine.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
};

use ids::clock::Revision;

use crate::key::{Entry, Key, Range, Tuple};

/// So many rows and entries are remembered; then it starts anew.
const REMEMBERED_MAX: usize = 50_000;

/// Everything written since a revision.
pub(super) struct Recent {
    since: Revision,
    /// The version of each row written; none where the row went.
    written: HashMap<Key, Option<Revision>>,
    /// When something that an entry leads to, or led to, was written last.
    touched: HashMap<&'static str, BTreeMap<Tuple, Revision>>,
    size: usize,
}

impl Recent {
    /// Nothing has been written since then.
    pub(super) fn since(since: Revision) -> Self {
        Self { since, written: HashMap::new(), touched: HashMap::new(), size: 0 }
    }

    /// Forgets everything once it is too much. `now` is the revision of this moment.
    pub(super) fn trim(&mut self, now: Revision) {
        if self.size > REMEMBERED_MAX {
            *self = Self::since(now);
        }
    }

    pub(super) fn write<'a>(
        &mut self,
        key: &Key,
        version: Option<Revision>,
        entries: impl Iterator<Item = &'a Entry>,
        at: Revision,
    ) {
        self.size = self.size.saturating_add(1);
        self.written.insert(key.clone(), version);
        for entry in entries {
            self.size = self.size.saturating_add(1);
            self.touched.entry(entry.index).or_default().insert(entry.tuple.clone(), at);
        }
    }

    /// Whether everything since that revision is remembered.
    pub(super) fn covers(&self, begun: Revision) -> bool {
        begun >= self.since
    }

    /// The version that was written to the row, if it was written at all; none inside where it
    /// went.
    pub(super) fn version(&self, key: &Key) -> Option<&Option<Revision>> {
        self.written.get(key)
    }

    /// The last revision that touched the range, as far as remembered.
    pub(super) fn last_touch(&self, range: &Range) -> Option<Revision> {
        let touched = self.touched.get(range.index)?;
        let to = range.to.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        touched.range((Bound::Included(&range.from), to)).map(|(_, at)| *at).max()
    }
}
