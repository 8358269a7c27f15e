//! What changes for a customer who accepts one manifest after another.

use std::collections::{BTreeMap, BTreeSet};

use ids::guid::{Principal, RoleId};

use crate::rights::{Activation, Effective, Held, Rights};

/// Whether a change gives more or less, over all principals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overall {
    /// Nobody may do anything that they could not do, or could do before.
    Same,
    /// Something is lost and nothing gained.
    Narrower,
    /// Something is gained and nothing lost.
    Wider,
    /// Something is gained and something lost: wider, for whoever must agree.
    Both,
}

/// What changes for one principal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change<'a> {
    /// What it may now always do and could not always do before.
    pub gained: Rights<'a>,
    /// What it could always do and may not always do now.
    pub lost: Rights<'a>,
    /// By activating which role it can now do what it could not, or not as easily.
    pub easier: BTreeMap<RoleId, Activation<'a>>,
    /// By activating which role it could do what it cannot now, or not as easily.
    pub harder: BTreeMap<RoleId, Activation<'a>>,
}

impl Change<'_> {
    /// Whether the principal may do more, or the same more easily.
    pub fn widens(&self) -> bool {
        !self.gained.is_empty() || !self.easier.is_empty()
    }

    /// Whether it may do less, or the same less easily.
    pub fn narrows(&self) -> bool {
        !self.lost.is_empty() || !self.harder.is_empty()
    }
}

/// What changes, for everybody for whom something does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference<'a> {
    pub changes: BTreeMap<Principal, Change<'a>>,
}

impl<'a> Difference<'a> {
    /// The sum of it.
    pub fn overall(&self) -> Overall {
        let any = |is: fn(&Change<'a>) -> bool| self.changes.values().any(is);
        match (any(Change::widens), any(Change::narrows)) {
            (false, false) => Overall::Same,
            (false, true) => Overall::Narrower,
            (true, false) => Overall::Wider,
            (true, true) => Overall::Both,
        }
    }
}

/// What the second manifest gives that the first did not, and the other way round. A manifest of
/// another managing tenant is about other people, whatever their ids are.
pub fn difference<'a>(before: &Effective<'a>, after: &Effective<'a>) -> Difference<'a> {
    let nobody = Held::default();
    let everybody: BTreeSet<Principal> = before.principals().chain(after.principals()).collect();
    let changes = everybody.into_iter().map(|who| {
        let then = before.held_by(who).unwrap_or(&nobody);
        (who, change(then, after.held_by(who).unwrap_or(&nobody)))
    });
    let is_something = |it: &Change<'_>| it.widens() || it.narrows();
    Difference { changes: changes.filter(|(_, change)| is_something(change)).collect() }
}

fn change<'a>(before: &Held<'a>, after: &Held<'a>) -> Change<'a> {
    Change {
        gained: after.always.without(&before.always),
        lost: before.always.without(&after.always),
        easier: beyond(after, before),
        harder: beyond(before, after),
    }
}

/// What the activations of one give that the other lacks.
fn beyond<'a>(one: &Held<'a>, other: &Held<'a>) -> BTreeMap<RoleId, Activation<'a>> {
    let more = one.activated.iter().map(|(role, it)| {
        (*role, Activation { hurdle: it.hurdle.clone(), rights: other.lacks(it) })
    });
    more.filter(|(_, it)| !it.rights.is_empty()).collect()
}

#[cfg(test)]
mod tests;
