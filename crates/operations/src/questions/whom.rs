//! Who somebody is, by the name that they sign in with, and which tenant by its domain: for whoever owns the data folder.

use ids::guid::{Principal, TenantId};
use model::directory::{Tenant, User};
use store::{records::ranges, snapshot::Page};

use crate::{error::Error, plane::Plane};

/// The tenant of that domain.
pub async fn tenant(plane: &Plane, domain: &str) -> Result<Option<TenantId>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let tenants = ranges::tenant_by_domain(domain);
    let found = snapshot.list::<Tenant>(&tenants, Page::first()).await?.items;
    let found = found.first().map(|it| it.id);
    snapshot.seal(found).open(&plane.store, |_, found| Ok(found)).await
}

/// The person of that sign-in name, as the directory that the name's domain is of knows them.
pub async fn named(plane: &Plane, name: &str) -> Result<Option<Principal>, Error> {
    let Some((_, domain)) = name.rsplit_once('@') else { return Ok(None) };
    let Some(tenant) = tenant(plane, domain).await? else { return Ok(None) };
    let snapshot = plane.store.snapshot().await?;
    let users = ranges::users_by_name(tenant, name);
    let found = snapshot.list::<User>(&users, Page::first()).await?.items;
    let found = found.first().map(|it| it.principal);
    snapshot.seal(found).open(&plane.store, |_, found| Ok(found)).await
}
