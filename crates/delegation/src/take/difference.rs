//! What a caller says of a plan's manifest, beside what the manifest says.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use ids::guid::{ObjectId, RoleId, TenantId};
use model::{
    delegation::{Authorization, EligibleAuthorization, Hurdle},
    market::manifest::Manifest,
};

/// How many differences a refusal names: whoever has more has the wrong manifest.
const TOLD_MAX: usize = 20;

/// What a caller may leave out, since the plan says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub managed_by: Option<TenantId>,
    pub authorizations: Option<Vec<Authorization>>,
    pub eligible: Option<Vec<EligibleAuthorization>>,
}

/// One role for one principal, in one of a definition's two lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub list: &'static str,
    pub principal: ObjectId,
    pub role: RoleId,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, principal, role } = self;
        write!(f, "role '{role}' for principal '{principal}' in '{list}'")
    }
}

/// One thing in which they differ.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    #[error("the plan's managedByTenantId is '{0}'")]
    Tenant(TenantId),
    #[error("the plan gives {0}, which is missing")]
    Missing(Grant),
    #[error("the plan does not give {0}")]
    Unknown(Grant),
    #[error("the plan gives {0} with other {1}")]
    Otherwise(Grant, &'static str),
}

impl Said {
    /// Each thing that is said and is otherwise in the manifest: both are taken as sets, and what
    /// principals are called is the plan's to say.
    pub fn differences(&self, manifest: &Manifest) -> Vec<Difference> {
        let tenant = self.managed_by.filter(|it| *it != manifest.tenant);
        let tenant = tenant.map(|_| Difference::Tenant(manifest.tenant));
        let always = self.authorizations.as_ref().map(|said| {
            let of = ("authorizations", "delegatedRoleDefinitionIds");
            compare(of, &given(said), &given(&manifest.authorizations))
        });
        let eligible = self.eligible.as_ref().map(|said| {
            let of = ("eligibleAuthorizations", "justInTimeAccessPolicy");
            compare(of, &activated(said), &activated(&manifest.eligible))
        });
        let lists = always.into_iter().chain(eligible).flatten();
        tenant.into_iter().chain(lists).take(TOLD_MAX).collect()
    }
}

type Key = (ObjectId, RoleId);

fn given(all: &[Authorization]) -> BTreeMap<Key, BTreeSet<RoleId>> {
    let mut found: BTreeMap<Key, BTreeSet<RoleId>> = BTreeMap::new();
    for it in all {
        let delegated = it.delegated_roles.iter().flatten().copied();
        found.entry((it.principal, it.role)).or_default().extend(delegated);
    }
    found
}

fn activated(all: &[EligibleAuthorization]) -> BTreeMap<Key, Hurdle> {
    all.iter().map(|it| ((it.principal, it.role), Hurdle::of(it))).collect()
}

fn compare<T: PartialEq>(
    (list, detail): (&'static str, &'static str),
    said: &BTreeMap<Key, T>,
    published: &BTreeMap<Key, T>,
) -> Vec<Difference> {
    let grant = |&(principal, role): &Key| Grant { list, principal, role };
    let missing = published.keys().filter(|key| !said.contains_key(*key));
    let unknown = said.keys().filter(|key| !published.contains_key(*key));
    let otherwise = said
        .iter()
        .filter(|(key, it)| published.get(*key).is_some_and(|published| published != *it));
    missing
        .map(|key| Difference::Missing(grant(key)))
        .chain(unknown.map(|key| Difference::Unknown(grant(key))))
        .chain(otherwise.map(|(key, _)| Difference::Otherwise(grant(key), detail)))
        .collect()
}
