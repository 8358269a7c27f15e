//! Where lists find what a unit writes itself.

use std::collections::BTreeSet;

use super::Write;
use crate::key::{Key, Range, Tuple};

/// What leads to the unit's own writes, in the order of lists.
#[derive(Default)]
pub(super) struct Written(BTreeSet<(&'static str, Tuple, Key)>);

impl Written {
    /// Leads to a row's new form, and no longer to the one that the unit wrote before.
    pub(super) fn put(&mut self, key: &Key, before: Option<&Write>, after: &Write) {
        for place in before.into_iter().flat_map(|it| places(key, it)) {
            self.0.remove(&place);
        }
        self.0.extend(places(key, after));
    }

    /// What lies in that range: by which tuple, and where it is kept.
    pub(super) fn within(&self, range: &Range) -> impl Iterator<Item = (&Tuple, &Key)> {
        let first = (range.index, range.from.clone(), Key::stored(""));
        self.0.range(first..).map_while(|(index, tuple, key)| {
            (*index == range.index && range.holds(tuple)).then_some((tuple, key))
        })
    }
}

fn places(key: &Key, write: &Write) -> impl Iterator<Item = (&'static str, Tuple, Key)> {
    let entries = write.after.iter().flat_map(|(_, entries)| entries);
    entries.map(|it| (it.index, it.tuple.clone(), key.clone()))
}
