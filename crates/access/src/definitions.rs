//! Definitions: what they say, and the assignments that name them.
//!
//! A plan that many customers took has a definition with each of them, and all of those say the
//! same: it is kept once.

use std::{collections::BTreeSet, sync::Arc};

use ids::resource::{AssignmentId, DefinitionId};

use crate::{anchor::Manifest, map::Map};

#[derive(Clone, Default)]
pub(crate) struct Definitions {
    all: Map<DefinitionId, Defined>,
    /// How many definitions say it.
    manifests: Map<Arc<Manifest>, u32>,
}

/// A definition, or what somebody takes for one.
#[derive(Clone, Default)]
struct Defined {
    /// Absent where there are only assignments that name it.
    manifest: Option<Arc<Manifest>>,
    assigned: Assigned,
}

/// Most definitions have one assignment; some have very many.
#[derive(Clone, Default)]
enum Assigned {
    #[default]
    Nowhere,
    Once(AssignmentId),
    Often(Arc<BTreeSet<AssignmentId>>),
}

impl Definitions {
    /// What a definition says.
    pub(crate) fn get(&self, id: &DefinitionId) -> Option<&Arc<Manifest>> {
        self.all.get(id)?.manifest.as_ref()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&DefinitionId, &Arc<Manifest>)> {
        self.all.iter().filter_map(|(id, it)| Some((id, it.manifest.as_ref()?)))
    }

    /// The assignments that name a definition, there or not; sorted.
    pub(crate) fn assigned(&self, id: &DefinitionId) -> Vec<AssignmentId> {
        self.all.get(id).map_or_else(Vec::new, |it| it.assigned.all())
    }

    /// What names which definition: for the dump.
    pub(crate) fn assignments(&self) -> impl Iterator<Item = (&DefinitionId, Vec<AssignmentId>)> {
        let all = self.all.iter().map(|(id, it)| (id, it.assigned.all()));
        all.filter(|(_, assigned)| !assigned.is_empty())
    }

    /// From now on it says that, or is gone; the one manifest of all that say the same.
    pub(crate) fn define(
        &mut self,
        id: &DefinitionId,
        manifest: Option<Manifest>,
    ) -> Option<Arc<Manifest>> {
        let shared = manifest.map(|it| self.shared(it));
        let new = shared.clone();
        let before = self.all.change(id, |slot| {
            let before = std::mem::replace(&mut slot.get_or_insert_default().manifest, new);
            slot.take_if(|it| it.is_empty());
            before
        });
        if let Some(before) = before {
            self.let_go(&before);
        }
        shared
    }

    /// Notes that the assignment names the definition; the definition's id, kept once for all.
    pub(crate) fn assign(&mut self, id: &DefinitionId, assignment: AssignmentId) -> DefinitionId {
        let own = self.all.key(id).unwrap_or(id).clone();
        self.all.change(&own, |slot| slot.get_or_insert_default().assigned.add(assignment));
        own
    }

    /// Takes that back.
    pub(crate) fn unassign(&mut self, id: &DefinitionId, assignment: &AssignmentId) {
        self.all.change(id, |slot| {
            slot.take_if(|it| {
                it.assigned.remove(assignment);
                it.is_empty()
            });
        });
    }

    fn shared(&mut self, manifest: Manifest) -> Arc<Manifest> {
        let new = Arc::new(manifest);
        let shared = self.manifests.key(&new).unwrap_or(&new).clone();
        self.manifests.change(&shared, |uses| *uses.get_or_insert_default() += 1);
        shared
    }

    fn let_go(&mut self, manifest: &Arc<Manifest>) {
        self.manifests.change(manifest, |uses| {
            *uses = uses.and_then(|it| it.checked_sub(1)).filter(|it| *it > 0);
        });
    }
}

impl Defined {
    fn is_empty(&self) -> bool {
        self.manifest.is_none() && matches!(self.assigned, Assigned::Nowhere)
    }
}

impl Assigned {
    fn all(&self) -> Vec<AssignmentId> {
        match self {
            Self::Nowhere => Vec::new(),
            Self::Once(id) => vec![id.clone()],
            Self::Often(all) => all.iter().cloned().collect(),
        }
    }

    fn add(&mut self, id: AssignmentId) {
        match self {
            Self::Nowhere => *self = Self::Once(id),
            Self::Once(other) => *self = Self::Often(Arc::new([other.clone(), id].into())),
            Self::Often(all) => {
                Arc::make_mut(all).insert(id);
            }
        }
    }

    fn remove(&mut self, id: &AssignmentId) {
        match self {
            Self::Once(other) if other == id => *self = Self::Nowhere,
            Self::Nowhere | Self::Once(_) => {}
            Self::Often(all) => {
                let all = Arc::make_mut(all);
                all.remove(id);
                if all.is_empty() {
                    *self = Self::Nowhere;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{SUBSCRIPTION, assignment, definition, resource_group};

    use super::*;

    fn manifest() -> Manifest {
        Manifest::from(&definition(SUBSCRIPTION))
    }

    #[test]
    fn what_many_definitions_say_is_kept_once_and_forgotten_with_the_last() {
        let id = |n: u128| {
            let name = uuid::Uuid::from_u128(n).to_string().parse().unwrap();
            DefinitionId::at(resource_group("app"), name).unwrap()
        };
        let mut all = Definitions::default();
        let first = all.define(&id(1), Some(manifest())).unwrap();
        let second = all.define(&id(2), Some(manifest())).unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        all.define(&id(1), None);
        assert!(Arc::ptr_eq(&first, &all.define(&id(3), Some(manifest())).unwrap()));
        let again = all.define(&id(3), Some(manifest())).unwrap();
        assert!(Arc::ptr_eq(&first, &again), "said again");
        for n in 1..=3 {
            all.define(&id(n), None);
        }
        assert!(all.all.is_empty() && all.manifests.is_empty());
    }

    #[test]
    fn a_definition_knows_what_names_it_whether_it_is_there_or_not() {
        let ids: Vec<AssignmentId> =
            ["a", "b", "c"].map(|name| assignment(resource_group(name)).id).into();
        let of = definition(SUBSCRIPTION).id;
        let mut all = Definitions::default();
        for (n, id) in ids.iter().enumerate() {
            all.assign(&of, id.clone());
            all.assign(&of, id.clone());
            assert_eq!(all.assigned(&of), ids[..=n]);
        }
        all.define(&of, Some(manifest()));
        for (n, id) in ids.iter().enumerate() {
            all.unassign(&of, id);
            all.unassign(&of, id);
            assert_eq!(all.assigned(&of), ids[n + 1..]);
            assert!(all.get(&of).is_some());
        }
        all.define(&of, None);
        assert!(all.all.is_empty());
    }
}
