//! Answers by the facts of one moment: a batch is answered whole by the same facts.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use access::index::Index;
use ids::{
    clock::Revision,
    guid::{ObjectId, Principal},
};
use jiff::Timestamp;
use model::directory::{Tenant, User};
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{
    decide::{Answer, Facts, Kind, Subject},
    language::{Asked, Language, SubjectName, Who},
};
use crate::{error::Error, plane::Plane};

/// The facts of a moment that is not before it was opened, and who is called what.
pub struct Moment {
    index: Arc<Index>,
    caller: Principal,
    now: Timestamp,
    /// People of the caller's own tenant, by the names that were used.
    called: BTreeMap<String, Principal>,
}

impl Moment {
    /// Opens it for questions about these.
    pub async fn open<'a>(
        plane: &Plane,
        caller: Principal,
        subjects: impl Iterator<Item = &'a SubjectName>,
    ) -> Result<Self, Error> {
        let name = |it: &SubjectName| match it.who(caller) {
            Who::Called(name) => Some(name),
            Who::Known(_) | Who::Nobody => None,
        };
        let names: BTreeSet<String> = subjects.filter_map(name).collect();
        let called = if names.is_empty() {
            BTreeMap::new()
        } else {
            // Who is called what is read before the facts: they are as new, or newer.
            find(plane.store.snapshot().await?, caller, names).await?
        };
        let index = plane.store.facts().await?;
        Ok(Self { index, caller, now: plane.store.now(), called })
    }

    /// The revision whose facts are asked.
    pub fn revision(&self) -> Revision {
        self.index.revision()
    }

    /// The answer to one question.
    pub fn answer(&self, language: &Language, asked: &Asked) -> Answer {
        let scope = language.scope(&asked.resource, self.caller.tenant);
        let at = language.asked_at(scope.as_ref());
        let ways = scope.and_then(|at| language.asked(&asked.action, &asked.resource.kind, at));
        self.facts().answer(self.subject(&asked.subject), at.as_ref(), ways.as_ref())
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { index: &self.index, caller: self.caller, now: self.now }
    }

    pub(crate) fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// Who is meant.
    pub(crate) fn subject(&self, name: &SubjectName) -> Subject {
        let who = match name.who(self.caller) {
            Who::Known(who) => Some(who),
            Who::Called(name) => self.called.get(&name).copied(),
            Who::Nobody => None,
        };
        let is_own = name.tenant(self.caller) == Some(self.caller.tenant);
        Subject { who, kind: Kind::parse(&name.kind), is_own }
    }
}

async fn find(
    snapshot: Snapshot,
    caller: Principal,
    names: BTreeSet<String>,
) -> Result<BTreeMap<String, Principal>, StoreError> {
    let domain = snapshot.find::<Tenant>(&caller.tenant).await?.map(|it| it.domain);
    let mut found = BTreeMap::new();
    for name in names {
        let whole = whole_name(&name, domain.as_deref());
        let range = ranges::users_by_name(caller.tenant, &whole);
        let users = snapshot.list::<User>(&range, Page::first()).await?;
        found.extend(users.items.into_iter().next().map(|it| (name, it.principal)));
    }
    Ok(found)
}

/// A sign-in name, with the tenant's own domain where none is named.
fn whole_name(name: &str, domain: Option<&str>) -> String {
    match domain {
        Some(domain) if !name.contains('@') => format!("{name}@{domain}"),
        Some(_) | None => name.to_owned(),
    }
}

/// What a person is called who has that sign-in name: without the tenant's own domain. What reads
/// as an id is none.
pub(crate) fn short_name<'a>(name: &'a str, domain: Option<&str>) -> Option<&'a str> {
    let short = domain.and_then(|domain| {
        let (short, its) = name.rsplit_once('@')?;
        (its.eq_ignore_ascii_case(domain) && !short.contains('@')).then_some(short)
    });
    let name = short.unwrap_or(name);
    name.parse::<ObjectId>().is_err().then_some(name)
}
