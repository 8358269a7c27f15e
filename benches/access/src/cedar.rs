//! Cedar, set up as well as it can be: everything that grows is data, and nothing is policy.
//!
//! A policy for each role and level, which are as many at any size; the scope says, for each role, the
//! set of groups that have it there; who is in a group, an action in a role and a resource group in a
//! subscription are Cedar's own hierarchy. All entities are in one store, made beforehand. A policy for
//! each grant, which is how Cedar's own documents begin, is slower by as many as there are, since an
//! authorizer looks at each policy.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write,
    time::Instant,
};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};
use ids::scope::Scope;

use crate::{
    ask::Asked,
    engine::{Costs, Kind, Measured},
    facts::{Facts, around, name},
    figures::Figures,
    memory::held,
};

/// A change makes a store anew, which takes long.
const CHANGES: usize = 3;

struct Types {
    user: EntityTypeName,
    scope: EntityTypeName,
    action: EntityTypeName,
}

struct Cedar {
    types: Types,
    policies: PolicySet,
    entities: Entities,
}

/// What it costs and answers; the answers are held against the right ones first.
pub(crate) fn measure(facts: &Facts, asked: [&[Asked]; 2]) -> Measured {
    let types = Types { user: kind("User"), scope: kind("Scope"), action: kind("Action") };
    let policies = policies(facts);
    let before = held();
    let bare = store(&types, facts, &[]);
    let without = held() - before;
    drop(bare);
    let begun = Instant::now();
    let before = held();
    let places: Vec<Scope> = facts.delegations.iter().map(|it| it.scope.clone()).collect();
    let own = held() - before;
    let entities = store(&types, facts, &places);
    let build_seconds = begun.elapsed().as_secs_f64();
    let with = held() - before - own;
    let cedar = Cedar { types, policies, entities };
    let costs = Costs {
        build_seconds,
        bytes_each: with.saturating_sub(without) / facts.delegations.len(),
        change_micros: Some(cedar.change(&places[0])),
    };
    let answers = Kind::ALL.map(|kind| (kind, cedar.figures(kind, asked))).into();
    Measured { engine: "cedar", delegations: facts.delegations.len(), costs, answers }
}

impl Cedar {
    fn figures(&self, kind: Kind, asked: [&[Asked]; 2]) -> Figures {
        let all = asked[usize::from(!kind.is_allowed)];
        let right = |it: &Asked| self.answer(&self.request(it)) == kind.is_allowed;
        assert!(all.iter().take(1_000).all(right), "it answers as Fyr does");
        if kind.ids_in {
            let requests: Vec<Request> = all.iter().map(|it| self.request(it)).collect();
            return Figures::of(&requests, |it| self.answer(it));
        }
        let named: Vec<_> = all
            .iter()
            .map(|it| (name(it.who), it.action.to_owned(), it.question.scope.to_string()))
            .collect();
        Figures::of(&named, |(who, action, scope)| self.answer(&self.asking(who, action, scope)))
    }

    fn request(&self, it: &Asked) -> Request {
        self.asking(&name(it.who), it.action, &it.question.scope.to_string())
    }

    fn asking(&self, who: &str, action: &str, scope: &str) -> Request {
        let Types { user, scope: place, action: operation } = &self.types;
        let (who, action) = (uid(user, who), uid(operation, action));
        Request::new(who, action, uid(place, scope), Context::empty(), None).unwrap()
    }

    fn answer(&self, request: &Request) -> bool {
        let response = Authorizer::new().is_authorized(request, &self.policies, &self.entities);
        response.decision() == Decision::Allow
    }

    /// The delegations at one scope end. The store before it stays, as it does with Fyr.
    fn change(&self, place: &Scope) -> f64 {
        let uid = uid(&self.types.scope, &place.to_string());
        let begun = Instant::now();
        for _ in 0..CHANGES {
            let ended = Entity::new_no_attrs(uid.clone(), HashSet::new());
            let next = self.entities.clone().upsert_entities([ended], None).unwrap();
            assert!(next.get(&uid).is_some());
        }
        begun.elapsed().as_secs_f64() * 1e6 / CHANGES as f64
    }
}

/// For each role: who has it at the scope, or at what the scope lies in.
fn policies(facts: &Facts) -> PolicySet {
    let mut text = String::new();
    for (role, _) in facts.roles.values() {
        for place in ["resource", "resource.around"] {
            let is_there = if place == "resource" { "" } else { "resource has around && " };
            writeln!(
                text,
                "permit(principal, action in Action::\"{role}\", resource)
                 when {{ {is_there}{place} has {role} && principal in {place}.{role} }};"
            )
            .unwrap();
        }
    }
    text.parse().unwrap()
}

/// The people, the actions and these places.
fn store(types: &Types, facts: &Facts, places: &[Scope]) -> Entities {
    let mut above: BTreeMap<EntityUid, HashSet<EntityUid>> = BTreeMap::new();
    for (member, group) in &facts.members {
        let group = uid(&types.user, group);
        above.entry(group.clone()).or_default();
        above.entry(uid(&types.user, member)).or_default().insert(group);
    }
    for (role, gives) in facts.roles.values() {
        let role = uid(&types.action, role);
        above.entry(role.clone()).or_default();
        for action in gives {
            above.entry(uid(&types.action, action)).or_default().insert(role.clone());
        }
    }
    let plain = above.into_iter().map(|(uid, parents)| Entity::new_no_attrs(uid, parents));
    let given: HashSet<&Scope> = places.iter().collect();
    let scopes = scopes(types, facts, &given);
    Entities::from_entities(plain.chain(scopes), None).unwrap()
}

type Attributes = HashMap<String, RestrictedExpression>;

fn scopes(types: &Types, facts: &Facts, places: &HashSet<&Scope>) -> Vec<Entity> {
    let mut holders: BTreeMap<Scope, BTreeMap<&str, HashSet<EntityUid>>> = BTreeMap::new();
    for given in &facts.delegations {
        for place in around(&given.scope) {
            holders.entry(place).or_default();
        }
        let here = holders.entry(given.scope.clone()).or_default();
        for (group, role) in given.authorizations.iter().filter(|_| places.contains(&given.scope)) {
            here.entry(facts.role(*role)).or_default().insert(uid(&types.user, group));
        }
    }
    let entity = |(scope, roles): (Scope, BTreeMap<&str, HashSet<EntityUid>>)| {
        let set = |groups: HashSet<EntityUid>| {
            let all = groups.into_iter().map(RestrictedExpression::new_entity_uid);
            RestrictedExpression::new_set(all)
        };
        let mut attributes: Attributes =
            roles.into_iter().map(|(role, groups)| (role.to_owned(), set(groups))).collect();
        if let Some(outer) = around(&scope).nth(1) {
            let outer = RestrictedExpression::new_entity_uid(uid(&types.scope, &outer.to_string()));
            attributes.insert("around".to_owned(), outer);
        }
        Entity::new(uid(&types.scope, &scope.to_string()), attributes, HashSet::new()).unwrap()
    };
    holders.into_iter().map(entity).collect()
}

fn kind(name: &str) -> EntityTypeName {
    name.parse().unwrap()
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}
