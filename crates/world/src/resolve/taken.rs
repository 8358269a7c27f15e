//! What is given away already: names within something, and ids.

use std::collections::BTreeSet;

use document::{
    fault::{Faults, quoted},
    place::{Position, Word},
};
use ids::guid::{Principal, TenantId};
use uuid::Uuid;

/// Names and ids that are given away already.
#[derive(Default)]
pub(super) struct Taken {
    words: BTreeSet<(&'static str, String, String)>,
    ids: BTreeSet<(&'static str, Uuid, Uuid)>,
}

impl Taken {
    pub(super) fn name(
        &mut self,
        what: &'static str,
        tenant: TenantId,
        name: &Word,
        faults: &mut Faults,
    ) -> bool {
        self.word(what, &tenant.to_string(), name, faults)
    }

    /// Takes a name of that kind within something. `false`: it was taken.
    pub(super) fn word(
        &mut self,
        what: &'static str,
        within: &str,
        name: &Word,
        faults: &mut Faults,
    ) -> bool {
        let folded = (what, within.to_owned(), name.it.to_lowercase());
        let free = name.it.is_empty() || self.words.insert(folded);
        if !free {
            faults.add(name.at, format!("the {what} {} is declared twice", quoted(&name.it)));
        }
        free
    }

    /// Takes an id that is one in the whole world.
    pub(super) fn id(&mut self, what: &'static str, id: Uuid, at: Position, faults: &mut Faults) {
        self.within(what, Uuid::nil(), id, at, faults);
    }

    pub(super) fn object(&mut self, principal: Principal, at: Position, faults: &mut Faults) {
        self.within("object", principal.tenant.raw(), principal.object.raw(), at, faults);
    }

    fn within(
        &mut self,
        what: &'static str,
        within: Uuid,
        id: Uuid,
        at: Position,
        faults: &mut Faults,
    ) {
        if !self.ids.insert((what, within, id)) {
            faults.add(at, format!("the {what} id `{id}` is given twice"));
        }
    }
}
