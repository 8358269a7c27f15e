//! What a company tells of itself later.

use model::{
    action::Verb,
    market::{
        MarketNoun,
        account::{Account, Verification},
    },
};

use super::{Told, decide};
use crate::{
    context::Context,
    error::Error,
    market::{By, IfMatch, Refused, begin, own},
    plane::{Plane, retry},
};

/// Gives the account this form, if it is still the one that the change is meant for.
pub async fn update(
    plane: &Plane,
    context: &Context,
    told: &Told,
    wanted: IfMatch,
) -> Result<Account, Error> {
    retry(async || {
        let mut unit = begin(plane, context, "accounts", Verb::Write)?;
        let tenant = own(context);
        let before = unit.find::<Account>(&tenant).await?.ok_or(Refused::NoAccount)?;
        wanted.check(before.revision)?;
        let verification = unit.find::<Verification>(&tenant).await?;
        let who = context.caller.principal;
        let after = decide::updated(&before, verification.as_ref(), told, who, unit.now())?;
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Account(after.clone())).await?;
        plane.commit(context, unit, 200).await?;
        Ok(after)
    })
    .await
}
