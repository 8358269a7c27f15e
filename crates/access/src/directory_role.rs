//! What somebody may in their own tenant's directory: by the roles that they hold there, and by
//! what they are.

use std::sync::LazyLock;

use ids::{
    guid::{Principal, RoleId},
    scope::Scope,
};
use model::directory_role::{ALL, MEMBER_ACTIONS, OTHER_ACTIONS};

use crate::{
    directory::{PrincipalFacts, PrincipalKind},
    index::Index,
    offer::{Asked, Source},
    pattern::Pattern,
    verdict::Refusal,
};

/// The roles with their patterns read.
static ROLES: LazyLock<Vec<(RoleId, Vec<Pattern>)>> =
    LazyLock::new(|| ALL.iter().map(|role| (role.id, read(role.actions))).collect());
static MEMBERS: LazyLock<Vec<Pattern>> = LazyLock::new(|| read(MEMBER_ACTIONS));
static OTHERS: LazyLock<Vec<Pattern>> = LazyLock::new(|| read(OTHER_ACTIONS));

fn read(actions: &[&str]) -> Vec<Pattern> {
    actions.iter().map(|action| Pattern::new(action)).collect()
}

impl Index {
    /// The directory roles that a principal holds in its tenant; sorted.
    pub fn directory_roles_of(&self, who: Principal) -> Vec<RoleId> {
        self.directory.roles_of(who).collect()
    }

    /// Nobody does anything in another tenant's directory, and nothing stands in the way of what
    /// is allowed: denies and locks are Azure's.
    pub(crate) fn in_directory(
        &self,
        who: Principal,
        asked: &Asked<'_>,
    ) -> Result<Source<'static>, Refusal> {
        let is_own = *asked.scope() == Scope::Tenant(who.tenant);
        let facts = self.directory.acting(who).filter(|_| is_own).ok_or(Refusal::NoGrant)?;
        let names = |patterns: &[Pattern]| patterns.iter().any(|it| it.matches(&asked.action));
        if names(by_default(facts)) {
            return Ok(Source::Directory(None));
        }
        let held = self.directory.roles_of(who);
        let mut giving = held.filter(|role| {
            let patterns = ROLES.iter().find(|(id, _)| id == role);
            patterns.is_some_and(|(_, patterns)| names(patterns))
        });
        giving.next().map(|role| Source::Directory(Some(role))).ok_or(Refusal::NoGrant)
    }
}

fn by_default(facts: PrincipalFacts) -> &'static [Pattern] {
    match facts.kind {
        PrincipalKind::User => &MEMBERS,
        PrincipalKind::Guest { .. }
        | PrincipalKind::Group(_)
        | PrincipalKind::Application
        | PrincipalKind::ManagedIdentity => &OTHERS,
    }
}
