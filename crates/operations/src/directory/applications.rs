//! Applications that the tenant has registered. What they sign in with stands in
//! [`credentials`].

use identity::redirect;
use ids::guid::{AppId, ObjectId};
use model::{
    change::{Change, Noun},
    directory::{Application, Credential, Holder, ServicePrincipal, edit::ApplicationEdit},
    event::SystemReason,
    ownership::Owned,
};
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Snapshot},
    unit::Unit,
};

use super::{
    Refused, beside,
    credentials::{self, Given},
    decide, not_found, own, put, remove, service_principals, tenant, tend,
};
use crate::{
    around, cascade,
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::{Plane, retry},
};

/// So many names an application may have.
const NAMES_MAX: usize = 50;
/// So many tags, and the longest.
const TAGS_MAX: usize = 50;

/// Which application is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Object(ObjectId),
    App(AppId),
}

/// What is said of an application: what it is to be, and the certificates that are to be its only
/// ones, if that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub edit: ApplicationEdit,
    pub certificates: Option<Vec<Given>>,
}

/// An application and what it signs in with, without the secrets.
pub type Registered = (Application, Vec<Credential>);

/// The application of that key.
pub async fn get(plane: &Plane, context: &Context, key: Key) -> Result<Registered, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = match seen(&snapshot, context, key).await? {
        Some(it) => Some(with_credentials(&snapshot, it).await?),
        None => None,
    };
    let found = plane.release(context, snapshot, found).await?;
    found.ok_or_else(|| missing(key))
}

pub(super) async fn seen(
    snapshot: &Snapshot,
    context: &Context,
    key: Key,
) -> Result<Option<Application>, StoreError> {
    Ok(match key {
        Key::App(app) => snapshot.find::<Application>(&(tenant(context), app)).await?,
        Key::Object(object) => {
            let range = ranges::applications_by_object(own(context, object));
            snapshot.list::<Application>(&range, Page::first()).await?.items.into_iter().next()
        }
    })
}

pub(super) fn missing(key: Key) -> Error {
    match key {
        Key::Object(object) => not_found(object),
        Key::App(app) => not_found(app),
    }
}

async fn with_credentials(snapshot: &Snapshot, it: Application) -> Result<Registered, StoreError> {
    let range = ranges::credentials_of(Holder::Application(it.tenant, it.app));
    let held = snapshot.list::<Credential>(&range, Page::first()).await?.items;
    Ok((it, held))
}

/// The tenant's applications by name.
pub async fn list(
    plane: &Plane,
    context: &Context,
    page: Page,
    wanted: impl Fn(&Application) -> bool,
) -> Result<Paged<Registered>, Error> {
    let range = ranges::applications_of_tenant(tenant(context));
    let question = |it: &Application| wanted(it).then(|| context.question.clone());
    let page = page::list(plane, context, &range, page, question).await?;
    beside(plane, context, page, |snapshot, it| Box::pin(with_credentials(snapshot, it))).await
}

/// Registers an application under an id of its own.
pub async fn create(
    plane: &Plane,
    context: &Context,
    display_name: String,
    said: &Said,
) -> Result<Registered, Error> {
    let app = AppId::new(plane.random.uuid());
    let object = ObjectId::new(plane.random.uuid());
    let new = said.edit.applied(Application::new(tenant(context), app, object, display_name));
    judge(&new)?;
    let given = said.certificates.as_deref().unwrap_or_default();
    retry(async || {
        let mut unit = plane.begin(context);
        unit.find::<Application>(&(new.tenant, new.app)).await?;
        alone(&mut unit, &new).await?;
        put(plane, context, &mut unit, Noun::Application(new.clone()))?;
        let held = credentials::certify(plane, context, &mut unit, &new, given).await?;
        plane.commit(context, unit, 201).await?;
        Ok((new.clone(), held))
    })
    .await
}

/// Changes what is said of an application: all of it, or nothing.
pub async fn update(plane: &Plane, context: &Context, key: Key, said: &Said) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let before = open(plane, context, &mut unit, key).await?;
        let after = said.edit.applied(before.clone());
        judge(&after)?;
        if after != before || said.certificates.is_some() {
            service_principals::spare_powerful(plane, context, &mut unit, before.app).await?;
        }
        if let Some(given) = &said.certificates {
            credentials::certify(plane, context, &mut unit, &after, given).await?;
        }
        if after != before {
            alone(&mut unit, &after).await?;
            put(plane, context, &mut unit, Noun::Application(after))?;
        }
        plane.commit(context, unit, 204).await
    })
    .await
}

/// Refuses the names by which a tenant knows another application of its own: who asks for an API
/// by its name is to find that one.
async fn alone(unit: &mut Unit, after: &Application) -> Result<(), Error> {
    for uri in &after.identifier_uris {
        let range = ranges::applications_by_uri(after.tenant, uri);
        let so_called = unit.list::<Application>(&range).await?;
        if so_called.iter().any(|it| it.app != after.app) {
            return Err(Refused::Taken("identifierUris").into());
        }
    }
    Ok(())
}

/// The tenant's own application that is called so as an API; none where that could be several.
pub async fn named(
    plane: &Plane,
    context: &Context,
    uri: &str,
) -> Result<Option<Application>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut found: Vec<Application> = Vec::new();
    let range = ranges::applications_by_uri(tenant(context), uri);
    around::collect(&snapshot, &range, &mut found).await?;
    let only = if found.len() == 1 { found.pop() } else { None };
    plane.release(context, snapshot, only).await
}

/// Whether an application may be that.
fn judge(after: &Application) -> Result<(), Refused> {
    decide::display_name(&after.display_name)?;
    redirect::judge(&after.redirects)?;
    after.logout_url.as_deref().map_or(Ok(()), redirect::judge_logout)?;
    let named = |uri: &String| {
        uri.len() <= 255
            && (uri.starts_with("api://") || uri.starts_with("https://"))
            && uri.chars().all(|c| c.is_ascii_graphic())
    };
    if after.identifier_uris.len() > NAMES_MAX || !after.identifier_uris.iter().all(named) {
        let why = "at most 50 URIs, each beginning with api:// or https://";
        return Err(Refused::Invalid("identifierUris", why));
    }
    if after.tags.len() > TAGS_MAX {
        return Err(Refused::Invalid("tags", "at most 50"));
    }
    after.tags.iter().try_for_each(|tag| decide::text("tags", Some(tag)))
}

/// Removes an application with what it signs in with, and what it is in this tenant.
pub async fn delete(plane: &Plane, context: &Context, key: Key) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let application = open(plane, context, &mut unit, key).await?;
        let Application { tenant, app, .. } = application;
        service_principals::spare_powerful(plane, context, &mut unit, app).await?;
        let range = ranges::service_principals_by_app(tenant, app);
        for it in unit.list::<ServicePrincipal>(&range).await? {
            super::roles::spare_last(&mut unit, it.principal).await?;
            cascade::remove_principal(plane, &mut unit, it).await?;
        }
        let range = ranges::credentials_of(Holder::Application(tenant, app));
        for it in unit.list::<Credential>(&range).await? {
            let gone = Change::Remove(Noun::Credential(it));
            cascade::apply(&mut unit, SystemReason::Cascade, gone)?;
        }
        cascade::disown(&mut unit, Owned::Application(tenant, app)).await?;
        remove(plane, context, &mut unit, Noun::Application(application))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// The application, for whoever may change it.
pub(super) async fn open(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    key: Key,
) -> Result<Application, Error> {
    let found = find(unit, context, key).await?;
    tend(plane, context, unit, Owned::Application(found.tenant, found.app))?;
    Ok(found)
}

async fn find(unit: &mut Unit, context: &Context, key: Key) -> Result<Application, Error> {
    let found = match key {
        Key::App(app) => unit.find::<Application>(&(tenant(context), app)).await?,
        Key::Object(object) => {
            let range = ranges::applications_by_object(own(context, object));
            unit.list::<Application>(&range).await?.into_iter().next()
        }
    };
    found.ok_or_else(|| missing(key))
}
