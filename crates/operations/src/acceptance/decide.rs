//! Saying no to a newer version, and taking that back. Either is said for all that the tenant
//! delegated under the plan.

use delegation::acceptance::{Refused, decline as no, reconsider as perhaps};
use ids::version::Version;
use model::market::acceptance::Acceptance;

use super::{
    At, admit, follow, for_all,
    published::{self, key},
    read::{self, Accepted},
    refused,
    take::agree,
};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// No to the version that waits, which has to be named.
    Decline(Option<Version>),
    /// The no is taken back.
    Reconsider,
}

/// Remembers the customer's word.
pub async fn decide(
    plane: &Plane,
    context: &Context,
    at: &At,
    word: Word,
) -> Result<Accepted, Error> {
    retry(|| once(plane, context, at, word)).await?;
    read::get(plane, context, at).await
}

async fn once(plane: &Plane, context: &Context, at: &At, word: Word) -> Result<(), Error> {
    let customer = admit(plane, context, at)?;
    read::get(plane, context, at).await?; // what is not of this subscription is not there
    let (plan, slot) = at.meant()?;
    let mut unit = plane.begin(context);
    let before = unit.find::<Acceptance>(&key(customer, &plan, slot)).await?;
    let before = before.ok_or_else(|| refused(Refused::NotAccepted(plan.clone())))?;
    let newest = published::read(&mut unit, &plan, slot, at.subscription).await?;
    let newest = newest.and_then(|it| it.open());
    let held = for_all(plane, context, &mut unit, &before).await;
    held.map_err(|error| follow::elsewhere(error, at.subscription, &plan))?;
    let after = match word {
        Word::Decline(asked) => no(before, newest, asked).map_err(refused)?,
        Word::Reconsider => perhaps(before),
    };
    let after = Acceptance { subscription: at.subscription, ..after };
    agree(plane, context, &mut unit, &after).await?;
    let committed = plane.commit(context, unit, 200).await;
    committed.map_err(|error| follow::elsewhere(error, at.subscription, &plan))
}
