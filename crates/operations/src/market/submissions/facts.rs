//! What the rules judge a form by, as the unit finds it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    offer::{OfferId, Slot},
};
use market::lint::{
    Finding, change,
    manifest::{self, Kind, PrincipalFacts, RoleFacts},
    offer,
};
use model::{
    directory::{Group, GroupKind, ServicePrincipal, User},
    market::{
        form::{Form, Plan, VersionedManifest, Visibility},
        manifest::Manifest,
        offer::{Edition, Offer, Stage},
    },
};
use store::{error::StoreError, records::ranges::market as ranges, unit::Unit};

use crate::{
    error::Error,
    market::{Operations, day, leads::address, offers::published::Published},
    offers::{
        expectations::{Unmet, failed},
        roles::role_facts,
    },
    plane::Plane,
    turns::Turns,
};

/// So many are judged at a time, and one of each tenant's: what roles allow takes time to find out.
static JUDGING: Turns = Turns::new(2);

/// All that the rules say of a form of the offer, and of what changed in it.
pub(in crate::market) async fn findings(
    plane: &Plane,
    unit: &mut Unit,
    offer: &Offer,
    form: &Form,
    operations: &Operations,
) -> Result<Vec<Finding>, Error> {
    let form = &*address::whole(plane, &offer.id, form)?;
    let names = form.plans.iter().map(|it| &it.name);
    let published = Published::read(unit, offer, names).await?;
    let judged = judged(form, &published);
    let roles = roles(offer.tenant, &judged, operations).await?;
    let principals = principals(unit, offer.tenant, &judged).await?;
    let audience = manifest::Audience::Anybody; // each plan says itself whom it is for
    let manifests = manifest::Facts { roles, principals: Some(principals), audience };
    let title = &form.listing.title;
    let facts = offer::Facts {
        id: &offer.id,
        tenant: offer.tenant,
        day: day(unit.now()),
        manifests: &manifests,
        previewed: &published.previewed,
        is_id_taken: false, // it is its own
        is_title_taken: is_title_taken(unit, &offer.id, title).await?,
    };
    let mut findings = offer::lint(form, &facts);
    findings.extend(change::lint(form, published.facts()));
    Ok(findings)
}

/// The manifests that there is something to say of: what is new, and what is offered.
fn judged<'a>(form: &'a Form, published: &Published) -> Vec<&'a Manifest> {
    let is_judged = |plan: &Plan, it: &VersionedManifest| {
        let is_newest = plan.newest().is_some_and(|newest| newest.version == it.version);
        is_newest || !published.previewed.contains_key(&(plan.name.clone(), it.version))
    };
    let of_plan = |plan: &'a Plan| plan.manifests.iter().filter(move |it| is_judged(plan, it));
    form.plans.iter().flat_map(of_plan).map(|it| &it.manifest).collect()
}

/// Of every role that is named, found out where it holds nobody up.
async fn roles(
    tenant: TenantId,
    judged: &[&Manifest],
    operations: &Operations,
) -> Result<BTreeMap<RoleId, RoleFacts>, Error> {
    let mut all = Manifest { tenant, authorizations: Vec::new(), eligible: Vec::new() };
    for it in judged {
        all.authorizations.extend(it.authorizations.iter().cloned());
        all.eligible.extend(it.eligible.iter().cloned());
    }
    let operations = Arc::clone(operations);
    let work = move || {
        let names: Vec<&str> = operations.iter().map(String::as_str).collect();
        role_facts(&all, &names)
    };
    Ok(aside(tenant, work).await?.map_err(StoreError::corrupt)?)
}

/// What the publisher expects and the plans do not do, found out where it holds nobody up.
pub(in crate::market) async fn expected(
    tenant: TenantId,
    form: &Form,
    operations: &Operations,
) -> Result<Vec<Finding>, Error> {
    if form.tests.is_empty() {
        return Ok(Vec::new());
    }
    let (form, operations) = (form.clone(), Arc::clone(operations));
    let failed = aside(tenant, move || failed(&form, &operations)).await?;
    let failed = failed.map_err(StoreError::corrupt)?.into_iter();
    Ok(failed.map(|Unmet { nth, reason }| offer::unmet(nth, reason)).collect())
}

/// Does work for a tenant that may take long where it holds nobody up, in the tenant's turn.
pub(crate) async fn aside<T: Send + 'static>(
    tenant: TenantId,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let turn = JUDGING.take(tenant).await?;
    // The work keeps its turn, even if nobody waits for it any more.
    let work = move || {
        let _turn = turn;
        work()
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(StoreError::unavailable)?)
}

/// Everybody who is named, as far as they are known in the publisher's own tenant: nobody is looked
/// up in another's.
async fn principals(
    unit: &mut Unit,
    tenant: TenantId,
    judged: &[&Manifest],
) -> Result<BTreeMap<ObjectId, PrincipalFacts>, Error> {
    let mut named: BTreeSet<ObjectId> = BTreeSet::new();
    for it in judged.iter().filter(|it| it.tenant == tenant) {
        named.extend(it.principals());
        let policies = it.eligible.iter().filter_map(|it| it.policy.as_ref());
        named.extend(policies.flat_map(|it| it.approvers.iter().map(|it| it.principal)));
    }
    let mut found = BTreeMap::new();
    for object in named {
        if let Some(facts) = principal(unit, Principal { tenant, object }).await? {
            found.insert(object, facts);
        }
    }
    Ok(found)
}

async fn principal(unit: &mut Unit, who: Principal) -> Result<Option<PrincipalFacts>, Error> {
    let known = |kind, display_name| Ok(Some(PrincipalFacts { kind, display_name }));
    if let Some(it) = unit.find::<User>(&who).await? {
        return known(Kind::Person, it.display_name);
    }
    if let Some(it) = unit.find::<Group>(&who).await? {
        let kind = match it.kind {
            GroupKind::Security => Kind::SecurityGroup,
            GroupKind::Microsoft365 => Kind::OtherGroup,
        };
        return known(kind, it.display_name);
    }
    let application = unit.find::<ServicePrincipal>(&who).await?;
    Ok(application
        .map(|it| PrincipalFacts { kind: Kind::Application, display_name: it.display_name }))
}

/// Whether another provider's offer that anybody can find has the title.
pub(in crate::market) async fn is_title_taken(
    unit: &mut Unit,
    id: &OfferId,
    title: &str,
) -> Result<bool, Error> {
    let range = ranges::editions_titled(Stage::Published(Slot::Live), title);
    let titled = unit.list::<Edition>(&range).await?;
    let is_found = |plan: &Plan, it: &Edition| {
        plan.visibility == Visibility::Public && !it.stopped.contains(&plan.name)
    };
    Ok(titled.iter().any(|it| {
        it.offer.publisher != id.publisher && it.form.plans.iter().any(|plan| is_found(plan, it))
    }))
}
