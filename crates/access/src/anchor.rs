//! What stands at one scope: grants, delegations, denies and locks.

use std::sync::Arc;

use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    resource::{AssignmentId, RoleAssignmentId},
    scope::Scope,
};
use model::{
    delegation::{Definition, EligibleAuthorization},
    role::{DenyAssignment, Lock, RoleAssignment},
};
use serde::{Deserialize, Serialize};

use crate::{
    activated::InTime,
    conditional::Terms,
    delegation::{Called, Delegation},
    few::Few,
    role::Permissions,
};

/// A role and who may have it: what a suppressed grant is told by.
pub(crate) type Pair = (ObjectId, RoleId);

/// Everything that stands at one scope.
#[derive(Clone)]
pub(crate) struct Anchor {
    /// Spelled as whatever stood there first.
    pub(crate) scope: Scope,
    /// Sorted by principal, then id.
    pub(crate) grants: Box<[Grant]>,
    /// Sorted by what they are called.
    pub(crate) delegations: Few<Delegation>,
    /// What few scopes carry.
    more: Option<Box<More>>,
}

#[derive(Clone, Default)]
pub(crate) struct More {
    /// Sorted by id.
    pub(crate) denies: Vec<Arc<Deny>>,
    /// Sorted by id.
    pub(crate) locks: Vec<Lock>,
    /// What counts for a while only, and who decides about it.
    pub(crate) in_time: InTime,
}

impl Anchor {
    /// A scope at which nothing stands yet.
    pub(crate) fn at(scope: Scope) -> Self {
        Self { scope, grants: Box::default(), delegations: Few::default(), more: None }
    }

    pub(crate) fn denies(&self) -> &[Arc<Deny>] {
        self.more.as_ref().map_or(&[], |more| &more.denies)
    }

    pub(crate) fn locks(&self) -> &[Lock] {
        self.more.as_ref().map_or(&[], |more| &more.locks)
    }

    pub(crate) fn in_time(&self) -> Option<&InTime> {
        self.more.as_ref().map(|more| &more.in_time)
    }

    /// Changes what few scopes carry.
    pub(crate) fn change_more(&mut self, edit: impl FnOnce(&mut More)) {
        let mut more = self.more.take().unwrap_or_default();
        edit(&mut more);
        let More { denies, locks, in_time } = &*more;
        let is_nothing = denies.is_empty() && locks.is_empty() && in_time.is_empty();
        self.more = (!is_nothing).then_some(more);
    }

    pub(crate) fn change_grants(&mut self, edit: impl FnOnce(&mut Vec<Grant>)) {
        let mut grants = std::mem::take(&mut self.grants).into_vec();
        edit(&mut grants);
        self.grants = grants.into();
    }

    /// The delegation of that id.
    pub(crate) fn delegation(&self, id: &AssignmentId) -> Option<&Delegation> {
        let called = Called::new(id.name());
        let place = self.delegations.partition_point(|it| it.called() < called);
        self.delegations.get(place).filter(|it| it.called() == called)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.grants.is_empty() && self.delegations.is_empty() && self.more.is_none()
    }

    /// Whom anything here is a grant to.
    pub(crate) fn principals(&self) -> impl Iterator<Item = Principal> {
        let direct = self.grants.iter().map(|grant| grant.principal);
        direct.chain(self.delegations.iter().flat_map(Delegation::principals))
    }

    /// The grants to exactly this principal.
    pub(crate) fn grants_to(&self, principal: Principal) -> impl Iterator<Item = &Grant> {
        let from = self.grants.partition_point(|grant| grant.principal < principal);
        let rest = self.grants.get(from..).unwrap_or_default();
        rest.iter().take_while(move |grant| grant.principal == principal)
    }
}

/// A role assignment, as far as access depends on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) principal: Principal,
    pub(crate) id: RoleAssignmentId,
    pub(crate) role: RoleId,
    pub(crate) conditional: bool,
    /// The condition. Facts that were kept before conditions were evaluated have none, and say
    /// only that there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) terms: Option<Terms>,
}

impl Grant {
    /// Whether it has a condition that nobody can read: then it grants nothing.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.conditional && !self.terms.as_ref().is_some_and(Terms::is_readable)
    }
}

impl From<&RoleAssignment> for Grant {
    fn from(assignment: &RoleAssignment) -> Self {
        Self {
            principal: assignment.principal,
            id: assignment.id.clone(),
            role: assignment.role,
            conditional: assignment.condition.is_some(),
            terms: assignment.condition.as_deref().map(Terms::new),
        }
    }
}

/// A definition's authorizations, by whom they are for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Manifest {
    pub(crate) managed_by: TenantId,
    /// Sorted by principal, then role.
    entries: Vec<Entry>,
    /// What may be activated; sorted by principal, then role.
    eligible: Vec<EligibleEntry>,
}

/// One eligible authorization: it grants nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct EligibleEntry {
    pub(crate) object: ObjectId,
    pub(crate) role: RoleId,
    /// One of them has to agree for the managing tenant; with none, nobody has.
    pub(crate) approvers: Vec<ObjectId>,
}

impl From<&EligibleAuthorization> for EligibleEntry {
    fn from(it: &EligibleAuthorization) -> Self {
        let approvers = it.policy.iter().flat_map(|it| &it.approvers);
        let approvers = approvers.map(|it| it.principal).collect();
        Self { object: it.principal, role: it.role, approvers }
    }
}

/// One authorization.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) object: ObjectId,
    pub(crate) role: RoleId,
    /// What a User Access Administrator may give away.
    pub(crate) assignable: Vec<RoleId>,
}

impl Manifest {
    pub(crate) fn new(
        managed_by: TenantId,
        mut entries: Vec<Entry>,
        mut eligible: Vec<EligibleEntry>,
    ) -> Self {
        entries.sort();
        eligible.sort();
        Self { managed_by, entries, eligible }
    }

    /// The authorizations of exactly this principal.
    pub(crate) fn entries_of(&self, object: ObjectId) -> impl Iterator<Item = &Entry> {
        let from = self.entries.partition_point(|entry| entry.object < object);
        let rest = self.entries.get(from..).unwrap_or_default();
        rest.iter().take_while(move |entry| entry.object == object)
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What may be activated.
    pub(crate) fn eligible(&self) -> &[EligibleEntry] {
        &self.eligible
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = Pair> {
        self.entries.iter().map(|entry| (entry.object, entry.role))
    }

    pub(crate) fn principals(&self) -> impl Iterator<Item = Principal> {
        let tenant = self.managed_by;
        self.entries.iter().map(move |entry| Principal { tenant, object: entry.object })
    }
}

impl From<&Definition> for Manifest {
    fn from(definition: &Definition) -> Self {
        let entries = definition
            .authorizations
            .iter()
            .map(|it| Entry {
                object: it.principal,
                role: it.role,
                assignable: it.delegated_roles.clone().unwrap_or_default(),
            })
            .collect();
        let eligible = definition.eligible.iter().map(EligibleEntry::from).collect();
        Self::new(definition.managed_by, entries, eligible)
    }
}

/// A deny assignment with its patterns and conditions read.
#[derive(Debug)]
pub(crate) struct Deny {
    pub(crate) assignment: DenyAssignment,
    pub(crate) permissions: Vec<Permissions>,
}

impl From<&DenyAssignment> for Deny {
    fn from(assignment: &DenyAssignment) -> Self {
        let permissions = assignment.permissions.iter().map(Permissions::new).collect();
        Self { assignment: assignment.clone(), permissions }
    }
}
