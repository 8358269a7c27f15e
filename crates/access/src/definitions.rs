//! What definitions say.
//!
//! A plan that many customers took has a definition with each of them, and all of those say the
//! same: it is kept once. Which assignments name a definition is found at its own subscription;
//! those of elsewhere, which grant nothing, are written down here.

use std::{collections::BTreeSet, mem, sync::Arc};

use ids::{
    guid::SubscriptionId,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use uuid::Uuid;

use crate::{anchor::Manifest, index::Index, map::Map};

#[derive(Clone, Default)]
pub(crate) struct Definitions {
    /// Of subscriptions, called by a GUID, and spelled as ARM spells them: nearly all.
    plain: Map<(SubscriptionId, Uuid), Arc<Manifest>>,
    others: Map<DefinitionId, Arc<Manifest>>,
    /// How many definitions say it.
    manifests: Map<Arc<Manifest>, u32>,
    /// The assignments that name a definition of another place than their subscription.
    astray: Map<DefinitionId, Arc<BTreeSet<AssignmentId>>>,
}

impl Definitions {
    /// What a definition says.
    pub(crate) fn get(&self, id: &DefinitionId) -> Option<&Arc<Manifest>> {
        let plain = plain(id).and_then(|key| self.plain.get(&key));
        plain.or_else(|| self.others.get(id))
    }

    /// The id of a definition that is there, as it is spelled itself.
    pub(crate) fn spelled(&self, id: &DefinitionId) -> Option<DefinitionId> {
        match plain(id).filter(|key| self.plain.contains(key)) {
            Some(key) => called(key),
            None => self.others.key(id).cloned(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (DefinitionId, &Arc<Manifest>)> {
        let plain = self.plain.iter().filter_map(|(key, it)| Some((called(*key)?, it)));
        plain.chain(self.others.iter().map(|(id, it)| (id.clone(), it)))
    }

    /// From now on it says that, or is gone; the one manifest of all that say the same.
    pub(crate) fn define(
        &mut self,
        id: &DefinitionId,
        manifest: Option<Manifest>,
    ) -> Option<Arc<Manifest>> {
        let shared = manifest.map(|it| self.shared(it));
        let key = plain(id);
        let is_plain = key.is_some() && id.guid().is_some();
        let (in_plain, elsewhere) =
            if is_plain { (shared.clone(), None) } else { (None, shared.clone()) };
        let plain = key.and_then(|key| self.plain.change(&key, |it| mem::replace(it, in_plain)));
        let is_other = elsewhere.is_some() || self.others.contains(id);
        let other = is_other.then(|| self.others.change(id, |it| mem::replace(it, elsewhere)));
        plain.into_iter().chain(other.flatten()).for_each(|before| self.let_go(&before));
        shared
    }

    /// Notes an assignment of elsewhere that names the definition, there or not.
    pub(crate) fn name_astray(&mut self, id: &DefinitionId, assignment: AssignmentId) {
        self.astray.change(id, |all| {
            Arc::make_mut(all.get_or_insert_default()).insert(assignment);
        });
    }

    /// Takes that back.
    pub(crate) fn forget_astray(&mut self, id: &DefinitionId, assignment: &AssignmentId) {
        self.astray.change(id, |all| {
            all.take_if(|all| {
                let all = Arc::make_mut(all);
                all.remove(assignment);
                all.is_empty()
            });
        });
    }

    /// What of elsewhere names which definition: for the dump.
    pub(crate) fn named_astray(
        &self,
    ) -> impl Iterator<Item = (&DefinitionId, &Arc<BTreeSet<AssignmentId>>)> {
        self.astray.iter()
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

/// The key of a definition of a subscription that is called by a GUID, however it is spelled.
fn plain(id: &DefinitionId) -> Option<(SubscriptionId, Uuid)> {
    match id.scope() {
        Scope::Subscription(subscription) => Some((*subscription, id.name().guid()?)),
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::ResourceGroup(..)
        | Scope::Resource(_) => None,
    }
}

fn called((subscription, name): (SubscriptionId, Uuid)) -> Option<DefinitionId> {
    DefinitionId::called(Scope::Subscription(subscription), name).ok()
}

impl Index {
    /// The assignments that name a definition, there or not; sorted.
    pub(crate) fn assigned(&self, id: &DefinitionId) -> Vec<AssignmentId> {
        let whole = id.scope().subscription().map(Scope::Subscription);
        let anchors = whole.iter().flat_map(|whole| self.anchors.standing_in(whole));
        let near = anchors.flat_map(|anchor| anchor.identified().map(move |it| (it, anchor)));
        let near = near.filter(|((_, it), anchor)| it.is_of(id, &anchor.scope));
        let astray =
            self.definitions.astray.get(id).into_iter().flat_map(|all| all.iter().cloned());
        let all: BTreeSet<AssignmentId> = near.map(|((id, _), _)| id).chain(astray).collect();
        all.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use ids::clock::Revision;
    use model::{
        change::{Change, Noun},
        delegation::Assignment,
        samples::{SUBSCRIPTION, assignment, definition, resource_group},
    };

    use super::*;
    use crate::catalogue::Catalogue;

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
        assert!(all.others.is_empty() && all.manifests.is_empty());
    }

    #[test]
    fn a_definition_knows_what_names_it_whether_it_is_there_or_not() {
        let of = definition(SUBSCRIPTION);
        let elsewhere = SubscriptionId::new(uuid::Uuid::from_u128(77));
        let places = ["a", "b"].map(resource_group).into_iter();
        let places = places.chain([SUBSCRIPTION, elsewhere].map(Scope::Subscription));
        let all: Vec<Assignment> = places
            .map(|scope| Assignment { definition: of.id.clone(), ..assignment(scope) })
            .collect();
        let mut expected: Vec<AssignmentId> = all.iter().map(|it| it.id.clone()).collect();
        expected.sort();
        let put = |noun| [Change::Put(noun)];
        let mut index = Index::new(Catalogue::builtin());
        for it in all.iter().cycle().take(2 * all.len()) {
            index = index.after(&put(Noun::Assignment(it.clone())), Revision(1));
        }
        assert_eq!(index.assigned(&of.id), expected);
        index = index.after(&put(Noun::Definition(of.clone())), Revision(2));
        for (n, it) in all.into_iter().enumerate() {
            assert_eq!(index.assigned(&of.id).len(), expected.len() - n);
            index = index.after(&[Change::Leave(it)], Revision(3));
        }
        assert!(index.assigned(&of.id).is_empty() && index.definitions.astray.is_empty());
        index = index.after(&[Change::Remove(Noun::Definition(of))], Revision(4));
        let Definitions { plain, others, manifests, .. } = index.definitions;
        assert!(plain.is_empty() && others.is_empty() && manifests.is_empty());
    }

    #[test]
    fn a_definition_is_found_however_its_id_is_spelled() {
        let spelled = |name: &str| {
            let id = DefinitionId::at(Scope::Subscription(SUBSCRIPTION), name.parse().unwrap());
            id.unwrap()
        };
        let (small, large) = ("aaaaaaaa-0000-4000-8000-00000000000f", "Offer");
        for name in [small, large] {
            let (plain, loud) = (spelled(name), spelled(&name.to_uppercase()));
            let mut all = Definitions::default();
            for id in [&plain, &loud, &plain] {
                all.define(id, Some(manifest()));
                assert!(all.get(&plain).is_some() && all.get(&loud).is_some());
                assert_eq!(all.spelled(&loud).unwrap().stored(), id.stored());
                let kept: Vec<String> = all.iter().map(|(id, _)| id.stored()).collect();
                assert_eq!(kept, [id.stored()]);
            }
            all.define(&loud, None);
            assert!(all.get(&plain).is_none() && all.manifests.is_empty());
        }
    }
}
