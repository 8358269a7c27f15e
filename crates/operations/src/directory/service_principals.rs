//! What applications are as principals of the tenant: what can be granted something.

use ids::guid::{AppId, ObjectId};
use model::{
    change::Noun,
    directory::{Application, ServicePrincipal, ServicePrincipalKind},
    ownership::Owned,
};
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Snapshot},
    unit::Unit,
};

use super::{
    Refused, beside, not_found, own, put, remove, roles, spare_managing, spare_privileged, tenant,
    tend,
};
use crate::{
    cascade,
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::{Plane, retry},
};

/// Which service principal is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Object(ObjectId),
    App(AppId),
}

/// A service principal, and its application where that is registered on this installation.
pub type Installed = (ServicePrincipal, Option<Application>);

/// The service principal of that key.
pub async fn get(plane: &Plane, context: &Context, key: Key) -> Result<Installed, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = match seen(&snapshot, context, key).await? {
        Some(it) => Some(with_application(&snapshot, it).await?),
        None => None,
    };
    let found = plane.release(context, snapshot, found).await?;
    found.ok_or_else(|| missing(key))
}

pub(super) async fn seen(
    snapshot: &Snapshot,
    context: &Context,
    key: Key,
) -> Result<Option<ServicePrincipal>, StoreError> {
    Ok(match key {
        Key::Object(object) => snapshot.find::<ServicePrincipal>(&own(context, object)).await?,
        Key::App(app) => {
            let range = ranges::service_principals_by_app(tenant(context), app);
            let page = snapshot.list::<ServicePrincipal>(&range, Page::first()).await?;
            page.items.into_iter().next()
        }
    })
}

pub(super) fn missing(key: Key) -> Error {
    match key {
        Key::Object(object) => not_found(object),
        Key::App(app) => not_found(app),
    }
}

/// Whoever has installed an application may see who owns it, as in Entra.
async fn with_application(
    snapshot: &Snapshot,
    it: ServicePrincipal,
) -> Result<Installed, StoreError> {
    let range = ranges::applications_by_app(it.app);
    let found = snapshot.list::<Application>(&range, Page::first()).await?.items;
    Ok((it, found.into_iter().next()))
}

/// The tenant's service principals by application; only that application's where one is given.
pub async fn list(
    plane: &Plane,
    context: &Context,
    app: Option<AppId>,
    page: Page,
    wanted: impl Fn(&ServicePrincipal) -> bool,
) -> Result<Paged<Installed>, Error> {
    let tenant = tenant(context);
    let range = app.map_or_else(
        || ranges::service_principals_of_tenant(tenant),
        |app| ranges::service_principals_by_app(tenant, app),
    );
    let question = |it: &ServicePrincipal| wanted(it).then(|| context.question.clone());
    let page = page::list(plane, context, &range, page, question).await?;
    beside(plane, context, page, |snapshot, it| Box::pin(with_application(snapshot, it))).await
}

/// Makes a principal of an application of this tenant, or of one that is meant for all. Another
/// tenant's own is refused like one that does not exist.
pub async fn create(
    plane: &Plane,
    context: &Context,
    app: AppId,
    enabled: Enabled,
) -> Result<Installed, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let tenant = tenant(context);
        let found = unit.list::<Application>(&ranges::applications_by_app(app)).await?;
        let application = found.into_iter().find(|it| it.is_meant_for(tenant));
        let application = application.ok_or_else(|| Refused::NoApplication(app.to_string()))?;
        let range = ranges::service_principals_by_app(tenant, app);
        if !unit.list::<ServicePrincipal>(&range).await?.is_empty() {
            return Err(Refused::PrincipalExists(app.to_string()).into());
        }
        let new = ServicePrincipal {
            principal: own(context, ObjectId::new(plane.random.uuid())),
            app,
            display_name: application.display_name.clone(),
            enabled: enabled == Enabled::Yes,
            kind: ServicePrincipalKind::Application,
        };
        unit.find::<ServicePrincipal>(&new.principal).await?;
        put(plane, context, &mut unit, Noun::ServicePrincipal(new.clone()))?;
        plane.commit(context, unit, 201).await?;
        Ok((new, Some(application)))
    })
    .await
}

/// Whether a service principal may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enabled {
    Yes,
    No,
}

/// Lets a service principal sign in, or bars it: its tokens are refused from then on.
pub async fn enable(
    plane: &Plane,
    context: &Context,
    key: Key,
    enabled: Option<Enabled>,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let before = find(&mut unit, context, key).await?;
        spare_privileged(plane, context, &mut unit, before.principal).await?;
        let wanted = enabled.map_or(before.enabled, |it| it == Enabled::Yes);
        if before.enabled && !wanted {
            roles::spare_last(&mut unit, before.principal).await?;
        }
        if wanted != before.enabled {
            let after = ServicePrincipal { enabled: wanted, ..before };
            put(plane, context, &mut unit, Noun::ServicePrincipal(after))?;
        }
        plane.commit(context, unit, 204).await
    })
    .await
}

/// Removes a service principal; its application stays. A managed identity goes with its resource.
pub async fn delete(plane: &Plane, context: &Context, key: Key) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let it = open(plane, context, &mut unit, key).await?;
        if let ServicePrincipalKind::ManagedIdentity { .. } = it.kind {
            return Err(Refused::ManagedIdentity.into());
        }
        let who = it.principal;
        spare_privileged(plane, context, &mut unit, who).await?;
        roles::spare_last(&mut unit, who).await?;
        remove(plane, context, &mut unit, Noun::ServicePrincipal(it))?;
        cascade::strip(&mut unit, who).await?;
        cascade::disown(&mut unit, Owned::ServicePrincipal(who)).await?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// The service principal, for whoever may remove it or say who owns it.
pub(super) async fn open(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    key: Key,
) -> Result<ServicePrincipal, Error> {
    let found = find(unit, context, key).await?;
    tend(plane, context, unit, Owned::ServicePrincipal(found.principal))?;
    Ok(found)
}

async fn find(unit: &mut Unit, context: &Context, key: Key) -> Result<ServicePrincipal, Error> {
    let found = match key {
        Key::Object(object) => unit.find::<ServicePrincipal>(&own(context, object)).await?,
        Key::App(app) => {
            let range = ranges::service_principals_by_app(tenant(context), app);
            unit.list::<ServicePrincipal>(&range).await?.into_iter().next()
        }
    };
    found.ok_or_else(|| missing(key))
}

/// Refuses what lets somebody sign in as an application, or says where its codes go, to whoever
/// manages ordinary applications, where the application manages the directory itself; and to
/// whoever only owns it, where it may change anything there.
pub(super) async fn spare_powerful(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    app: AppId,
) -> Result<(), Error> {
    let range = ranges::service_principals_by_app(tenant(context), app);
    for it in unit.list::<ServicePrincipal>(&range).await? {
        spare_managing(plane, context, unit, it.principal).await?;
    }
    Ok(())
}
