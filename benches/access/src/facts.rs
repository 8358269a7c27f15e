//! The world in plain words, for those who do not know Fyr's.

use std::collections::BTreeMap;

use access::catalogue::Catalogue;
use ids::{
    guid::{Principal, RoleId},
    resource::DefinitionId,
    scope::Scope,
};
use model::{
    change::{Change, Noun},
    role::{Permission, RoleDefinition},
};

use crate::{ask::ACTIONS, world::World};

/// What peers are told.
pub(crate) struct Facts {
    /// Who is directly in which group; groups are in groups, too.
    pub(crate) members: Vec<(String, String)>,
    /// A role's name, and what it gives of what is asked for.
    pub(crate) roles: BTreeMap<RoleId, (String, Vec<&'static str>)>,
    pub(crate) delegations: Vec<Given>,
}

/// A delegation: where it stands, and who has which role there.
pub(crate) struct Given {
    pub(crate) scope: Scope,
    pub(crate) authorizations: Vec<(String, RoleId)>,
}

impl Facts {
    pub(crate) fn of(world: &World) -> Self {
        let mut facts = Self { members: vec![], roles: BTreeMap::new(), delegations: vec![] };
        let mut definitions: BTreeMap<DefinitionId, Vec<(String, RoleId)>> = BTreeMap::new();
        let nouns = world.changes.iter().filter_map(|change| match change {
            Change::Put(noun) => Some(noun),
            Change::Remove(_) | Change::Leave(_) | Change::Alter(_) => None,
        });
        for noun in nouns {
            if let Noun::Membership(it) = noun {
                facts.members.push((name(it.who()), name(it.group)));
            } else if let Noun::Definition(it) = noun {
                let tenant = it.managed_by;
                let given = it
                    .authorizations
                    .iter()
                    .map(|given| (name(Principal { tenant, object: given.principal }), given.role));
                definitions.insert(it.id.clone(), given.collect());
            } else if let Noun::Assignment(it) = noun {
                let authorizations = definitions[&it.definition].clone();
                let scope = it.id.scope().clone();
                facts.delegations.push(Given { scope, authorizations });
            }
        }
        facts.name_roles();
        facts
    }

    fn name_roles(&mut self) {
        let catalogue = Catalogue::builtin();
        for (_, id) in self.delegations.iter().flat_map(|it| &it.authorizations) {
            let next = self.roles.len();
            self.roles.entry(*id).or_insert_with(|| {
                let role = catalogue.role(*id).expect("a built-in role");
                let gives = ACTIONS.into_iter().filter(|action| grants(role, action));
                (format!("role{next}"), gives.collect())
            });
        }
    }

    /// What a role is called.
    pub(crate) fn role(&self, id: RoleId) -> &str {
        &self.roles[&id].0
    }
}

/// How somebody is called everywhere.
pub(crate) fn name(who: Principal) -> String {
    who.to_string()
}

/// The scope and what it lies in, innermost first.
pub(crate) fn around(scope: &Scope) -> impl Iterator<Item = Scope> + use<> {
    scope.lineage()
}

fn grants(role: &RoleDefinition, action: &str) -> bool {
    let names = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, action));
    let gives = |it: &Permission| names(&it.actions) && !names(&it.not_actions);
    role.permissions.iter().any(gives)
}

/// Whether the pattern names the action: a star stands for any text.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = action.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}
