//! What definitions say.
//!
//! A plan that many customers took has a definition with each of them, and all of those say the
//! same: it is kept once. Nearly every definition has a delegation at its own subscription, which
//! knows what it says: then nothing else is kept of it. Which delegations name a definition is found
//! there, too; those of elsewhere, which grant nothing, are written down here.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use ids::{
    guid::SubscriptionId,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use uuid::Uuid;

use crate::{
    anchor::{Anchor, Manifest},
    delegation::Delegation,
    index::Index,
    map::Map,
};

#[derive(Clone, Default)]
pub(crate) struct Definitions {
    /// Of subscriptions, called by a GUID, and spelled as ARM spells them, that no delegation
    /// there is of.
    plain: Map<(SubscriptionId, Uuid), Arc<Manifest>>,
    /// All others, whatever is of them.
    others: Map<DefinitionId, Arc<Manifest>>,
    /// How many definitions say it.
    manifests: Map<Arc<Manifest>, u32>,
    /// The assignments that name a definition of another place than their subscription.
    astray: Map<DefinitionId, Arc<BTreeSet<AssignmentId>>>,
}

impl Definitions {
    /// Writes down what a definition says, or that it is gone, where no delegation knows it.
    fn put(&mut self, id: &DefinitionId, manifest: Option<Arc<Manifest>>) {
        let key = plain(id);
        let is_plain = key.is_some() && id.guid().is_some();
        let (in_plain, elsewhere) = if is_plain { (manifest, None) } else { (None, manifest) };
        if let Some(key) = key.filter(|key| in_plain.is_some() || self.plain.contains(key)) {
            self.plain.change(&key, |slot| *slot = in_plain);
        }
        if elsewhere.is_some() || self.others.contains(id) {
            self.others.change(id, |slot| *slot = elsewhere);
        }
    }

    /// Lets the map be no larger than what is left in it.
    pub(crate) fn shrink(&mut self) {
        let mut left = Map::default();
        self.plain.iter().for_each(|(key, it)| left.insert(key, Arc::clone(it)));
        self.plain = left;
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
    /// What a definition says.
    pub(crate) fn manifest_of(&self, id: &DefinitionId) -> Option<&Arc<Manifest>> {
        let apart = plain(id).and_then(|key| self.definitions.plain.get(&key));
        let apart = apart.or_else(|| self.definitions.others.get(id));
        apart.or_else(|| self.near(id).find_map(|(_, it)| it.shared_manifest()))
    }

    /// The id of a definition that is there, as it is spelled itself.
    pub(crate) fn spelled(&self, id: &DefinitionId) -> Option<DefinitionId> {
        let other = self.definitions.others.key(id).cloned();
        other.or_else(|| self.manifest_of(id).and_then(|_| called(plain(id)?)))
    }

    /// All definitions; sorted.
    pub(crate) fn all_definitions(&self) -> BTreeMap<DefinitionId, &Arc<Manifest>> {
        let Definitions { plain, others, .. } = &self.definitions;
        let apart = plain.iter().filter_map(|(key, it)| Some((called(*key)?, it)));
        let known = self.anchors.iter().flat_map(|anchor| {
            let all = anchor.delegations.iter().map(move |it| (&anchor.scope, it));
            all.filter(|(at, it)| it.definition_elsewhere(at).is_none())
        });
        let known = known.filter_map(|(at, it)| {
            let key = self::plain(&it.definition(at))?;
            Some((called(key)?, it.shared_manifest()?))
        });
        // Those that are spelled otherwise come first, and equal ids are one.
        let others = others.iter().map(|(id, it)| (id.clone(), it));
        let mut all: BTreeMap<DefinitionId, &Arc<Manifest>> = others.collect();
        for (id, manifest) in apart.chain(known) {
            all.entry(id).or_insert(manifest);
        }
        all
    }

    /// From now on it says that, or is gone; the one manifest of all that say the same. Delegations
    /// of it are told by whoever asks for this.
    pub(crate) fn say(
        &mut self,
        id: &DefinitionId,
        manifest: Option<Manifest>,
    ) -> Option<Arc<Manifest>> {
        let shared = manifest.map(|it| self.definitions.shared(it));
        let before = self.manifest_of(id).cloned();
        let is_known = id.guid().is_some() && self.near(id).next().is_some();
        self.definitions.put(id, shared.clone().filter(|_| !is_known));
        if let Some(before) = before {
            self.definitions.let_go(&before);
        }
        shared
    }

    /// A delegation that is new knows what the definition says.
    pub(crate) fn hand_over(&mut self, id: &DefinitionId) {
        if let Some(key) = plain(id).filter(|key| self.definitions.plain.contains(key)) {
            self.definitions.plain.remove(&key);
        }
    }

    /// Takes that back from a delegation that is gone, if it was the last of its definition.
    pub(crate) fn take_back(&mut self, at: &Scope, gone: &Delegation) {
        let id = gone.definition(at);
        let is_other = self.definitions.others.contains(&id);
        if let (false, Some(key), Some(manifest)) = (is_other, plain(&id), gone.shared_manifest())
            && gone.definition_elsewhere(at).is_none()
            && self.near(&id).next().is_none()
        {
            self.definitions.plain.insert(&key, Arc::clone(manifest));
        }
    }

    /// The delegations of a definition at its own subscription, each with its anchor.
    fn near(&self, id: &DefinitionId) -> impl Iterator<Item = (&Arc<Anchor>, &Delegation)> {
        let whole = match id.scope() {
            whole @ Scope::Subscription(_) => Some(whole),
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_) => None,
        };
        let anchors = whole.into_iter().flat_map(|whole| self.anchors.standing_in(whole));
        let all = anchors.flat_map(|anchor| anchor.delegations.iter().map(move |it| (anchor, it)));
        all.filter(|(anchor, it)| it.is_of(id, &anchor.scope))
    }

    /// The assignments that name a definition, there or not; sorted.
    pub(crate) fn assigned(&self, id: &DefinitionId) -> Vec<AssignmentId> {
        let near = self.near(id).map(|(anchor, it)| it.id(&anchor.scope));
        let astray = self.definitions.astray.get(id);
        let all = near.chain(astray.into_iter().flat_map(|all| all.iter().cloned()));
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use ids::clock::Revision;
    use model::{
        change::{Change, Noun},
        delegation::{Assignment, Definition},
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
        let mut all = Index::new(Catalogue::builtin());
        let first = all.say(&id(1), Some(manifest())).unwrap();
        let second = all.say(&id(2), Some(manifest())).unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        all.say(&id(1), None);
        assert!(Arc::ptr_eq(&first, &all.say(&id(3), Some(manifest())).unwrap()));
        let again = all.say(&id(3), Some(manifest())).unwrap();
        assert!(Arc::ptr_eq(&first, &again), "said again");
        for n in 1..=3 {
            all.say(&id(n), None);
        }
        let Definitions { others, manifests, .. } = all.definitions;
        assert!(others.is_empty() && manifests.is_empty());
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
            let mut all = Index::new(Catalogue::builtin());
            for is_assigned in [false, true] {
                if is_assigned {
                    let it = assignment(Scope::Subscription(SUBSCRIPTION));
                    let it = Noun::Assignment(Assignment { definition: plain.clone(), ..it });
                    all = all.after(&[Change::Put(it)], Revision(1));
                }
                for id in [&plain, &loud, &plain] {
                    let it = Definition { id: id.clone(), ..definition(SUBSCRIPTION) };
                    all = all.after(&[Change::Put(Noun::Definition(it))], Revision(2));
                    assert!(all.manifest_of(&plain).is_some() && all.manifest_of(&loud).is_some());
                    assert_eq!(all.spelled(&loud).unwrap().stored(), id.stored());
                    let kept: Vec<String> =
                        all.all_definitions().keys().map(|id| id.stored()).collect();
                    assert_eq!(kept, [id.stored()]);
                }
            }
            let gone = Definition { id: loud.clone(), ..definition(SUBSCRIPTION) };
            all = all.after(&[Change::Remove(Noun::Definition(gone))], Revision(3));
            assert!(all.manifest_of(&plain).is_none() && all.definitions.manifests.is_empty());
        }
    }

    #[test]
    fn what_a_definition_says_outlives_its_delegations() {
        let whole = Scope::Subscription(SUBSCRIPTION);
        let it = definition(SUBSCRIPTION);
        let all = [assignment(whole), assignment(resource_group("a"))];
        let all = all.map(|one| Assignment { definition: it.id.clone(), ..one });
        let mut index = Index::new(Catalogue::builtin());
        index = index.after(&[Change::Put(Noun::Definition(it.clone()))], Revision(1));
        for one in &all {
            index = index.after(&[Change::Put(Noun::Assignment(one.clone()))], Revision(2));
            assert!(index.definitions.plain.is_empty(), "its delegations know it");
        }
        for one in all {
            index = index.after(&[Change::Leave(one)], Revision(3));
            assert_eq!(index.manifest_of(&it.id).map(|it| &**it), Some(&manifest()));
        }
        assert_eq!(index.all_definitions().len(), 1);
    }
}
