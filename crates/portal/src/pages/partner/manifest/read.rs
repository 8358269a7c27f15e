//! Authorizations out of what was typed, and what of it cannot be read.

use access::catalogue::Catalogue;
use ids::guid::{ObjectId, RoleId};
use market::lint::{
    Finding,
    rules::{self, Rule},
};
use model::delegation::{
    Approver, Authorization, EligibleAuthorization, JustInTimePolicy, MultiFactor,
};

use super::Given;

/// The role of that name or id.
fn role(text: &str) -> Option<RoleId> {
    let catalogue = Catalogue::builtin();
    let mut roles = catalogue.roles();
    let by_name = || roles.find(|it| it.name.eq_ignore_ascii_case(text)).map(|it| it.id);
    text.parse().ok().or_else(by_name)
}

/// What is read, and what cannot be.
pub(super) struct Reader {
    pub(super) wrong: Vec<Finding>,
}

impl Reader {
    fn fault(&mut self, rule: &'static Rule, field: String, reason: String) {
        self.wrong.push(Finding { rule, field, reason });
    }

    fn role(&mut self, rule: &'static Rule, field: String, text: &str) -> Option<RoleId> {
        let found = role(text.trim());
        if found.is_none() {
            self.fault(rule, field, format!("`{text}` is no built-in role"));
        }
        found
    }

    fn principal(&mut self, rule: &'static Rule, field: String, text: &str) -> Option<ObjectId> {
        let id = text.trim().parse().ok();
        if id.is_none() {
            self.fault(rule, field, format!("`{text}` is no object id"));
        }
        id
    }

    pub(super) fn always(&mut self, it: &Given, at: &str) -> Option<Authorization> {
        let principal =
            self.principal(&rules::UNKNOWN_PRINCIPAL, format!("{at}.principalId"), &it.principal);
        let role = self.role(&rules::ROLE, format!("{at}.roleDefinitionId"), &it.role);
        let field = format!("{at}.delegatedRoleDefinitionIds");
        let lines = it.assignable.lines().filter(|line| !line.trim().is_empty());
        let listed: Vec<RoleId> =
            lines.filter_map(|line| self.role(&rules::ASSIGNABLE, field.clone(), line)).collect();
        Some(Authorization {
            principal: principal?,
            role: role?,
            display_name: some(&it.name),
            delegated_roles: (!listed.is_empty()).then_some(listed),
        })
    }

    pub(super) fn eligible(&mut self, it: &Given, at: &str) -> Option<EligibleAuthorization> {
        let principal =
            self.principal(&rules::UNKNOWN_PRINCIPAL, format!("{at}.principalId"), &it.principal);
        let role = self.role(&rules::ROLE, format!("{at}.roleDefinitionId"), &it.role);
        let policy = Some(self.policy(it, &format!("{at}.justInTimeAccessPolicy")));
        let (principal, role) = (principal?, role?);
        Some(EligibleAuthorization { principal, role, display_name: some(&it.name), policy })
    }

    fn policy(&mut self, it: &Given, at: &str) -> JustInTimePolicy {
        let minutes_max = match it.minutes.as_str() {
            "" => JustInTimePolicy::MINUTES_MAX,
            text => text.parse().unwrap_or_else(|_| {
                let field = format!("{at}.maximumActivationDuration");
                self.fault(&rules::DURATION, field, format!("`{text}` is no number of minutes"));
                JustInTimePolicy::MINUTES_MAX
            }),
        };
        let field = format!("{at}.managedByTenantApprovers");
        let lines = it.approvers.lines().map(str::trim).filter(|line| !line.is_empty());
        let approver = |line: &str| {
            let (id, name) = line.split_once(' ').unwrap_or((line, ""));
            let principal = self.principal(&rules::APPROVERS, field.clone(), id)?;
            Some(Approver { principal, display_name: some(name) })
        };
        let approvers: Vec<Approver> = lines.filter_map(approver).collect();
        let multi_factor =
            if it.factor == "azure" { MultiFactor::Azure } else { MultiFactor::None };
        JustInTimePolicy { multi_factor, minutes_max, approvers }
    }
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
