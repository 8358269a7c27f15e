//! Which of Azure's defects a commit is made by, or leads into. Only the azure profile has them.
//! That a lock was passed over is told by the verdict itself (`verdict::Allowed`).

use std::collections::BTreeSet;

use ids::{guid::ObjectId, resource::AssignmentId};
use model::{
    change::{Change, Noun},
    defect::Defect,
    delegation::Assignment,
};

use crate::{anchor::Manifest, delegation::Delegation, index::Index};

impl Index {
    /// The copied defects that show when these changes, which are those of one commit, are made
    /// to this index; each once.
    pub fn defects_of<'a>(
        &self,
        changes: impl Iterator<Item = &'a Change> + Clone,
    ) -> BTreeSet<Defect> {
        if !self.is_azure() {
            return BTreeSet::new();
        }
        let ended: BTreeSet<&AssignmentId> = changes.clone().filter_map(ended).collect();
        let taking = ended.iter().any(|id| self.takes_along(id, &ended));
        let sharing = changes.filter_map(begun).any(|it| self.shares_principals(it));
        let taken = taking.then_some(Defect::TakenAlong);
        taken.into_iter().chain(sharing.then_some(Defect::SharedPrincipals)).collect()
    }

    /// Whether something of that delegation was taken along when a like one ended.
    pub fn is_diminished(&self, id: &AssignmentId) -> bool {
        self.is_azure() && self.delegation_of(id).is_some_and(|it| !it.lost().is_empty())
    }

    /// Whether the end of that delegation takes something away from one that stays.
    fn takes_along(&self, id: &AssignmentId, ended: &BTreeSet<&AssignmentId>) -> bool {
        let Some(gone) = self.delegation_of(id) else { return false };
        let taken = gone.given();
        let mut like = self.delegations_at(id).filter(|it| {
            it.managed_by() == gone.managed_by() && !ended.contains(&it.id(id.scope()))
        });
        like.any(|it| it.given().intersection(&taken).next().is_some())
    }

    /// Whether another offer of the same managing tenant stands there and names one of its
    /// principals.
    fn shares_principals(&self, assignment: &Assignment) -> bool {
        let named = |manifest: &Manifest| manifest.pairs().map(|(object, _)| object).collect();
        let Some(manifest) = self.manifest_of(&assignment.definition) else { return false };
        let named_here: BTreeSet<ObjectId> = named(manifest);
        let mut others = self.delegations_at(&assignment.id).filter(|it| {
            it.managed_by() == assignment.managed_by
                && !it.is_of(&assignment.definition, assignment.id.scope())
        });
        others.any(|it| {
            let there: BTreeSet<ObjectId> = it.manifest().map(named).unwrap_or_default();
            there.intersection(&named_here).next().is_some()
        })
    }

    fn delegations_at(&self, id: &AssignmentId) -> impl Iterator<Item = &Delegation> {
        let anchor = self.anchors.get(id.scope());
        anchor.into_iter().flat_map(|anchor| anchor.delegations.iter())
    }
}

fn ended(change: &Change) -> Option<&AssignmentId> {
    match change {
        Change::Remove(Noun::Assignment(it)) | Change::Leave(it) => Some(&it.id),
        Change::Put(_) | Change::Remove(_) | Change::Alter(_) => None,
    }
}

fn begun(change: &Change) -> Option<&Assignment> {
    match change {
        Change::Put(Noun::Assignment(it)) => Some(it),
        Change::Put(_) | Change::Remove(_) | Change::Leave(_) | Change::Alter(_) => None,
    }
}
