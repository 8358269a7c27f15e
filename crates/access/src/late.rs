//! Grants that were made and do not count yet, where that is simulated: Azure takes minutes to let
//! a new grant count everywhere (Lighthouse contract, B44). What takes access away counts at once,
//! and so does what stands against somebody.
//!
//! What is new is told by the facts before a commit and after it, so that putting again what was
//! there interrupts nobody. Where nothing is simulated there are no marks, and nobody looks for
//! any.

use std::{collections::BTreeMap, sync::Arc};

use ids::{
    clock::Revision,
    guid::{ObjectId, Principal},
    resource::{AssignmentId, DefinitionId, RoleAssignmentId},
};
use jiff::{SignedDuration, Timestamp};
use model::{
    change::{Change, Noun, NounRef},
    delegation::Assignment,
    event::{Actor, Event},
};

use crate::{
    anchor::{Entry, Grant, Manifest, Pair},
    delegation::Delegation,
    index::Index,
    offer::Subject,
};

/// When something happens, and how much later what it grants counts.
#[derive(Clone, Copy, Debug)]
pub struct Lag {
    pub at: Timestamp,
    pub length: SignedDuration,
}

impl Lag {
    fn until(self) -> Timestamp {
        self.at.saturating_add(self.length).unwrap_or(self.at)
    }
}

/// A part of what gives somebody access.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Grant(RoleAssignmentId),
    Member(Principal, ObjectId),
    Delegation(AssignmentId),
    /// What a definition says, wherever it is assigned.
    Authorization(DefinitionId, Entry),
    /// What a delegation had lost and has again (azure profile).
    Restored(AssignmentId, Pair),
}

/// The parts that do not count yet, and from when on they do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Late(BTreeMap<Part, Timestamp>);

/// The same, for who asks at some time.
#[derive(Clone, Copy)]
pub(crate) struct Waiting<'a> {
    late: &'a Late,
    now: Timestamp,
}

impl Index {
    /// The index after these events, which are those of one commit, where what a caller grants
    /// counts only later. What the system puts, such as a world file, counts at once.
    #[must_use]
    pub fn after_lagging(&self, events: &[Event], revision: Revision, lag: Lag) -> Self {
        let changes: Vec<Change> = events.iter().map(|it| it.change.clone()).collect();
        let mut next = self.after(&changes, revision);
        let mut late = next.late.as_deref().cloned().unwrap_or_default();
        late.0.retain(|_, until| *until > lag.at);
        for event in events {
            let until = match event.actor {
                Actor::Caller(_) => Some(lag.until()),
                Actor::System(_) => None,
            };
            late.note(&event.change, Times { before: self, after: &next, until });
        }
        next.late = (!late.0.is_empty()).then(|| Arc::new(late));
        next
    }

    /// What of this index does not count yet for who asks at that time.
    pub(crate) fn waiting(&self, now: Timestamp) -> Option<Waiting<'_>> {
        self.late.as_deref().map(|late| Waiting { late, now })
    }

    /// Whether a grant to `grantee` counts by now for who asks: the parts that it is made of, and
    /// the memberships that lead from the one to the other.
    pub(crate) fn counts<const N: usize>(
        &self,
        subject: Subject<'_>,
        grantee: Principal,
        parts: impl FnOnce() -> [Part; N],
    ) -> bool {
        let Some(waiting) = subject.waiting else { return true };
        parts().iter().all(|part| !waiting.is_late(part)) && self.is_in(subject, grantee)
    }

    /// Whether who asks is that one, or in that group of theirs by now.
    pub(crate) fn is_in(&self, subject: Subject<'_>, group: Principal) -> bool {
        let Some(waiting) = subject.waiting.filter(|it| it.late.has_members()) else { return true };
        self.directory.leads(subject.who, group, |group, member| {
            !waiting.is_late(&Part::Member(group, member))
        })
    }

    fn grant_of(&self, id: &RoleAssignmentId) -> Option<&Grant> {
        self.anchors.get(id.scope())?.grants.iter().find(|it| it.id == *id)
    }

    pub(crate) fn delegation_of(&self, id: &AssignmentId) -> Option<&Delegation> {
        self.anchors.get(id.scope())?.delegation(id)
    }
}

impl Waiting<'_> {
    pub(crate) fn is_late(self, part: &Part) -> bool {
        self.late.0.get(part).is_some_and(|until| self.now < *until)
    }
}

/// The facts on both sides of a commit, and until when what is new waits; if it waits at all.
#[derive(Clone, Copy)]
struct Times<'a> {
    before: &'a Index,
    after: &'a Index,
    until: Option<Timestamp>,
}

impl Late {
    fn has_members(&self) -> bool {
        self.0.keys().any(|part| matches!(part, Part::Member(..)))
    }

    fn note(&mut self, change: &Change, times: Times<'_>) {
        let noun = match change.noun() {
            NounRef::Assignment(it) => return self.delegation(it, times),
            NounRef::Noun(noun) => noun,
        };
        let Times { before, after, until } = times;
        match noun {
            Noun::RoleAssignment(it) => {
                let turn = Turn::of(before.grant_of(&it.id), after.grant_of(&it.id));
                self.part(Part::Grant(it.id.clone()), turn, until);
            }
            Noun::Membership(it) => {
                let of = |index: &Index| index.directory.is_member(it).then_some(());
                let turn = Turn::of(of(before), of(after));
                self.part(Part::Member(it.group, it.member), turn, until);
            }
            Noun::Assignment(it) => self.delegation(it, times),
            Noun::Definition(it) => self.definition(&it.id, times),
            Noun::Settings(_)
            | Noun::Tenant(_)
            | Noun::User(_)
            | Noun::Group(_)
            | Noun::DirectoryRoleAssignment(_)
            | Noun::Ownership(_)
            | Noun::Market(_)
            | Noun::ServicePrincipal(_)
            | Noun::ManagementGroup(_)
            | Noun::Subscription(_)
            | Noun::RoleDefinition(_)
            | Noun::DenyAssignment(_)
            | Noun::Lock(_)
            // What was approved for an hour is not to count for less.
            | Noun::Activation(_)
            | Noun::ActivationPolicy(_)
            | Noun::EligibleAssignment(_)
            | Noun::SigningKey(_)
            | Noun::Application(_)
            | Noun::Credential(_)
            | Noun::Registration(_)
            | Noun::ResourceGroup(_)
            | Noun::Resource(_)
            | Noun::Deployment(_) => (), // no grants
        }
    }

    fn part(&mut self, part: Part, turn: Turn, until: Option<Timestamp>) {
        match (turn, until) {
            (Turn::New, Some(until)) => {
                self.0.insert(part, until);
            }
            (Turn::Stays, Some(_)) => {}
            (Turn::Gone, _) | (Turn::New | Turn::Stays, None) => {
                self.0.remove(&part);
            }
        }
    }

    fn delegation(&mut self, it: &Assignment, times: Times<'_>) {
        let of = |index: &Index| {
            let found = index.delegation_of(&it.id);
            found.map(|found| (found.definition(it.id.scope()), found.managed_by()))
        };
        let turn = Turn::of(of(times.before), of(times.after));
        self.part(Part::Delegation(it.id.clone()), turn, times.until);
        match turn {
            Turn::Stays => self.restored(&it.id, times),
            Turn::New | Turn::Gone => {
                self.0.retain(|part, _| match part {
                    Part::Restored(id, pair) => *id != it.id && !is_lost(times.after, id, *pair),
                    Part::Grant(_)
                    | Part::Member(..)
                    | Part::Delegation(_)
                    | Part::Authorization(..) => true,
                });
            }
        }
    }

    /// What a delegation had lost before and has now.
    fn restored(&mut self, id: &AssignmentId, Times { before, after, until }: Times<'_>) {
        let lost = |index: &Index| {
            index.delegation_of(id).map_or_else(Vec::new, |found| found.lost().to_vec())
        };
        let is_lost = lost(after);
        for pair in lost(before).into_iter().filter(|pair| !is_lost.contains(pair)) {
            self.part(Part::Restored(id.clone(), pair), Turn::New, until);
        }
    }

    fn definition(&mut self, id: &DefinitionId, times: Times<'_>) {
        let new = times.after.manifest_of(id);
        let says = |manifest: Option<&Arc<Manifest>>, entry: &Entry| {
            manifest.is_some_and(|it| it.entries().contains(entry))
        };
        self.0.retain(|part, _| match part {
            Part::Authorization(of, entry) => of != id || says(new, entry),
            Part::Grant(_) | Part::Member(..) | Part::Delegation(_) | Part::Restored(..) => true,
        });
        // Another tenant's people are others, whatever their ids.
        let same = |it: &&Arc<Manifest>| new.is_some_and(|new| new.managed_by == it.managed_by);
        let old = times.before.manifest_of(id).filter(same);
        for entry in new.iter().flat_map(|it| it.entries()) {
            let turn = if says(old, entry) { Turn::Stays } else { Turn::New };
            self.part(Part::Authorization(id.clone(), entry.clone()), turn, times.until);
        }
        for assignment in times.after.assigned(id) {
            self.restored(&assignment, times);
        }
    }
}

/// Whether a delegation has lost that (again), so that nothing is left to wait for.
fn is_lost(index: &Index, id: &AssignmentId, pair: Pair) -> bool {
    index.delegation_of(id).is_some_and(|found| found.has_lost(pair))
}

/// What became of a part by a commit.
#[derive(Clone, Copy)]
enum Turn {
    New,
    Stays,
    Gone,
}

impl Turn {
    fn of<T: PartialEq>(before: Option<T>, after: Option<T>) -> Self {
        match (before, after) {
            (_, None) => Self::Gone,
            (Some(before), Some(after)) if before == after => Self::Stays,
            (_, Some(_)) => Self::New,
        }
    }
}
