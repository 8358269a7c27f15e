//! What applications sign in with: secrets that Fyr draws, certificates, and the word of other
//! issuers.

use identity::{certificate, federated, password, secret::draw};
use jiff::{SignedDuration, Timestamp};
use model::{
    change::Noun,
    directory::{Application, Credential, Federated, Holder, Secret, edit::FederatedEdit},
};
use store::{records::ranges, unit::Unit};
use uuid::Uuid;

use super::{
    Refused,
    applications::{self, Key},
    decide, put, remove, service_principals,
};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// So many credentials of all kinds may one application have.
const COUNT_MAX: usize = 100;
/// How long a secret is good that nobody gave an end: two years, as in Entra.
const UNTIL_THEN: SignedDuration = SignedDuration::from_hours(2 * 365 * 24);

/// A secret that was drawn: the only time it is told.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub credential: Credential,
    pub secret: identity::secret::Sensitive,
}

/// A certificate as it stands, or is to stand, on an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub key: Option<Uuid>,
    /// DER or PEM; none keeps the one of that key.
    pub certificate: Option<Vec<u8>>,
    pub display_name: Option<String>,
}

/// Draws a secret for an application.
pub async fn add_secret(
    plane: &Plane,
    context: &Context,
    key: Key,
    display_name: Option<String>,
    expires: Option<Timestamp>,
) -> Result<Drawn, Error> {
    decide::text("displayName", display_name.as_ref())?;
    retry(async || {
        let mut unit = plane.begin(context);
        let (application, held) = open(plane, context, &mut unit, key).await?;
        room(held.len())?;
        let secret = draw(&*plane.random);
        let credential = Credential {
            holder: holder(&application),
            key: plane.random.uuid(),
            display_name: display_name.clone().unwrap_or_default(),
            secret: password::drawn(&secret),
            expires: Some(expires.unwrap_or_else(|| later(unit.now()))),
        };
        keep(plane, context, &mut unit, credential.clone()).await?;
        plane.commit(context, unit, 200).await?;
        Ok(Drawn { credential, secret: identity::secret::Sensitive(secret) })
    })
    .await
}

fn later(now: Timestamp) -> Timestamp {
    now.saturating_add(UNTIL_THEN).unwrap_or(Timestamp::MAX)
}

/// Takes a secret off an application: nobody signs in by it any more.
pub async fn remove_secret(
    plane: &Plane,
    context: &Context,
    key: Key,
    secret: Uuid,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let (_, held) = open(plane, context, &mut unit, key).await?;
        let gone = held.into_iter().find(|it| it.key == secret && is_secret(it));
        let gone = gone.ok_or(Refused::NoCredential)?;
        remove(plane, context, &mut unit, Noun::Credential(gone))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// Leaves an application with exactly these certificates; answers all that it signs in with then.
/// It is for who has seen to it that the caller may change that.
pub(super) async fn certify(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    application: &Application,
    given: &[Given],
) -> Result<Vec<Credential>, Error> {
    given.iter().try_for_each(|it| decide::text("displayName", it.display_name.as_ref()))?;
    let range = ranges::credentials_of(holder(application));
    let held = unit.list::<Credential>(&range).await?;
    let (old, others): (Vec<_>, Vec<_>) = held.into_iter().partition(is_certificate);
    if others.len() + given.len() > COUNT_MAX {
        return Err(Refused::TooManyCredentials(COUNT_MAX).into());
    }
    let mut kept = Vec::new();
    for it in given {
        let known = old.iter().find(|old| Some(old.key) == it.key);
        let Some(bytes) = &it.certificate else {
            kept.push(known.ok_or(Refused::NoCredential)?.key);
            continue;
        };
        let id = it.key.filter(|_| known.is_some()).unwrap_or_else(|| plane.random.uuid());
        let new = certificate::read(bytes).map_err(Refused::from)?;
        let new = new.credential(holder(application), id, it.display_name.clone());
        kept.push(id);
        keep(plane, context, unit, new).await?;
    }
    for gone in old.into_iter().filter(|it| !kept.contains(&it.key)) {
        remove(plane, context, unit, Noun::Credential(gone))?;
    }
    Ok(unit.list::<Credential>(&range).await?)
}

/// Lets an application sign in by another issuer's word.
pub async fn federate(
    plane: &Plane,
    context: &Context,
    key: Key,
    name: String,
    word: &FederatedEdit,
) -> Result<Credential, Error> {
    let word = word.applied(&Federated::default());
    retry(async || {
        let mut unit = plane.begin(context);
        let (application, held) = open(plane, context, &mut unit, key).await?;
        let new = Credential {
            holder: holder(&application),
            key: plane.random.uuid(),
            display_name: name.clone(),
            secret: Secret::Federated(word.clone()),
            expires: None,
        };
        federated::judge(&held, &new, &word).map_err(Refused::from)?;
        keep(plane, context, &mut unit, new.clone()).await?;
        plane.commit(context, unit, 201).await?;
        Ok(new)
    })
    .await
}

/// Changes another issuer's word, of that id or name, from what it is when the change is made.
pub async fn refederate(
    plane: &Plane,
    context: &Context,
    key: Key,
    named: &str,
    edit: &FederatedEdit,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let (_, held) = open(plane, context, &mut unit, key).await?;
        let (before, word) = word(&held, named)?;
        let word = edit.applied(word);
        let new = Credential {
            display_name: edit.named(&before.display_name),
            secret: Secret::Federated(word.clone()),
            ..before.clone()
        };
        federated::judge(&held, &new, &word).map_err(Refused::from)?;
        keep(plane, context, &mut unit, new).await?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// Ends that an application signs in by another issuer's word, of that id or name.
pub async fn unfederate(
    plane: &Plane,
    context: &Context,
    key: Key,
    named: &str,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let (_, held) = open(plane, context, &mut unit, key).await?;
        let (gone, _) = word(&held, named)?;
        remove(plane, context, &mut unit, Noun::Credential(gone.clone()))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// The issuers' words by which an application signs in.
pub async fn federated(
    plane: &Plane,
    context: &Context,
    key: Key,
) -> Result<Vec<Credential>, Error> {
    let (_, held) = applications::get(plane, context, key).await?;
    Ok(held.into_iter().filter(is_federated).collect())
}

/// The one of that id or name among them.
pub fn word<'a>(
    held: &'a [Credential],
    named: &str,
) -> Result<(&'a Credential, &'a Federated), Error> {
    let is = |it: &Credential| {
        it.key.to_string().eq_ignore_ascii_case(named)
            || it.display_name.eq_ignore_ascii_case(named)
    };
    let word = |it: &'a Credential| match &it.secret {
        Secret::Federated(word) if is(it) => Some((it, word)),
        Secret::Federated(_)
        | Secret::Chosen(_)
        | Secret::Drawn(_)
        | Secret::Certificate(_)
        | Secret::Seed(_)
        | Secret::Redacted => None,
    };
    let missing = || super::not_found(named.chars().take(120).collect::<String>());
    held.iter().find_map(word).ok_or_else(missing)
}

/// Whether it is a secret that was drawn or chosen.
fn is_secret(it: &Credential) -> bool {
    matches!(it.secret, Secret::Chosen(_) | Secret::Drawn(_) | Secret::Redacted)
}

fn is_certificate(it: &Credential) -> bool {
    matches!(it.secret, Secret::Certificate(_))
}

fn is_federated(it: &Credential) -> bool {
    matches!(it.secret, Secret::Federated(_))
}

/// The application and all that it signs in with, for whoever may change that.
async fn open(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    key: Key,
) -> Result<(Application, Vec<Credential>), Error> {
    let application = applications::open(plane, context, unit, key).await?;
    service_principals::spare_powerful(plane, context, unit, application.app).await?;
    let held = unit.list::<Credential>(&ranges::credentials_of(holder(&application))).await?;
    Ok((application, held))
}

fn holder(it: &Application) -> Holder {
    Holder::Application(it.tenant, it.app)
}

fn room(held: usize) -> Result<(), Refused> {
    if held < COUNT_MAX { Ok(()) } else { Err(Refused::TooManyCredentials(COUNT_MAX)) }
}

async fn keep(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    new: Credential,
) -> Result<(), Error> {
    unit.find::<Credential>(&(new.holder, new.key)).await?;
    put(plane, context, unit, Noun::Credential(new))
}
