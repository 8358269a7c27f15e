//! The second factors of a tenant's people, for those who manage how people sign in: what there is,
//! and taking it off whoever has lost it. What it holds is told to nobody.

use identity::account::second_factor;
use model::{
    change::Noun,
    directory::{Credential, Holder},
};
use store::{records::ranges, snapshot::Page};
use uuid::Uuid;

use super::{
    Refused, remove, spare_privileged,
    users::{self, Key},
};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// The second factor of the person of that key, if there is one.
pub async fn get(plane: &Plane, context: &Context, key: &Key) -> Result<Option<Credential>, Error> {
    let user = users::get(plane, context, key).await?;
    let snapshot = plane.store.snapshot().await?;
    let range = ranges::credentials_of(Holder::User(user.principal));
    let held = snapshot.list::<Credential>(&range, Page::first()).await?.items;
    let found = second_factor(&held).map(|(it, _)| it.clone());
    plane.release(context, snapshot, found).await
}

/// Takes it off somebody else. What its owner has stayed signed in to with it ends at its next use.
/// One's own takes a code of it (`SignIn::give_up_second_factor`): a session is not enough.
pub async fn reset(
    plane: &Plane,
    context: &Context,
    key: &Key,
    factor: Option<Uuid>,
) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let user =
            users::find(&mut unit, context, key).await?.ok_or_else(|| users::missing(key))?;
        let who = user.principal;
        if who == context.caller.principal {
            return Err(Refused::OwnSecondFactor.into());
        }
        spare_privileged(plane, context, &mut unit, who).await?;
        let held = unit.list::<Credential>(&ranges::credentials_of(Holder::User(who))).await?;
        let found = second_factor(&held).map(|(it, _)| it.clone());
        let gone = found.filter(|it| Some(it.key) == factor).ok_or(Refused::NoSecondFactor)?;
        remove(plane, context, &mut unit, Noun::Credential(gone))?;
        plane.commit(context, unit, 204).await
    })
    .await
}
