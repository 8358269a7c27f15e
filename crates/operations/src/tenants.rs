//! The tenants that a caller comes by.

use std::collections::BTreeMap;

use ids::guid::{Principal, TenantId};
use model::{
    delegation::Assignment,
    directory::{Tenant, User, UserKind},
    tree::Subscription,
};
use store::{records::ranges, snapshot::Snapshot};

use crate::{around, context::Context, error::Error, plane::Plane};

/// How a caller comes by a tenant; where by several ways, the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// By an account there, as a member or a guest.
    Home,
    /// Through what was delegated to the caller's tenant.
    ProjectedBy,
    /// It manages a subscription of the caller's tenant.
    ManagedBy,
}

/// Whose tenants are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those with an account of the caller's only: what clients sign in to.
    Home,
    All,
}

/// The caller's tenants, its own first.
pub async fn list(
    plane: &Plane,
    context: &Context,
    wanted: Wanted,
) -> Result<Vec<(Tenant, Relation)>, Error> {
    let caller = context.caller.principal;
    let snapshot = plane.store.snapshot().await?;
    let mut related = BTreeMap::new();
    related.insert(caller.tenant, Relation::Home);
    for tenant in accounts(&snapshot, caller).await? {
        related.entry(tenant).or_insert(Relation::Home);
    }
    if wanted == Wanted::All {
        for (tenant, relation) in delegations(plane, &snapshot, caller.tenant).await? {
            related.entry(tenant).or_insert(relation);
        }
    }
    let mut found = Vec::new();
    for (tenant, relation) in related {
        if let Some(tenant) = snapshot.find::<Tenant>(&tenant).await? {
            found.push((tenant, relation));
        }
    }
    found.sort_by_key(|(tenant, relation)| (tenant.id != caller.tenant, *relation));
    snapshot.seal(found).open(&plane.store, |_, found| Ok(found)).await
}

/// The caller's own tenant.
pub async fn own(plane: &Plane, context: &Context) -> Result<Option<Tenant>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<Tenant>(&context.caller.principal.tenant).await?;
    snapshot.seal(found).open(&plane.store, |_, found| Ok(found)).await
}

/// Where the same person has accounts: at home, and as a guest.
async fn accounts(snapshot: &Snapshot, caller: Principal) -> Result<Vec<TenantId>, Error> {
    let home = match snapshot.find::<User>(&caller).await?.map(|user| user.kind) {
        Some(UserKind::Guest { home }) => home,
        Some(UserKind::Member) | None => caller,
    };
    let mut guests: Vec<User> = Vec::new();
    around::collect(snapshot, &ranges::guests_of(home), &mut guests).await?;
    let elsewhere = guests.into_iter().filter(|user| user.enabled);
    Ok(elsewhere.map(|user| user.principal.tenant).chain([home.tenant]).collect())
}

async fn delegations(
    plane: &Plane,
    snapshot: &Snapshot,
    tenant: TenantId,
) -> Result<Vec<(TenantId, Relation)>, Error> {
    let index = plane.index();
    let mut managed: Vec<Assignment> = Vec::new();
    around::each(snapshot, &ranges::assignments_of_managing_tenant(tenant), |it| managed.push(it))
        .await?;
    let customers = managed.iter().filter_map(|it| index.home(it.id.scope()));
    let mut own: Vec<Subscription> = Vec::new();
    around::each(snapshot, &ranges::subscriptions_of_tenant(tenant), |it| own.push(it)).await?;
    let managers = own.iter().flat_map(|it| index.managing_tenants(it.id));
    let customers = customers.map(|tenant| (tenant, Relation::ProjectedBy));
    Ok(customers.chain(managers.map(|tenant| (tenant, Relation::ManagedBy))).collect())
}
