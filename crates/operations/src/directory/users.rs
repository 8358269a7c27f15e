//! People: who is there, and what may be changed of them.

use identity::{password, secret::Sensitive};
use ids::guid::{ObjectId, Principal};
use model::{
    change::Noun,
    directory::{Credential, Detail, Holder, Profile, Secret, Tenant, User, UserKind},
    event::SystemReason,
};
use store::{records::ranges, snapshot::Page, unit::Unit};

use super::{Refused, apply, decide, not_found, own, put, remove, spare_privileged, tenant};
use crate::{
    cascade,
    context::Context,
    directory::roles,
    error::Error,
    page::{self, Paged},
    plane::{Plane, retry},
    sign_in::SignIn,
};

/// Which person is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Id(ObjectId),
    /// By the sign-in name.
    Name(String),
}

/// A person to be made.
#[derive(Clone, Debug)]
pub struct New {
    pub user_principal_name: String,
    pub display_name: String,
    pub enabled: bool,
    pub password: Sensitive,
    pub details: Vec<(Detail, Option<String>)>,
}

/// What is to change of a person; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub user_principal_name: Option<String>,
    pub display_name: Option<String>,
    pub enabled: Option<bool>,
    pub password: Option<Sensitive>,
    /// None takes off what was said.
    pub details: Vec<(Detail, Option<String>)>,
}

/// The person of that key.
pub async fn get(plane: &Plane, context: &Context, key: &Key) -> Result<User, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = match key {
        Key::Id(object) => snapshot.find::<User>(&own(context, *object)).await?,
        Key::Name(name) => {
            let range = ranges::users_by_name(tenant(context), name);
            snapshot.list::<User>(&range, Page::first()).await?.items.into_iter().next()
        }
    };
    let found = plane.release(context, snapshot, found).await?;
    found.ok_or_else(|| missing(key))
}

pub(super) fn missing(key: &Key) -> Error {
    match key {
        Key::Id(object) => not_found(object),
        Key::Name(name) => not_found(name.chars().take(120).collect::<String>()),
    }
}

/// The tenant's people, by sign-in name; only that one's where a name is given.
pub async fn list(
    plane: &Plane,
    context: &Context,
    name: Option<&str>,
    page: Page,
    wanted: impl Fn(&User) -> bool,
) -> Result<Paged<User>, Error> {
    let tenant = tenant(context);
    let range = name.map_or_else(
        || ranges::users_of_tenant(tenant),
        |name| ranges::users_by_name(tenant, name),
    );
    let question = |it: &User| wanted(it).then(|| context.question.clone());
    page::list(plane, context, &range, page, question).await
}

/// Makes a person with a password.
pub async fn create(sign_in: &SignIn, context: &Context, new: New) -> Result<User, Error> {
    let plane = sign_in.plane();
    decide::display_name(&new.display_name)?;
    plain(&new.details)?;
    decide::password(&new.password.0)?;
    let secret = sign_in.hash(new.password.clone()).await?;
    retry(async || {
        let mut unit = plane.begin(context);
        free(&mut unit, context, &new.user_principal_name, None).await?;
        let user = User {
            principal: own(context, ObjectId::new(plane.random.uuid())),
            user_principal_name: new.user_principal_name.clone(),
            display_name: new.display_name.clone(),
            enabled: new.enabled,
            kind: UserKind::Member,
            profile: told(Profile::default(), &new.details),
        };
        unit.find::<User>(&user.principal).await?;
        put(plane, context, &mut unit, Noun::User(user.clone()))?;
        keep(plane, context, &mut unit, user.principal, secret.clone()).await?;
        plane.commit(context, unit, 201).await?;
        Ok(user)
    })
    .await
}

/// Changes what is known of a person, the password too.
pub async fn update(
    sign_in: &SignIn,
    context: &Context,
    key: &Key,
    edit: Edit,
) -> Result<(), Error> {
    let plane = sign_in.plane();
    edit.display_name.iter().try_for_each(|name| decide::display_name(name))?;
    plain(&edit.details)?;
    edit.password.iter().try_for_each(|it| decide::password(&it.0))?;
    let secret = match edit.password.clone() {
        Some(password) => Some(sign_in.hash(password).await?),
        None => None,
    };
    retry(async || {
        let mut unit = plane.begin(context);
        let before = find(&mut unit, context, key).await?.ok_or_else(|| missing(key))?;
        let who = before.principal;
        spare_privileged(plane, context, &mut unit, who).await?;
        if let Some(name) = &edit.user_principal_name {
            member_only(&before, "userPrincipalName")?;
            free(&mut unit, context, name, Some(who)).await?;
        }
        if before.enabled && edit.enabled == Some(false) {
            roles::spare_last(&mut unit, who).await?;
        }
        let after = edited(before.clone(), &edit);
        if after != before {
            put(plane, context, &mut unit, Noun::User(after))?;
        }
        if let Some(secret) = &secret {
            member_only(&before, "passwordProfile")?;
            keep(plane, context, &mut unit, who, secret.clone()).await?;
        }
        plane.commit(context, unit, 204).await
    })
    .await
}

fn edited(before: User, edit: &Edit) -> User {
    let Edit { user_principal_name, display_name, enabled, .. } = edit.clone();
    User {
        user_principal_name: user_principal_name.unwrap_or(before.user_principal_name),
        display_name: display_name.unwrap_or(before.display_name),
        enabled: enabled.unwrap_or(before.enabled),
        profile: told(before.profile, &edit.details),
        ..before
    }
}

/// A guest signs in by the account at home.
fn member_only(user: &User, property: &'static str) -> Result<(), Refused> {
    match user.kind {
        UserKind::Member => Ok(()),
        UserKind::Guest { .. } => {
            Err(Refused::Invalid(property, "a guest's is the home tenant's to change"))
        }
    }
}

/// Removes a person with all that makes them somebody. What they were granted of Azure's
/// resources stays, and grants nothing.
pub async fn delete(plane: &Plane, context: &Context, key: &Key) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let user = find(&mut unit, context, key).await?.ok_or_else(|| missing(key))?;
        let who = user.principal;
        spare_privileged(plane, context, &mut unit, who).await?;
        roles::spare_last(&mut unit, who).await?;
        remove(plane, context, &mut unit, Noun::User(user))?;
        cascade::strip(&mut unit, who).await?;
        for it in unit.list::<Credential>(&ranges::credentials_of(Holder::User(who))).await? {
            let gone = model::change::Change::Remove(Noun::Credential(it));
            cascade::apply(&mut unit, SystemReason::Cascade, gone)?;
        }
        plane.commit(context, unit, 204).await
    })
    .await
}

pub(super) async fn find(
    unit: &mut Unit,
    context: &Context,
    key: &Key,
) -> Result<Option<User>, Error> {
    Ok(match key {
        Key::Id(object) => unit.find::<User>(&own(context, *object)).await?,
        Key::Name(name) => {
            let range = ranges::users_by_name(tenant(context), name);
            unit.list::<User>(&range).await?.into_iter().next()
        }
    })
}

/// Refuses a sign-in name that is none of this tenant's, or another's already.
async fn free(
    unit: &mut Unit,
    context: &Context,
    name: &str,
    own: Option<Principal>,
) -> Result<(), Error> {
    let tenant = tenant(context);
    let it = unit.find::<Tenant>(&tenant).await?.ok_or_else(|| not_found(tenant))?;
    decide::sign_in_name(name, &it)?;
    let holders = unit.list::<User>(&ranges::users_by_name(tenant, name)).await?;
    if holders.iter().any(|holder| Some(holder.principal) != own) {
        return Err(Refused::Taken("userPrincipalName").into());
    }
    Ok(())
}

/// Keeps a password in the place of the one before. Who stayed signed in by that one is asked
/// for the new one.
async fn keep(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    who: Principal,
    secret: Secret,
) -> Result<(), Error> {
    let holder = Holder::User(who);
    let (key, display_name) = (who.object.raw(), "password".to_owned());
    for it in unit.list::<Credential>(&ranges::credentials_of(holder)).await? {
        if it.key != key && is_password(&it) {
            remove(plane, context, unit, Noun::Credential(it))?;
        }
    }
    let credential = Credential { holder, key, display_name, secret, expires: None };
    let change = model::change::Change::Put(Noun::Credential(credential));
    unit.look(&change).await?;
    apply(plane, context, unit, change)
}

/// Whoever changes a password leaves the second factor as it is.
fn is_password(it: &Credential) -> bool {
    matches!(it.secret, Secret::Chosen(_) | Secret::Drawn(_) | Secret::Redacted)
}

fn plain(details: &[(Detail, Option<String>)]) -> Result<(), Refused> {
    details.iter().try_for_each(|(detail, text)| decide::text(detail.as_str(), text.as_ref()))
}

fn told(before: Profile, details: &[(Detail, Option<String>)]) -> Profile {
    let mut after = before;
    for (detail, text) in details {
        after.slot(*detail).clone_from(text);
    }
    after
}

impl SignIn {
    /// What is kept of a chosen password: computed off the async threads, a few at a time.
    pub(super) async fn hash(&self, plain: Sensitive) -> Result<Secret, Error> {
        let random = std::sync::Arc::clone(&self.plane().random);
        let hash = move || password::chosen(&plain.0, &*random);
        self.hashed(hash).await.ok_or(Error::Hashing)
    }
}
