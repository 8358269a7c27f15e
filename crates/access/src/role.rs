//! A role with its patterns read, and what a delegation of it is worth.

use std::sync::OnceLock;

use model::{
    question::Plane,
    role::{OWNER, Permission, RoleDefinition, USER_ACCESS_ADMINISTRATOR},
};

use crate::{
    conditional::Terms,
    offer::Asked,
    operation::ROLES_MAX,
    pattern::{Folded, Pattern},
};

/// A role whose actions list one of these, letter for letter, is never delegated
/// (<https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles>).
const RESTRICTED: [&str; 13] = [
    "Microsoft.Authorization/*",
    "Microsoft.Authorization/*/write",
    "Microsoft.Authorization/*/delete",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
    "Microsoft.Authorization/roleDefinitions/write",
    "Microsoft.Authorization/roleDefinitions/delete",
    "Microsoft.Authorization/classicAdministrators/write",
    "Microsoft.Authorization/classicAdministrators/delete",
    "Microsoft.Authorization/locks/write",
    "Microsoft.Authorization/locks/delete",
    "Microsoft.Authorization/denyAssignments/write",
    "Microsoft.Authorization/denyAssignments/delete",
];

/// What is left of a role once it is delegated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delegated {
    Nothing,
    /// Support requests, and giving listed roles to managed identities.
    UserAccess,
    /// Its actions, never its data actions.
    Actions,
}

/// One permission object, read.
#[derive(Debug)]
pub(crate) struct Permissions {
    control: Patterns,
    data: Patterns,
    /// The condition under which it grants, or denies.
    terms: Option<Terms>,
}

/// What one permission object allows, without what it leaves out: of what is done to resources,
/// or of what is done to that which they hold. Neither says anything about the other.
#[derive(Debug)]
struct Patterns {
    actions: Vec<Pattern>,
    not_actions: Vec<Pattern>,
}

impl Patterns {
    fn new(actions: &[String], not_actions: &[String]) -> Self {
        let read = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
        Self { actions: read(actions), not_actions: read(not_actions) }
    }

    fn name(&self, action: &Folded) -> bool {
        self.actions.iter().any(|pattern| pattern.matches(action))
            && !self.not_actions.iter().any(|pattern| pattern.matches(action))
    }
}

impl Permissions {
    pub(crate) fn new(permission: &Permission) -> Self {
        Self {
            control: Patterns::new(&permission.actions, &permission.not_actions),
            data: Patterns::new(&permission.data_actions, &permission.not_data_actions),
            terms: permission.condition.as_deref().map(Terms::new),
        }
    }

    /// Whether it names what is asked, whatever its condition says.
    fn names(&self, asked: &Asked<'_>) -> bool {
        match asked.question.via.plane() {
            Plane::Data => self.data.name(&asked.action),
            Plane::Control | Plane::Directory | Plane::Activation(_) => {
                self.control.name(&asked.action)
            }
        }
    }

    /// Whether it grants what is asked: with a condition only where that holds.
    fn grants(&self, asked: &Asked<'_>) -> bool {
        self.names(asked) && self.terms.as_ref().is_none_or(|it| it.admit(asked.question))
    }

    /// Whether it denies what is asked: with a condition unless that is certainly not so.
    pub(crate) fn denies(&self, asked: &Asked<'_>) -> bool {
        self.names(asked) && self.terms.as_ref().is_none_or(|it| it.bar(asked.question))
    }
}

/// A role definition; its patterns are read when somebody first asks.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) definition: RoleDefinition,
    /// Its bit in the rows of operations: only built-in roles without conditions have one.
    pub(crate) number: Option<u16>,
    read: OnceLock<(Vec<Permissions>, Delegated)>,
}

impl Role {
    pub(crate) fn new(definition: RoleDefinition) -> Self {
        Self { definition, number: None, read: OnceLock::new() }
    }

    pub(crate) fn numbered(definition: RoleDefinition, number: usize) -> Self {
        let is_plain = definition.permissions.iter().all(|it| it.condition.is_none());
        let number = u16::try_from(number).ok().filter(|it| is_plain && *it < ROLES_MAX);
        Self { number, ..Self::new(definition) }
    }

    pub(crate) fn grants(&self, asked: &Asked<'_>) -> bool {
        self.read().0.iter().any(|permissions| permissions.grants(asked))
    }

    /// Whether it grants an action that is done to a resource.
    pub(crate) fn grants_control(&self, action: &Folded) -> bool {
        self.read().0.iter().any(|it| it.terms.is_none() && it.control.name(action))
    }

    /// Whether it grants an action that is done to what a resource holds.
    pub(crate) fn grants_data(&self, action: &Folded) -> bool {
        self.read().0.iter().any(|it| it.terms.is_none() && it.data.name(action))
    }

    /// Its permission objects, each with the condition under which it grants.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (&Permission, Option<&Terms>)> {
        let terms = self.read().0.iter().map(|it| it.terms.as_ref());
        self.definition.permissions.iter().zip(terms)
    }

    pub(crate) fn delegated(&self) -> Delegated {
        self.read().1
    }

    fn read(&self) -> &(Vec<Permissions>, Delegated) {
        self.read.get_or_init(|| {
            let permissions = self.definition.permissions.iter().map(Permissions::new).collect();
            (permissions, delegated(&self.definition))
        })
    }
}

fn delegated(role: &RoleDefinition) -> Delegated {
    let mut actions = role.permissions.iter().flat_map(|permission| &permission.actions);
    let is_restricted =
        |action: &String| RESTRICTED.iter().any(|it| it.eq_ignore_ascii_case(action.trim()));
    if role.tenant.is_some() || role.id == OWNER {
        Delegated::Nothing
    } else if role.id == USER_ACCESS_ADMINISTRATOR {
        Delegated::UserAccess
    } else if actions.any(is_restricted) {
        Delegated::Nothing
    } else {
        Delegated::Actions
    }
}
