//! The order of commits, for the engines that keep it in memory.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    sync::Arc,
};

use ids::clock::Revision;

use crate::engine::{JournalRow, UnitId};

/// Events in their order, and which unit became which revision.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    events: BTreeMap<(Revision, u32), Arc<[u8]>>,
    units: HashMap<UnitId, Revision>,
}

impl Journal {
    /// Adds what a batch says happened.
    pub(crate) fn add(&mut self, unit: Option<(UnitId, Revision)>, events: Vec<JournalRow>) {
        self.events.extend(events.into_iter().map(|row| ((row.revision, row.n), row.bytes)));
        self.units.extend(unit);
    }

    /// The first `limit` events after that place.
    pub(crate) fn after(&self, place: (Revision, u32), limit: usize) -> Vec<JournalRow> {
        let rest = self.events.range((Bound::Excluded(place), Bound::Unbounded)).take(limit);
        let row = |(&(revision, n), bytes): (&(Revision, u32), &Arc<[u8]>)| {
            let bytes = Arc::clone(bytes);
            JournalRow { revision, n, bytes }
        };
        rest.map(row).collect()
    }

    /// The revision that this unit became.
    pub(crate) fn committed(&self, unit: UnitId) -> Option<Revision> {
        self.units.get(&unit).copied()
    }
}
