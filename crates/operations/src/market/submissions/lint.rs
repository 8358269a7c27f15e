//! What certification would say of a draft, without submitting it.

use ids::offer::OfferId;
use market::lint::{Finding, publish};
use model::{
    action::Verb,
    market::account::{Account, Verification},
};

use super::facts;
use crate::{
    context::Context,
    error::Error,
    market::{Operations, Refused, begin, day, find, own},
    plane::Plane,
};

/// All that the rules say of the draft, of the account, and of what runs.
pub async fn lint(
    plane: &Plane,
    context: &Context,
    operations: &Operations,
    id: &OfferId,
) -> Result<Vec<Finding>, Error> {
    let mut unit = begin(plane, context, "offers", Verb::Read)?;
    let offer = find(&mut unit, context, id).await?;
    let account = unit.find::<Account>(&own(context)).await?.ok_or(Refused::NoAccount)?;
    let verification = unit.find::<Verification>(&own(context)).await?;
    let mut findings = facts::findings(plane, &mut unit, &offer, &offer.form, operations).await?;
    let facts = publish::Facts {
        account: &account,
        verification: verification.as_ref(),
        day: day(unit.now()),
        is_running: offer.running.is_some(),
    };
    let unmet = publish::lint(&findings, &facts);
    findings.extend(unmet);
    // Nothing is written: the commit asks whether what was read may still be told.
    unit.commit().await?;
    Ok(findings)
}
