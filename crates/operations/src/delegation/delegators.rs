//! Who can delegate a subscription: everyone for whom the delegation rule holds, by which grants
//! and through which groups.

use std::collections::BTreeMap;

use access::{
    delegators::{Delegator, Path, Standing},
    index::{Index, PrincipalKind},
};
use ids::{
    guid::{ObjectId, Principal, RoleId, SubscriptionId},
    scope::Scope,
};
use model::{
    action::Action,
    directory::{Group, ServicePrincipal, User},
    question::{Question, Via},
    role::PrincipalType,
};
use store::{error::StoreError, snapshot::Snapshot};

use crate::{context::Context, error::Error, plane::Plane, roles::definitions};

/// As many as a page shows; each is looked up with the groups on its way.
pub const PAGE_MAX: usize = 100;

/// Somebody who holds what it takes, with names for people to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub who: Principal,
    pub kind: PrincipalType,
    /// None where the directory has no name for it, or shows whoever asks none.
    pub name: Option<String>,
    pub sign_in_name: Option<String>,
    pub standing: Standing,
    pub ways: Vec<Way>,
}

/// One grant, and the groups that it comes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub path: Path,
    pub role: Option<String>,
    pub groups: Vec<(ObjectId, Option<String>)>,
}

/// A page of them, and behind whom the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub found: Vec<Named>,
    pub next: Option<ObjectId>,
}

impl Page {
    fn ways(&self) -> impl Iterator<Item = &Way> {
        self.found.iter().flat_map(|it| &it.ways)
    }

    /// The same without the names of other roles than these.
    fn without_roles_but(mut self, known: &BTreeMap<RoleId, String>) -> Self {
        for way in self.found.iter_mut().flat_map(|it| &mut it.ways) {
            way.role.take_if(|_| !known.contains_key(&way.path.role));
        }
        self
    }

    /// The same with the names alone of what the directory shows.
    fn without_names_but(mut self, shows: impl Fn(&str) -> bool) -> Self {
        let (people, groups) = (shows("users"), shows("groups"));
        let applications = shows("servicePrincipals");
        for it in &mut self.found {
            let told = match it.kind {
                PrincipalType::User => people,
                PrincipalType::Group | PrincipalType::ForeignGroup => groups,
                PrincipalType::ServicePrincipal => applications,
            };
            if !told {
                (it.name, it.sign_in_name) = (None, None);
            }
            for (_, name) in it.ways.iter_mut().flat_map(|way| &mut way.groups) {
                name.take_if(|_| !groups);
            }
        }
        self
    }
}

/// Which part of the list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub subscription: SubscriptionId,
    pub after: Option<ObjectId>,
    pub limit: usize,
}

/// For a caller of the subscription's own tenant who reads all its role assignments: a managing
/// tenant learns nothing of the customer's people. What they and their groups are called is told
/// to whoever may read that in the directory, which no role of Azure's opens; what a tenant's own
/// roles are called, to whoever may read roles there.
pub async fn list(plane: &Plane, context: &Context, wanted: Stretch) -> Result<Page, Error> {
    let whole = Question {
        action: Action::ROLE_ASSIGNMENTS_READ,
        scope: Scope::Subscription(wanted.subscription),
        via: Via::Direct,
    };
    let judge = |index: &Index| {
        plane.shown(index, context, &context.question)?;
        plane.shown(index, context, &whole)
    };
    // Asked before anything is looked up, and again by facts as new as the names.
    judge(&plane.index())?;
    let snapshot = plane.store.snapshot().await?;
    let page = page(plane, &snapshot, wanted).await?;
    let judge = |index: &Index, page: Page| {
        judge(index)?;
        let shows = |noun: &str| {
            let action = Action::named(format!("Fyr.Directory/{noun}/read"));
            let asked = Question::directory(action, context.caller.principal.tenant);
            plane.allowed(index, context, &asked)
        };
        let held: Vec<RoleId> = page.ways().map(|way| way.path.role).collect();
        let roles = definitions::names_by(plane, context, index, (&whole.scope, held));
        Ok::<_, Error>(page.without_names_but(shows).without_roles_but(&roles))
    };
    snapshot.seal(page).open(&plane.store, judge).await
}

/// The same for whoever owns the data folder, and with it all that is in it; none where there is no
/// such subscription.
pub async fn of_folder(plane: &Plane, wanted: Stretch) -> Result<Option<Page>, Error> {
    if plane.index().subscription(wanted.subscription).is_none() {
        return Ok(None);
    }
    let snapshot = plane.store.snapshot().await?;
    let page = page(plane, &snapshot, wanted).await?;
    snapshot.seal(Some(page)).open(&plane.store, |_, page| Ok(page)).await
}

async fn page(plane: &Plane, snapshot: &Snapshot, wanted: Stretch) -> Result<Page, Error> {
    let Stretch { subscription, after, limit } = wanted;
    let index = plane.index();
    let Some(tenant) = index.home(&Scope::Subscription(subscription)) else {
        return Ok(Page { found: Vec::new(), next: None });
    };
    let after = after.map(|object| Principal { tenant, object });
    let limit = limit.clamp(1, PAGE_MAX);
    let delegators = index.who_can_delegate(subscription, after, limit, plane.store.now());
    let mut found = Vec::with_capacity(delegators.found.len());
    for it in delegators.found {
        found.push(named(&index, snapshot, it).await?);
    }
    Ok(Page { found, next: delegators.next.map(|it| it.object) })
}

async fn named(index: &Index, snapshot: &Snapshot, it: Delegator) -> Result<Named, StoreError> {
    let Delegator { who, facts, standing, paths } = it;
    let (kind, name, sign_in_name) = match facts.kind {
        PrincipalKind::User | PrincipalKind::Guest { .. } => {
            let user = snapshot.find::<User>(&who).await?;
            let (name, sign_in) = user.map(|it| (it.display_name, it.user_principal_name)).unzip();
            (PrincipalType::User, name, sign_in)
        }
        PrincipalKind::Group(_) => (PrincipalType::Group, None, None), // groups ask nothing
        PrincipalKind::Application | PrincipalKind::ManagedIdentity => {
            let found = snapshot.find::<ServicePrincipal>(&who).await?;
            (PrincipalType::ServicePrincipal, found.map(|it| it.display_name), None)
        }
    };
    let mut ways = Vec::with_capacity(paths.len());
    for path in paths {
        let role = index.role(who.tenant, path.role).map(|it| it.name.clone());
        let mut groups = Vec::with_capacity(path.groups.len());
        for group in &path.groups {
            let found = snapshot.find::<Group>(group).await?;
            groups.push((group.object, found.map(|it| it.display_name)));
        }
        ways.push(Way { path, role, groups });
    }
    Ok(Named { who, kind, name, sign_in_name, standing, ways })
}
