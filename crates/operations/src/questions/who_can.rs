//! Who may do something somewhere, and by which grant.

use std::collections::BTreeSet;

use access::{
    graph::{Delegate, Holder},
    index::PrincipalKind,
    verdict::Through,
};
use ids::{
    guid::{Principal, RoleId, TenantId},
    scope::Scope,
};
use model::question::Question;

use super::{
    Asker, At, Told,
    facts::ask,
    names::{Names, Typed},
    sight::{Side, Sight},
};
use crate::{error::Error, plane::Plane};

/// So many of one tenant's are told at once.
pub const WHO_MAX: usize = 1_000;

/// Some of those who may, and whether there are more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhoCan {
    pub found: Vec<Who>,
    pub is_cut: bool,
}

/// Somebody who may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub principal: Principal,
    /// None of somebody whom a delegation names: who that is, the managing tenant knows.
    pub kind: Option<PrincipalKind>,
    pub name: Option<String>,
    /// The innermost grant by which they may.
    pub through: Through,
    pub role: RoleId,
    pub role_name: Option<String>,
    /// Where the grant stands.
    pub scope: Scope,
    /// From the group that the one is in to the group that the grant names, with their names.
    pub groups: Vec<(Principal, Option<String>)>,
}

/// Everyone who may, as far as the asker hears of them: of its own tenant each person, and whom
/// delegations name at a scope of its own.
pub async fn who_can(
    plane: &Plane,
    asker: Asker<'_>,
    at: At,
    question: &Question,
) -> Result<Told<WhoCan>, Error> {
    let told = ask(plane, asker, at, |sight| found(sight, question)).await?;
    let mut whom = Vec::new();
    for it in &told.value.all {
        whom.push(it.principal);
        whom.extend(it.groups.iter().map(|(group, _)| *group));
    }
    let names = Names::of(plane, asker, whom).await?;
    let definitions = told.value.delegates.iter().map(|it| it.definition.clone()).collect();
    let typed = Typed::of(plane, asker, definitions).await?;
    Ok(told.map(|it| it.named(&names, &typed)))
}

/// The same before anybody has a name; whom delegations name come last, as many as `delegates`.
struct Found {
    all: Vec<Who>,
    delegates: Vec<Delegate>,
    is_cut: bool,
}

fn found(sight: &Sight<'_>, question: &Question) -> Result<Found, Error> {
    let (index, now) = (sight.facts.index, sight.facts.now);
    let side = sight.at(&question.scope)?;
    let mut delegates = match side {
        Side::Home | Side::Everything => index.delegates_who_can(question, now),
        Side::Managing(_) => Vec::new(),
    };
    let home = index.home(&question.scope);
    let tenants: BTreeSet<TenantId> = match side {
        Side::Home => home.into_iter().collect(),
        Side::Managing(viewer) => BTreeSet::from([viewer]),
        Side::Everything => {
            home.into_iter().chain(delegates.iter().map(|it| it.grantee.tenant)).collect()
        }
    };
    let mut is_cut = delegates.len() > WHO_MAX;
    delegates.truncate(WHO_MAX);
    let mut found = Vec::new();
    for tenant in tenants {
        let (holders, more) = index.who_can_within(question, tenant, WHO_MAX, now);
        found.extend(holders.into_iter().map(|it| held(sight, it)));
        is_cut |= more;
    }
    found.extend(delegates.iter().map(|it| delegated(sight, it)));
    Ok(Found { all: found, delegates, is_cut })
}

fn held(sight: &Sight<'_>, it: Holder) -> Who {
    let Holder { who, grant, groups } = it;
    Who {
        principal: who,
        kind: sight.facts.index.principal(who).map(|it| it.kind),
        name: None,
        role_name: sight.role_name(&grant.scope, grant.role),
        through: grant.through,
        role: grant.role,
        scope: grant.scope,
        groups: groups.into_iter().map(|it| (it, None)).collect(),
    }
}

fn delegated(sight: &Sight<'_>, it: &Delegate) -> Who {
    let scope = it.assignment.scope();
    Who {
        principal: it.grantee,
        kind: None,
        name: None,
        through: Through::Delegation(it.assignment.clone()),
        role: it.role,
        role_name: sight.role_name(scope, it.role),
        scope: scope.clone(),
        groups: Vec::new(),
    }
}

impl Found {
    fn named(mut self, names: &Names, typed: &Typed) -> WhoCan {
        for who in &mut self.all {
            who.name = names.of_one(who.principal).map(str::to_owned);
            for (group, name) in &mut who.groups {
                *name = names.of_one(*group).map(str::to_owned);
            }
        }
        for (who, it) in self.all.iter_mut().rev().zip(self.delegates.iter().rev()) {
            let typed = typed.of_one(&it.definition, it.grantee.object, it.role);
            who.name = typed.map(str::to_owned);
        }
        WhoCan { found: self.all, is_cut: self.is_cut }
    }
}
