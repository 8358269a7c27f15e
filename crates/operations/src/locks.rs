//! Locks (`Microsoft.Authorization/locks`). What a lock bars is for `access` to say.

use ids::{resource::LockId, scope::Scope};
use model::{
    change::{Change, Noun},
    role::Lock,
};
use store::records::ranges;

use crate::{
    around::{Kind, Reach},
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
    scopes,
};

const LOCKS: Kind = Kind { name: "Microsoft.Authorization/locks", below: ranges::locks_below };

/// Azure's bound for one scope.
const LOCKS_OF_SCOPE_MAX: usize = 20;
/// Azure's bound on a note.
const NOTES_CHARS_MAX: usize = 512;

/// Why a lock was not written or found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The lock '{0}' could not be found.")]
    NotFound(String),
    #[error("The notes of a lock have at most {NOTES_CHARS_MAX} characters.")]
    LongNotes,
    #[error("A scope has at most {LOCKS_OF_SCOPE_MAX} locks.")]
    TooMany,
}

/// Makes the lock, or gives it this form.
pub async fn put(plane: &Plane, context: &Context, lock: Lock) -> Result<Put<Lock>, Error> {
    if lock.notes.as_ref().is_some_and(|notes| notes.chars().count() > NOTES_CHARS_MAX) {
        return Err(Refused::LongNotes.into());
    }
    retry(async || {
        let mut unit = plane.begin(context);
        let put = match unit.find::<Lock>(&lock.id).await? {
            Some(before) if before == lock => return Ok(Put::Unchanged(before)),
            Some(before) => Put::Updated(Lock { id: before.id, ..lock.clone() }),
            None => {
                scopes::exists(&mut unit, lock.id.scope()).await?;
                let others: Vec<Lock> = unit.list(&LOCKS.at(lock.id.scope())).await?;
                if others.len() >= LOCKS_OF_SCOPE_MAX {
                    return Err(Refused::TooMany.into());
                }
                Put::Created(lock.clone())
            }
        };
        let change = Change::Put(Noun::Lock(put.clone().into_inner()));
        unit.apply(plane.permit(context, &change)?, change)?;
        plane.commit(context, unit, put.status()).await?;
        Ok(put)
    })
    .await
}

/// The lock of that id.
pub async fn get(plane: &Plane, context: &Context, id: LockId) -> Result<Lock, Error> {
    let found = plane.find::<Lock>(context, &id).await?;
    found.ok_or_else(|| Refused::NotFound(id.name().to_string()).into())
}

/// The locks at the scope, around it and, if the reach goes there, below it.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    reach: Reach,
) -> Result<Vec<Lock>, Error> {
    LOCKS.list(plane, context, scope, reach).await
}

/// Removes the lock; answers whether there was one.
pub async fn delete(plane: &Plane, context: &Context, id: LockId) -> Result<bool, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let Some(existing) = unit.find::<Lock>(&id).await? else { return Ok(false) };
        let change = Change::Remove(Noun::Lock(existing));
        unit.apply(plane.permit(context, &change)?, change)?;
        plane.commit(context, unit, 200).await?;
        Ok(true)
    })
    .await
}
