//! The operators' word on a company.

use model::{
    action::Verb,
    market::{
        MarketNoun,
        account::{Account, Qualification, Verification, VerificationStage},
        by_operator,
    },
};

use super::decide;
use crate::{
    context::Context,
    error::Error,
    market::{By, IfMatch, Refused, asked},
    plane::{Plane, retry},
};

/// Notes how far the verification of the asked tenant's company has come, and what qualifies it, if
/// the company still says of itself what the operator looked at.
pub async fn verify(
    plane: &Plane,
    context: &Context,
    stage: VerificationStage,
    qualifications: Vec<Qualification>,
    wanted: IfMatch,
) -> Result<Verification, Error> {
    let tenant = asked(context);
    retry(async || {
        let leave = vec![by_operator(tenant, "verifications", Verb::Write)];
        let permit = plane.authorize(&plane.index(), context, leave)?;
        let mut unit = plane.begin(context);
        unit.hold(permit);
        let account = unit.find::<Account>(&tenant).await?.ok_or(Refused::NoAccount)?;
        wanted.check(account.revision)?;
        let before = unit.find::<Verification>(&tenant).await?;
        let (stage, qualifications) = (stage.clone(), qualifications.clone());
        let after = decide::verified(tenant, before.as_ref(), stage, qualifications, unit.now())?;
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Verification(after.clone())).await?;
        plane.commit(context, unit, 200).await?;
        Ok(after)
    })
    .await
}
