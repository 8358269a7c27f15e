//! The questions as a tenant may hear them answered: of its own people by what it knows itself, and
//! of another's by nothing but what is delegated to them.
//!
//! Whether a guest's account is let in at home is another tenant's, and so is who is in the groups
//! that a delegation names.

use ids::{
    guid::{Principal, RoleId, TenantId},
    resource::{AssignmentId, DefinitionId, DenyAssignmentId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{question::Question, role::Permission};

use crate::{
    delegation::Delegation,
    explain::{ExplainedGrant, Outcome},
    index::Index,
    offer::Subject,
    verdict::{Refusal, Through, Verdict},
};

/// One of a tenant's own who may, and by which grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub who: Principal,
    /// The innermost that allows it.
    pub grant: ExplainedGrant,
    /// From the group that the one is in to the group that the grant names; empty where it names
    /// the one itself.
    pub groups: Vec<Principal>,
}

/// An authorization of a delegation by which whoever it names may.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delegate {
    /// A principal or a group of the managing tenant, as the definition says it.
    pub grantee: Principal,
    pub assignment: AssignmentId,
    pub definition: DefinitionId,
    pub role: RoleId,
}

impl Index {
    /// Whether the scope is there, as far as the index knows: of what lies in a subscription only
    /// that the subscription is.
    pub fn is_there(&self, scope: &Scope) -> bool {
        match scope {
            Scope::Tenant(id) => self.tenant_exists(*id),
            Scope::ManagementGroup(..) | Scope::Subscription(_) => self.tree.has(scope),
            Scope::ResourceGroup(..) | Scope::Resource(_) => self.home(scope).is_some(),
        }
    }

    /// The same answer as [`Index::check`] as far as the principal's own tenant knows.
    pub fn check_within(&self, who: Principal, question: &Question, now: Timestamp) -> Verdict {
        self.judge_as(who, self.local_subject(who, now), question, &mut ())
    }

    /// The same permission objects as [`Index::what_can`] as far as the principal's own tenant
    /// knows.
    pub fn what_can_within(
        &self,
        who: Principal,
        scope: &Scope,
        now: Timestamp,
    ) -> Vec<Permission> {
        self.what_can_as(self.local_subject(who, now), scope)
    }

    /// The outermost scopes where the principal may do that, as far as its own tenant knows;
    /// sorted. `asked` says what of any scope.
    pub fn scopes_of_within(
        &self,
        who: Principal,
        asked: impl Fn(&Scope) -> Question,
        now: Timestamp,
    ) -> Vec<Scope> {
        let may = |scope: &Scope| self.check_within(who, &asked(scope), now).is_allowed();
        self.scopes_where(self.local_subject(who, now), may)
    }

    /// Those of the tenant who may, up to `limit` of them and sorted; and whether there are more.
    pub fn who_can_within(
        &self,
        question: &Question,
        tenant: TenantId,
        limit: usize,
        now: Timestamp,
    ) -> (Vec<Holder>, bool) {
        // Who is in another tenant's group is not looked for: how long that takes would tell.
        let all = self.meant_around(&question.scope, |it| it.tenant == tenant).into_iter();
        let mut all = all.filter_map(|who| self.holder(who, question, now));
        let found: Vec<Holder> = all.by_ref().take(limit).collect();
        (found, all.next().is_some())
    }

    fn holder(&self, who: Principal, question: &Question, now: Timestamp) -> Option<Holder> {
        let subject = self.local_subject(who, now)?;
        if !self.judge_as(who, Some(subject), question, &mut ()).is_allowed() {
            return None;
        }
        let explained = self.explain_as(who, Some(subject), question);
        let grant = explained.grants.into_iter().find(|it| it.outcome == Outcome::Allows)?;
        let groups = self.directory.way_up(who, grant.grantee);
        Some(Holder { who, grant, groups })
    }

    /// The authorizations of delegations at the scope and around it by which somebody whom they
    /// name may, without a look at who that is; sorted.
    pub fn delegates_who_can(&self, question: &Question, now: Timestamp) -> Vec<Delegate> {
        let around = self.lineage(&question.scope);
        let anchors = around.iter().filter_map(|scope| self.anchors.get(scope));
        let named = anchors.flat_map(|anchor| anchor.delegations.iter());
        let mut grantees: Vec<Principal> = named.flat_map(Delegation::principals).collect();
        grantees.sort_unstable();
        grantees.dedup();
        let mut found: Vec<Delegate> =
            grantees.into_iter().flat_map(|it| self.delegated_to(it, question, now)).collect();
        found.sort();
        found.dedup();
        found
    }

    fn delegated_to(
        &self,
        grantee: Principal,
        question: &Question,
        now: Timestamp,
    ) -> Vec<Delegate> {
        let subject = Subject::unseen(grantee, now, self.waiting(now));
        let explained = self.explain_as(grantee, Some(subject), question);
        let stands = match &explained.verdict {
            Verdict::Allowed(_) => true,
            // Whom the authorization means may be among those whom a deny assignment spares.
            Verdict::Refused(Refusal::Denied { .. }) => {
                let mut applying = explained.denies.iter().filter(|it| it.applies);
                applying.all(|it| self.spares_some(&it.id, grantee.tenant))
            }
            Verdict::Refused(Refusal::NoGrant | Refusal::NotOwner(_) | Refusal::Locked { .. }) => {
                false
            }
        };
        if !stands {
            return Vec::new();
        }
        let giving = explained.grants.into_iter().filter(|it| it.outcome == Outcome::Allows);
        giving.filter_map(|it| self.as_delegate(it)).collect()
    }

    fn spares_some(&self, id: &DenyAssignmentId, tenant: TenantId) -> bool {
        let anchor = self.anchors.get(id.scope());
        let mut denies = anchor.into_iter().flat_map(|it| it.denies()).map(|it| &it.assignment);
        denies.any(|it| it.id == *id && it.exclude.iter().any(|who| who.tenant == tenant))
    }

    fn as_delegate(&self, grant: ExplainedGrant) -> Option<Delegate> {
        let ExplainedGrant { scope, through, grantee, role, .. } = grant;
        let Through::Delegation(assignment) = through else { return None };
        let definition = self.delegation_of(&assignment)?.definition(&scope);
        Some(Delegate { grantee, assignment, definition, role })
    }
}
