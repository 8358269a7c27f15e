//! Applications that the tenant has registered. What they sign in with stands in
//! [`credentials`](super::credentials).

use identity::redirect;
use ids::guid::{AppId, ObjectId};
use model::{
    change::{Change, Noun},
    directory::{Application, Audience, Credential, Holder, ServicePrincipal},
    event::SystemReason,
};
use store::{
    records::ranges,
    snapshot::{Page, Snapshot},
    unit::Unit,
};

use super::{Refused, decide, not_found, own, put, remove, service_principals, tenant};
use crate::{
    cascade,
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

/// What an application is to be; what is absent stays, or is as for a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub display_name: Option<String>,
    pub audience: Option<Audience>,
    pub identifier_uris: Option<Vec<String>>,
    pub web: Option<Vec<String>>,
    pub spa: Option<Vec<String>>,
    pub public: Option<Vec<String>>,
    pub public_by_default: Option<bool>,
    /// Empty: none.
    pub logout_url: Option<String>,
    pub tags: Option<Vec<String>>,
}

/// An application and what it signs in with, without the secrets.
pub type Registered = (Application, Vec<Credential>);

/// The application of that key.
pub async fn get(plane: &Plane, context: &Context, key: Key) -> Result<Registered, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = match key {
        Key::App(app) => snapshot.find::<Application>(&(tenant(context), app)).await?,
        Key::Object(object) => {
            let range = ranges::applications_by_object(own(context, object));
            snapshot.list::<Application>(&range, Page::first()).await?.items.into_iter().next()
        }
    };
    let found = match found {
        Some(it) => Some(with_credentials(&snapshot, it).await?),
        None => None,
    };
    let found = plane.release(context, snapshot, found).await?;
    found.ok_or_else(|| missing(key))
}

pub(super) fn missing(key: Key) -> Error {
    match key {
        Key::Object(object) => not_found(object),
        Key::App(app) => not_found(app),
    }
}

async fn with_credentials(snapshot: &Snapshot, it: Application) -> Result<Registered, Error> {
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
    let Paged { items, next } = page::list(plane, context, &range, page, question).await?;
    let snapshot = plane.store.snapshot().await?;
    let mut found = Vec::with_capacity(items.len());
    for it in items {
        found.push(with_credentials(&snapshot, it).await?);
    }
    let items = plane.release(context, snapshot, found).await?;
    Ok(Paged { items, next })
}

/// Registers an application under an id of its own.
pub async fn create(
    plane: &Plane,
    context: &Context,
    display_name: String,
    edit: &Edit,
) -> Result<Application, Error> {
    let app = AppId::new(plane.random.uuid());
    let object = ObjectId::new(plane.random.uuid());
    let new = edited(Application::new(tenant(context), app, object, display_name), edit)?;
    retry(async || {
        let mut unit = plane.begin(context);
        unit.find::<Application>(&(new.tenant, new.app)).await?;
        put(plane, context, &mut unit, Noun::Application(new.clone()))?;
        plane.commit(context, unit, 201).await?;
        Ok(new.clone())
    })
    .await
}

/// Changes what is said of an application.
pub async fn update(plane: &Plane, context: &Context, key: Key, edit: &Edit) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let before = find(&mut unit, context, key).await?;
        let after = edited(before.clone(), edit)?;
        if after != before {
            service_principals::spare_powerful(plane, context, &mut unit, before.app).await?;
            put(plane, context, &mut unit, Noun::Application(after))?;
        }
        plane.commit(context, unit, 204).await
    })
    .await
}

fn edited(before: Application, edit: &Edit) -> Result<Application, Refused> {
    let Edit { display_name, audience, identifier_uris, .. } = edit.clone();
    let mut after = Application {
        display_name: display_name.unwrap_or(before.display_name),
        audience: audience.unwrap_or(before.audience),
        identifier_uris: identifier_uris.unwrap_or(before.identifier_uris),
        public_by_default: edit.public_by_default.unwrap_or(before.public_by_default),
        tags: edit.tags.clone().unwrap_or(before.tags),
        ..before
    };
    for (slot, new) in [
        (&mut after.redirects.web, &edit.web),
        (&mut after.redirects.spa, &edit.spa),
        (&mut after.redirects.public, &edit.public),
    ] {
        if let Some(new) = new {
            slot.clone_from(new);
        }
    }
    if let Some(url) = &edit.logout_url {
        after.logout_url = Some(url.clone()).filter(|url| !url.is_empty());
    }
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
    after.tags.iter().try_for_each(|tag| decide::text("tags", Some(tag)))?;
    Ok(after)
}

/// Removes an application with what it signs in with, and what it is in this tenant.
pub async fn delete(plane: &Plane, context: &Context, key: Key) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let application = find(&mut unit, context, key).await?;
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
        remove(plane, context, &mut unit, Noun::Application(application))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

pub(super) async fn find(
    unit: &mut Unit,
    context: &Context,
    key: Key,
) -> Result<Application, Error> {
    let found = match key {
        Key::App(app) => unit.find::<Application>(&(tenant(context), app)).await?,
        Key::Object(object) => {
            let range = ranges::applications_by_object(own(context, object));
            unit.list::<Application>(&range).await?.into_iter().next()
        }
    };
    found.ok_or_else(|| missing(key))
}
