//! What somebody may in their own tenant's directory and publisher account: by the roles that they
//! hold there, by what they own, and by what they are.

use std::sync::LazyLock;

use ids::{
    guid::{Principal, RoleId},
    scope::Scope,
};
use model::{
    directory_role::{ALL, MEMBER_ACTIONS, OTHER_ACTIONS},
    market::account::AccountRole,
    ownership::{Owned, OwnedKind},
    question::Via,
};

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
static OWNERS: LazyLock<Vec<(OwnedKind, Vec<Pattern>)>> =
    LazyLock::new(|| OwnedKind::ALL.map(|kind| (kind, read(kind.actions()))).into());
static ACCOUNTS: LazyLock<Vec<(AccountRole, Vec<Pattern>)>> =
    LazyLock::new(|| AccountRole::ALL.map(|role| (role, read(role.actions()))).into());
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
        if let Some(role) = giving.next() {
            return Ok(Source::Directory(Some(role)));
        }
        let mut owned = self.owned(who, facts, asked.question.via).into_iter().filter(|owned| {
            let patterns = OWNERS.iter().find(|(kind, _)| *kind == owned.kind());
            patterns.is_some_and(|(_, patterns)| names(patterns))
        });
        if let Some(owned) = owned.next() {
            return Ok(Source::Owner(owned));
        }
        let role = self.account_role(who, facts, asked.question.via).filter(|role| {
            let patterns = ACCOUNTS.iter().find(|(it, _)| it == role);
            patterns.is_some_and(|(_, patterns)| names(patterns))
        });
        role.map(Source::Account).ok_or(Refusal::NoGrant)
    }

    /// What of that somebody owns. Owners may be guests and applications, too; only the tenant's
    /// own people are let do anything by it.
    fn owned(&self, who: Principal, facts: PrincipalFacts, via: Via) -> Option<Owned> {
        if facts.kind != PrincipalKind::User {
            return None;
        }
        let mut all = self.directory.owned_by(who);
        match via {
            Via::Owner(owned) => all.find(|it| *it == owned),
            Via::OwnerOfSome(kind) => all.find(|it| it.kind() == kind),
            Via::Directory
            | Via::Any
            | Via::Ownership
            | Via::DeleteRole
            | Via::Assigning(_)
            | Via::AssigningSome
            | Via::Data
            | Via::Market
            | Via::Direct
            | Via::Activating(_)
            | Via::Approving(_)
            | Via::Requesting
            | Via::Platform => None,
        }
    }

    /// What somebody is in their tenant's publisher account, where that counts. Guests are nothing
    /// there: whoever signs for a company is one of its own.
    fn account_role(&self, who: Principal, facts: PrincipalFacts, via: Via) -> Option<AccountRole> {
        let is_own = match facts.kind {
            PrincipalKind::User | PrincipalKind::Application | PrincipalKind::ManagedIdentity => {
                true
            }
            PrincipalKind::Guest { .. } | PrincipalKind::Group(_) => false,
        };
        let role = self.directory.account_role_of(who);
        role.filter(|_| is_own && via == Via::Market)
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
