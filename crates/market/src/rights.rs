//! What a manifest gives, written out: each operation by its name.

use std::collections::{BTreeMap, BTreeSet};

use ids::guid::{ObjectId, Principal, RoleId, TenantId};
use model::delegation::Hurdle;

/// What one principal may do in a delegated scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights<'a> {
    /// Names of operations, as the resource providers spell them.
    pub operations: BTreeSet<&'a str>,
    /// Which roles it may give to managed identities of the customer's, and take from them.
    pub gives: BTreeSet<RoleId>,
    /// Whether it may end the delegation.
    pub leaves: bool,
}

impl Rights<'_> {
    /// Whether it is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.gives.is_empty() && !self.leaves
    }

    /// What is here and not there.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self {
            operations: self.operations.difference(&other.operations).copied().collect(),
            gives: self.gives.difference(&other.gives).copied().collect(),
            leaves: self.leaves && !other.leaves,
        }
    }

    /// What is here or there.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self {
            operations: self.operations.union(&other.operations).copied().collect(),
            gives: self.gives.union(&other.gives).copied().collect(),
            leaves: self.leaves || other.leaves,
        }
    }
}

/// One role that somebody may activate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation<'a> {
    pub hurdle: Hurdle,
    pub rights: Rights<'a>,
}

/// What one principal has, always and after an activation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held<'a> {
    pub always: Rights<'a>,
    pub activated: BTreeMap<RoleId, Activation<'a>>,
}

impl<'a> Held<'a> {
    /// What there is of those rights that cannot be had here as easily: not always, and not behind
    /// a hurdle that is as low in every way.
    pub(crate) fn lacks(&self, activation: &Activation<'a>) -> Rights<'a> {
        let as_easy = |it: &&Activation<'a>| !activation.hurdle.is_lower_than(&it.hurdle);
        let here = self.activated.values().filter(as_easy).map(|it| &it.rights);
        here.chain([&self.always]).fold(activation.rights.clone(), |left, it| left.without(it))
    }
}

/// What a whole manifest gives, by whom it is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective<'a> {
    /// The managing tenant: the same id elsewhere is somebody else.
    pub tenant: TenantId,
    pub held: BTreeMap<ObjectId, Held<'a>>,
}

impl<'a> Effective<'a> {
    /// Everybody who is given something.
    pub fn principals(&self) -> impl Iterator<Item = Principal> {
        self.held.keys().map(|&object| Principal { tenant: self.tenant, object })
    }

    /// What somebody is given, if it is about them.
    pub fn held_by(&self, who: Principal) -> Option<&Held<'a>> {
        self.held.get(&who.object).filter(|_| who.tenant == self.tenant)
    }
}
