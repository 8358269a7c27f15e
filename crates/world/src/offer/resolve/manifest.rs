//! What a plan gives to whom.

use document::{
    fault::{did_you_mean, quoted},
    place::Word,
};
use ids::guid::{ObjectId, RoleId, TenantId};
use model::{
    delegation::{Approver, Authorization, EligibleAuthorization, JustInTimePolicy, MultiFactor},
    market::manifest::Manifest,
};

use super::Scene;
use crate::offer::declared::{self, Content, Policy};

impl Scene<'_> {
    pub(super) fn manifest(&mut self, declared: &declared::Manifest) -> Option<Manifest> {
        match &declared.content {
            Content::File(path) => {
                let read = self.files.manifest(&path.it);
                let told = |why| self.faults.add(path.at, format!("{}: {why}", quoted(&path.it)));
                read.map_err(told).ok()
            }
            Content::Written { tenant, authorizations, eligible } => {
                let tenant = self.names.tenant(tenant, self.faults);
                let always = authorizations.iter().filter_map(|it| self.authorization(tenant, it));
                let authorizations = always.collect();
                let activated = eligible.iter().filter_map(|it| self.eligible(tenant, it));
                let eligible = activated.collect();
                Some(Manifest { tenant: tenant?, authorizations, eligible })
            }
        }
    }

    fn authorization(
        &mut self,
        tenant: Option<TenantId>,
        it: &declared::Authorization,
    ) -> Option<Authorization> {
        let (principal, role) = self.granted(tenant, &it.principal, &it.role);
        let delegated_roles = it
            .assignable_roles
            .as_ref()
            .map(|words| words.iter().filter_map(|word| self.role(word)).collect());
        let display_name = it.display_name.clone();
        Some(Authorization { principal: principal?, role: role?, display_name, delegated_roles })
    }

    fn eligible(
        &mut self,
        tenant: Option<TenantId>,
        it: &declared::Eligible,
    ) -> Option<EligibleAuthorization> {
        let (principal, role) = self.granted(tenant, &it.principal, &it.role);
        let policy = it.policy.as_ref().map(|policy| self.policy(tenant, policy));
        let display_name = it.display_name.clone();
        Some(EligibleAuthorization { principal: principal?, role: role?, display_name, policy })
    }

    fn policy(&mut self, tenant: Option<TenantId>, declared: &Policy) -> JustInTimePolicy {
        let required = declared.is_second_factor_required;
        let approvers = declared.approvers.iter().filter_map(|it| {
            let principal = self.names.principal(tenant, &it.principal, self.faults)?;
            Some(Approver { principal, display_name: it.display_name.clone() })
        });
        JustInTimePolicy {
            approvers: approvers.collect(),
            multi_factor: if required { MultiFactor::Azure } else { MultiFactor::None },
            minutes_max: declared.minutes_max,
        }
    }

    /// Both looked up, so that one fault does not hide the other.
    fn granted(
        &mut self,
        tenant: Option<TenantId>,
        principal: &Word,
        role: &Word,
    ) -> (Option<ObjectId>, Option<RoleId>) {
        (self.names.principal(tenant, principal, self.faults), self.role(role))
    }

    /// A role by its id, whatever it is: that it may not be delegated is for the rules to say. By
    /// its name, it is a built-in one.
    fn role(&mut self, word: &Word) -> Option<RoleId> {
        let found = word.it.parse().ok().or_else(|| self.roles.find(&word.it));
        if found.is_none() && !word.it.is_empty() {
            let message = format!("there is no built-in role {}", quoted(&word.it));
            let advice = did_you_mean(&word.it, self.roles.names());
            self.faults.advise(word.at, message, advice);
        }
        found
    }
}
