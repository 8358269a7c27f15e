//! Certification: the rules, what the publisher expects of the offer, and an operator where one is
//! asked for.

use market::edition::together;
use model::market::{
    form::Form,
    offer::{Audience, Edition, Stage},
    submission::{Review, StepKind, SubmissionId},
};
use store::records::ranges::market as ranges;

use super::{
    Certification, Means,
    case::{Case, Then},
    steps::worst,
};
use crate::{
    deployments::progress::Hold,
    error::Error,
    market::submissions::{decide::notes, facts},
    plane::Plane,
};

/// Judges what was submitted by what is so now: what stood when it was submitted may be gone.
pub(super) async fn certify(
    plane: &Plane,
    means: &Means,
    hold: &Hold,
    id: SubmissionId,
) -> Result<Option<Then>, Error> {
    let Some(mut case) = Case::open(plane, hold, (id, StepKind::Certification)).await? else {
        return Ok(None);
    };
    let Some(form) = submitted(&mut case).await? else {
        let reason = "what was submitted is gone".to_owned();
        return case.reject(&[], reason).await.map(Some);
    };
    let offer = case.offer.clone();
    let judged = facts::findings(plane, &mut case.unit, &offer, &form, &means.operations);
    let mut findings = judged.await?;
    findings.extend(facts::expected(offer.tenant, &form, &means.operations).await?);
    if let Some(reason) = worst(&findings) {
        return case.reject(&findings, reason).await.map(Some);
    }
    case.submission.findings = notes(&findings);
    let then = match means.certification {
        Certification::Automatic => case.complete(None, None).await?,
        Certification::Manual => match case.unit.find::<Review>(&id).await? {
            Some(Review { is_approved: true, report, .. }) => {
                let report = Some(report).filter(|it| !it.is_empty());
                case.complete(report, None).await?
            }
            Some(Review { is_approved: false, report, .. }) => case.reject(&[], report).await?,
            None => case.wait("An operator looks at it.".to_owned()).await?,
        },
    };
    Ok(Some(then))
}

/// What was submitted, with its audiences.
async fn submitted(case: &mut Case<'_>) -> Result<Option<Form>, Error> {
    let (id, stage) = (case.id(), Stage::Submitted);
    let Some(edition) = case.unit.find::<Edition>(&(id.clone(), stage)).await? else {
        return Ok(None);
    };
    let audiences = case.unit.list::<Audience>(&ranges::audiences_of(&id, stage)).await?;
    Ok(Some(together(&id, edition.form, &audiences)))
}
