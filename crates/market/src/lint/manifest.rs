//! What is wrong with a manifest.

use std::collections::{BTreeMap, BTreeSet};

use ids::guid::{ObjectId, RoleId};
use model::delegation::{Authorization, EligibleAuthorization, Hurdle, JustInTimePolicy};

use super::{
    Finding,
    rules::{self, Rule},
};
use model::market::manifest::Manifest;

/// How many authorizations a plan has at most.
const AUTHORIZATIONS_MAX: usize = 20;
/// What is known of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleFacts {
    pub name: String,
    /// Whether it may be delegated, or why not.
    pub delegable: Result<(), String>,
    /// What that role is for the rules that name one.
    pub special: Option<Special>,
    /// Whether it lets somebody look at resources once it is delegated.
    pub reads: bool,
    /// Whether it lets somebody change something.
    pub writes: bool,
    /// An operation that reveals keys or passwords, if it allows one.
    pub reveals: Option<String>,
    /// Whether it has data actions, which no delegation gives.
    pub reaches_data: bool,
}

/// A role that the rules know by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    Owner,
    UserAccessAdministrator,
    /// Managed Services Registration assignment Delete Role.
    DeleteRole,
}

/// What is known of a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalFacts {
    pub kind: Kind,
    pub display_name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Person,
    SecurityGroup,
    OtherGroup,
    Application,
}

/// Who may take what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Anybody,
    Named,
}

/// What the rules judge by.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Of each built-in role.
    pub roles: BTreeMap<RoleId, RoleFacts>,
    /// Of everybody in the managing tenant; none where nobody can be asked.
    pub principals: Option<BTreeMap<ObjectId, PrincipalFacts>>,
    pub audience: Audience,
}

/// All that the rules object to, in the manifest's order.
pub fn lint(manifest: &Manifest, facts: &Facts) -> Vec<Finding> {
    lint_for(manifest, &facts.roles, facts.principals.as_ref(), facts.audience)
}

/// As [`lint`], where principals and audience are not those of other manifests.
pub(super) fn lint_for(
    manifest: &Manifest,
    roles: &BTreeMap<RoleId, RoleFacts>,
    principals: Option<&BTreeMap<ObjectId, PrincipalFacts>>,
    audience: Audience,
) -> Vec<Finding> {
    let mut lint = Lint { manifest, roles, principals, audience, findings: Vec::new() };
    lint.whole();
    for (nth, it) in manifest.authorizations.iter().enumerate() {
        lint.authorization(&format!("authorizations[{nth}]"), it);
    }
    for (nth, it) in manifest.eligible.iter().enumerate() {
        lint.eligible(&format!("eligibleAuthorizations[{nth}]"), it);
    }
    lint.twice();
    lint.unlike_policies();
    lint.findings
}

struct Lint<'a> {
    manifest: &'a Manifest,
    roles: &'a BTreeMap<RoleId, RoleFacts>,
    principals: Option<&'a BTreeMap<ObjectId, PrincipalFacts>>,
    audience: Audience,
    findings: Vec<Finding>,
}

impl Lint<'_> {
    fn find(&mut self, rule: &'static Rule, field: impl Into<String>, reason: impl Into<String>) {
        self.findings.push(Finding::new(rule, field, reason));
    }

    fn role(&self, id: RoleId) -> Option<&RoleFacts> {
        self.roles.get(&id)
    }

    fn is(&self, id: RoleId, special: Special) -> bool {
        self.role(id).is_some_and(|it| it.special == Some(special))
    }

    fn role_name(&self, id: RoleId) -> String {
        self.role(id).map_or_else(|| id.to_string(), |it| it.name.clone())
    }

    fn whole(&mut self) {
        let Manifest { authorizations, eligible, .. } = self.manifest;
        let count = authorizations.len() + eligible.len();
        if count > AUTHORIZATIONS_MAX {
            self.find(&rules::COUNT, "authorizations", format!("there are {count} authorizations"));
        } else if count == 0 {
            self.find(&rules::COUNT, "authorizations", "there is no authorization");
        } else if authorizations.is_empty() {
            let reason = "every authorization has to be activated first";
            self.find(&rules::NOTHING_ACTIVE, "authorizations", reason);
        }
        let leaves = |it: &Authorization| self.is(it.role, Special::DeleteRole);
        if count > 0 && !authorizations.iter().any(leaves) {
            let reason = "only the customer can end this delegation";
            self.find(&rules::NO_WAY_OUT, "authorizations", reason);
        }
    }

    fn authorization(&mut self, at: &str, it: &Authorization) {
        self.principal(at, it.principal, it.display_name.as_deref());
        let listed = it.delegated_roles.as_deref().unwrap_or_default();
        let field = format!("{at}.delegatedRoleDefinitionIds");
        if self.is(it.role, Special::UserAccessAdministrator) {
            if listed.is_empty() {
                self.find(&rules::ASSIGNABLE, field.as_str(), "no role is listed");
            }
        } else {
            if !listed.is_empty() {
                let reason = format!("{} gives no role to anybody", self.role_name(it.role));
                self.find(&rules::ASSIGNABLE, field.as_str(), reason);
            }
            self.delegable(at, it.role);
            self.weight(at, it.role);
        }
        for (nth, role) in listed.iter().enumerate() {
            self.assignable(&format!("{field}[{nth}]"), *role);
        }
    }

    /// A role that is to be given to managed identities.
    fn assignable(&mut self, field: &str, id: RoleId) {
        let Some(role) = self.role(id) else {
            return self.find(&rules::ASSIGNABLE, field, format!("{id} is no built-in role"));
        };
        let name = role.name.clone();
        let is_data_alone = role.reaches_data;
        match (&role.delegable, role.special) {
            (_, Some(Special::Owner | Special::UserAccessAdministrator)) => {
                self.find(
                    &rules::ASSIGNABLE,
                    field,
                    format!("{name} is never given by a delegation"),
                );
            }
            (Err(why), _) if !is_data_alone => {
                let reason = format!("{name}: {why}");
                self.find(&rules::ASSIGNABLE, field, reason);
            }
            _ if is_data_alone => {
                self.find(&rules::UNUSED_DATA, field, format!("{name} has data actions"));
            }
            _ => {}
        }
    }

    fn delegable(&mut self, at: &str, id: RoleId) {
        let field = format!("{at}.roleDefinitionId");
        let reason = match self.role(id) {
            None => format!("{id} is no built-in role"),
            Some(RoleFacts { delegable: Err(why), name, .. }) => format!("{name}: {why}"),
            Some(_) => return,
        };
        self.find(&rules::ROLE, field, reason);
    }

    /// Whether the role is more than one would give away for good.
    fn weight(&mut self, at: &str, id: RoleId) {
        let Some(role) = self.role(id).filter(|it| it.delegable.is_ok()).cloned() else { return };
        let field = format!("{at}.roleDefinitionId");
        if let Some(operation) = &role.reveals {
            let reason = format!("{} allows {operation}", role.name);
            self.find(&rules::SECRETS, field.as_str(), reason);
        }
        let leaves = role.special == Some(Special::DeleteRole);
        if self.audience == Audience::Anybody && role.writes && !leaves {
            let reason = format!("{} changes resources of whoever accepts", role.name);
            self.find(&rules::PUBLIC_WRITE, field, reason);
        }
    }

    fn eligible(&mut self, at: &str, it: &EligibleAuthorization) {
        self.principal(at, it.principal, it.display_name.as_deref());
        let special = self.role(it.role).and_then(|role| role.special);
        if let Some(Special::Owner | Special::UserAccessAdministrator) = special {
            let reason = format!("{} cannot be activated", self.role_name(it.role));
            self.find(&rules::NEVER_ELIGIBLE, format!("{at}.roleDefinitionId"), reason);
        } else {
            self.delegable(at, it.role);
        }
        if self.kind(it.principal) == Some(Kind::Application) {
            let reason = "the principal is an application";
            self.find(&rules::ELIGIBLE_APPLICATION, format!("{at}.principalId"), reason);
        }
        let mut always = self.manifest.authorizations.iter();
        let reads = |other: &Authorization| {
            other.principal == it.principal
                && other.role != it.role
                && self.role(other.role).is_some_and(|role| role.reads)
        };
        if !always.any(reads) {
            let reason = "the principal has no other role that reads";
            self.find(&rules::ELIGIBLE_BLIND, format!("{at}.principalId"), reason);
        }
        self.policy(at, it);
    }

    fn policy(&mut self, at: &str, it: &EligibleAuthorization) {
        let Hurdle { minutes_max, approvers, .. } = Hurdle::of(it);
        let at = format!("{at}.justInTimeAccessPolicy");
        if !(JustInTimePolicy::MINUTES_MIN..=JustInTimePolicy::MINUTES_MAX).contains(&minutes_max) {
            let reason = format!("it would last {minutes_max} minutes");
            self.find(&rules::DURATION, format!("{at}.maximumActivationDuration"), reason);
        }
        let field = format!("{at}.managedByTenantApprovers");
        if approvers.len() > JustInTimePolicy::APPROVERS_MAX {
            let reason = format!("there are {} approvers", approvers.len());
            self.find(&rules::APPROVERS, field.as_str(), reason);
        }
        // In a group, somebody else can approve.
        let is_alone = approvers.iter().all(|approver| *approver == it.principal);
        let is_group =
            matches!(self.kind(it.principal), Some(Kind::SecurityGroup | Kind::OtherGroup));
        let is_application = |who: &ObjectId| self.kind(*who) == Some(Kind::Application);
        if !approvers.is_empty() && approvers.iter().all(is_application) {
            self.find(&rules::NOBODY_APPROVES, field, "applications approve nothing");
        } else if !approvers.is_empty() && is_alone && !is_group {
            let reason = "whoever asks is the only one who could approve";
            self.find(&rules::NOBODY_APPROVES, field, reason);
        }
    }

    fn kind(&self, who: ObjectId) -> Option<Kind> {
        self.principals?.get(&who).map(|it| it.kind)
    }

    fn principal(&mut self, at: &str, who: ObjectId, shown: Option<&str>) {
        let field = format!("{at}.principalIdDisplayName");
        let shown = shown.map(str::trim).filter(|it| !it.is_empty());
        if shown.is_none() {
            self.find(&rules::NAMELESS, field.as_str(), format!("{who} has no name"));
        }
        let Some(principals) = self.principals else { return };
        let Some(PrincipalFacts { kind, display_name }) = principals.get(&who).cloned() else {
            let reason = format!("{who} is nobody in the managing tenant");
            return self.find(&rules::UNKNOWN_PRINCIPAL, format!("{at}.principalId"), reason);
        };
        if shown.is_some_and(|it| it != display_name.trim()) {
            let reason = format!("the directory calls {who} `{display_name}`");
            self.find(&rules::MISNAMED, field, reason);
        }
        match kind {
            Kind::Person => {
                let reason = format!("{who} is a person");
                self.find(&rules::PERSON, format!("{at}.principalId"), reason);
            }
            Kind::OtherGroup => {
                let reason = format!("{who} is no security group");
                self.find(&rules::NO_SECURITY_GROUP, format!("{at}.principalId"), reason);
            }
            Kind::SecurityGroup | Kind::Application => {}
        }
    }

    fn twice(&mut self) {
        let Manifest { authorizations, eligible, .. } = self.manifest;
        let always = authorizations.iter().map(|it| (it.principal, it.role));
        let activated = eligible.iter().map(|it| (it.principal, it.role));
        let lists: [(&str, Vec<(ObjectId, RoleId)>); 2] =
            [("authorizations", always.collect()), ("eligibleAuthorizations", activated.collect())];
        for (list, pairs) in lists {
            let mut seen = BTreeSet::new();
            for (nth, (who, role)) in pairs.into_iter().enumerate() {
                if !seen.insert((who, role)) {
                    let reason = format!("{who} is given {} before", self.role_name(role));
                    self.find(&rules::TWICE, format!("{list}[{nth}]"), reason);
                }
            }
        }
    }

    fn unlike_policies(&mut self) {
        let mut first: BTreeMap<RoleId, Hurdle> = BTreeMap::new();
        for (nth, it) in self.manifest.eligible.iter().enumerate() {
            let hurdle = Hurdle::of(it);
            if *first.entry(it.role).or_insert_with(|| hurdle.clone()) != hurdle {
                let field = format!("eligibleAuthorizations[{nth}].justInTimeAccessPolicy");
                let reason = format!("{} is activated otherwise before", self.role_name(it.role));
                self.find(&rules::UNLIKE_POLICIES, field, reason);
            }
        }
    }
}

#[cfg(test)]
mod tests;
