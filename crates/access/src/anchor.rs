//! What stands at one scope: grants, delegations, denies and locks.

use std::{collections::BTreeSet, sync::Arc};

use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    resource::{AssignmentId, DefinitionId, RoleAssignmentId},
    scope::Scope,
};
use model::{
    delegation::{Assignment, Definition, EligibleAuthorization},
    period::OpenPeriod,
    role::{DenyAssignment, Lock, RoleAssignment},
};
use serde::{Deserialize, Serialize};

use crate::{activated::InTime, conditional::Terms, role::Permissions};

/// A role and who may have it: what a suppressed grant is told by.
pub(crate) type Pair = (ObjectId, RoleId);

/// Everything that stands at one scope.
#[derive(Clone, Default)]
pub(crate) struct Anchor {
    /// Sorted by principal, then id.
    pub(crate) grants: Vec<Grant>,
    /// Sorted by id.
    pub(crate) delegations: Vec<Delegation>,
    /// Sorted by id.
    pub(crate) denies: Vec<Arc<Deny>>,
    /// Sorted by id.
    pub(crate) locks: Vec<Lock>,
    /// What counts for a while only, and who decides about it.
    pub(crate) in_time: Option<Arc<InTime>>,
}

impl Anchor {
    pub(crate) fn is_empty(&self) -> bool {
        self.grants.is_empty()
            && self.delegations.is_empty()
            && self.denies.is_empty()
            && self.locks.is_empty()
            && self.in_time.is_none()
    }

    /// Whom anything here is a grant to.
    pub(crate) fn principals(&self) -> impl Iterator<Item = Principal> {
        let direct = self.grants.iter().map(|grant| grant.principal);
        direct.chain(self.delegations.iter().flat_map(Delegation::principals))
    }

    /// Keeps no room for what may come: most places stay as they are for long.
    pub(crate) fn shrink(&mut self) {
        self.grants.shrink_to_fit();
        self.delegations.shrink_to_fit();
        self.denies.shrink_to_fit();
        self.locks.shrink_to_fit();
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

/// A registration assignment, with what its definition says now.
#[derive(Clone, Debug)]
pub(crate) struct Delegation {
    pub(crate) id: AssignmentId,
    pub(crate) definition: DefinitionId,
    pub(crate) managed_by: TenantId,
    /// When it counts, where that is not always.
    pub(crate) period: Option<Box<OpenPeriod>>,
    /// Absent where the definition is.
    manifest: Option<Arc<Manifest>>,
    is_sound: bool,
    /// What was taken along when a like delegation ended (azure profile); sorted.
    pub(crate) lost: Vec<Pair>,
}

impl Delegation {
    pub(crate) fn new(assignment: &Assignment, manifest: Option<Arc<Manifest>>) -> Self {
        let Assignment { id, definition, managed_by, period, .. } = assignment.clone();
        let period = period.map(Box::new);
        Self { period, ..Self::standing(id, definition, managed_by, manifest) }
    }

    pub(crate) fn standing(
        id: AssignmentId,
        definition: DefinitionId,
        managed_by: TenantId,
        manifest: Option<Arc<Manifest>>,
    ) -> Self {
        let (period, is_sound, lost) = (None, false, Vec::new());
        let mut delegation =
            Self { id, definition, managed_by, period, manifest: None, is_sound, lost };
        delegation.define(manifest);
        delegation
    }

    /// What the definition says from now on; brings back what was lost.
    pub(crate) fn define(&mut self, manifest: Option<Arc<Manifest>>) {
        self.manifest = manifest;
        self.is_sound = self.fits();
        self.lost.clear();
    }

    pub(crate) fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_deref()
    }

    pub(crate) fn has_lost(&self, pair: Pair) -> bool {
        self.lost.binary_search(&pair).is_ok()
    }

    /// What its definition says, without what was lost.
    pub(crate) fn given(&self) -> BTreeSet<Pair> {
        let all = self.manifest().into_iter().flat_map(Manifest::pairs);
        all.filter(|pair| !self.has_lost(*pair)).collect()
    }

    /// Whether it is a delegation as the rules know them: of a subscription or a resource
    /// group, by a definition at that subscription which names the same managing tenant.
    pub(crate) fn is_sound(&self) -> bool {
        self.is_sound
    }

    fn fits(&self) -> bool {
        let here = match self.id.scope() {
            Scope::Subscription(id) | Scope::ResourceGroup(id, _) => Some(*id),
            Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => None,
        };
        let Some(manifest) = &self.manifest else { return false };
        here.map(Scope::Subscription).as_ref() == Some(self.definition.scope())
            && manifest.managed_by == self.managed_by
    }

    /// Whom it may be a grant to: those are posted under its scope.
    pub(crate) fn principals(&self) -> impl Iterator<Item = Principal> {
        self.manifest.iter().flat_map(|manifest| manifest.principals())
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
