//! Who may do something somewhere: of the caller's own tenant, and for whoever reads its
//! directory. Another tenant's people are asked about one by one, as they come.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use access::index::Index;
use ids::guid::{ObjectId, Principal};
use jiff::Timestamp;
use model::{
    directory::{Tenant, User},
    question::Question,
};
use store::{error::StoreError, snapshot::Snapshot};

use super::{
    Listed, Part, TURNS,
    decide::{Facts, Kind, Subject, leave},
    language::{ActionName, Language, Names, ResourceName, Ways, tenant},
    moment::short_name,
};
use crate::{context::Context, error::Error, plane::Plane, roles::explain::SHOWN_OF_DIRECTORY};

/// All of a kind, of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectSearch {
    pub kind: String,
    pub tenant: Option<String>,
    pub action: ActionName,
    pub resource: ResourceName,
}

/// Those who may, by id; what each is called.
pub async fn search(
    plane: &Plane,
    context: &Context,
    language: &Language,
    (search, part): (&SubjectSearch, &Part),
) -> Result<Listed<String>, Error> {
    let caller = context.caller.principal;
    let scope = language.scope(&search.resource, caller.tenant);
    let Some(at) = language.asked_at(scope.as_ref()) else { return nothing(plane).await };
    let mut needed = vec![leave(&at, true)];
    needed.extend(SHOWN_OF_DIRECTORY.map(|it| Question::directory(it, caller.tenant)));
    let judge = |index: &Index| needed.iter().try_for_each(|it| plane.shown(index, context, it));
    let index = plane.store.facts().await?;
    judge(&index)?;
    let is_own = tenant(search.tenant.as_deref(), caller) == Some(caller.tenant);
    let ways = scope.and_then(|at| language.asked(&search.action, &search.resource.kind, at));
    let (Some(kind), Some(ways), true) = (Kind::parse(&search.kind), ways, is_own) else {
        return nothing(plane).await;
    };
    let Ok(after) = part.after.as_deref().map(str::parse::<ObjectId>).transpose() else {
        return nothing(plane).await;
    };
    let wanted = Wanted { index, caller, now: plane.store.now(), kind, ways };
    let (limit, aside) = (part.limit, wanted.clone());
    let mut found = TURNS.aside(caller.tenant, move || aside.after(after, limit)).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| is_more).map(|it| it.object.to_string());
    let snapshot = plane.store.snapshot().await?;
    let names = names(&snapshot, language, &wanted, &found).await?;
    let judge = |index: &Index, names: BTreeMap<Principal, String>| {
        judge(index)?;
        let facts = Facts { index, ..wanted.facts() };
        let called =
            |it: Principal| names.get(&it).cloned().unwrap_or_else(|| it.object.to_string());
        let still = found.into_iter().filter(|it| wanted.holds(facts, *it)).map(called);
        Ok::<_, Error>(Listed { items: still.collect(), next, revision: index.revision() })
    };
    snapshot.seal(names).open(&plane.store, judge).await
}

pub(super) async fn nothing<T>(plane: &Plane) -> Result<Listed<T>, Error> {
    let revision = plane.store.facts().await?.revision();
    Ok(Listed { items: Vec::new(), next: None, revision })
}

/// What is looked for, and in which facts.
#[derive(Clone)]
struct Wanted {
    index: Arc<Index>,
    caller: Principal,
    now: Timestamp,
    kind: Kind,
    ways: Ways,
}

impl Wanted {
    fn facts(&self) -> Facts<'_> {
        Facts { index: &self.index, caller: self.caller, now: self.now }
    }

    /// So many of the caller's tenant after that one, and one more where there is one.
    fn after(&self, after: Option<ObjectId>, limit: usize) -> Vec<Principal> {
        // Whoever has a way open has a yes to its first question.
        let first = self.ways.iter().filter_map(|way| way.first());
        let all: BTreeSet<Principal> =
            first.flat_map(|it| self.index.who_can(it, self.now)).collect();
        let own =
            all.into_iter().filter(|it| it.tenant == self.caller.tenant && Some(it.object) > after);
        let of_kind = own.filter(|it| self.holds(self.facts(), *it));
        of_kind.take(limit.saturating_add(1)).collect()
    }

    fn holds(&self, facts: Facts<'_>, who: Principal) -> bool {
        let subject = Subject { who: Some(who), kind: Some(self.kind), is_own: true };
        facts.is_allowed(subject, &self.ways)
    }
}

/// What people are called where short names are used.
async fn names(
    snapshot: &Snapshot,
    language: &Language,
    wanted: &Wanted,
    found: &[Principal],
) -> Result<BTreeMap<Principal, String>, StoreError> {
    let mut names = BTreeMap::new();
    match (&language.names, wanted.kind) {
        (Names::Arm, _) | (Names::Beneath(_), Kind::ServicePrincipal) => return Ok(names),
        (Names::Beneath(_), Kind::User) => {}
    }
    let domain = snapshot.find::<Tenant>(&wanted.caller.tenant).await?.map(|it| it.domain);
    for who in found {
        let Some(user) = snapshot.find::<User>(who).await? else { continue };
        if let Some(name) = short_name(&user.user_principal_name, domain.as_deref()) {
            names.insert(*who, name.to_owned());
        }
    }
    Ok(names)
}
