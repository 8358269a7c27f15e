//! Submitting a draft to its preview.

use ids::offer::{OfferId, Slot};
use market::{
    edition::apart,
    lifecycle::{Event, next},
    lint::publish,
};
use model::{
    action::Verb,
    market::{
        MarketNoun,
        account::{Account, Verification},
        offer::{Distribution, Edition, Offer, Stage},
        submission::{Submission, SubmissionId},
    },
};
use store::unit::Unit;

use super::{decide, facts, job, put_edition};
use crate::{
    context::Context,
    error::Error,
    market::{
        By, IfMatch, Operations, Refused, admit, day, find,
        offers::{decide::no_errors, history, published::standing},
        own,
    },
    plane::{Plane, retry},
};

/// Submits the draft, if it is still the one that is meant, and if neither the rules nor the
/// account's standing are against it: the first steps of certification, which need nobody's time,
/// are taken before anything is kept.
pub async fn submit(
    plane: &Plane,
    context: &Context,
    operations: &Operations,
    id: &OfferId,
    wanted: IfMatch,
) -> Result<Submission, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let submission = submit_in(plane, context, &mut unit, operations, id, wanted).await?;
        plane.commit(context, unit, 202).await?;
        Ok(submission)
    })
    .await
}

/// The same as a part of what happens together.
pub(in crate::market) async fn submit_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    operations: &Operations,
    id: &OfferId,
    wanted: IfMatch,
) -> Result<Submission, Error> {
    admit(plane, context, unit, "submissions", Verb::Write)?;
    let before = find(unit, context, id).await?;
    wanted.check(before.revision)?;
    let standing = standing(unit, &before, false).await?;
    let state = next(before.state, Event::Publish, standing)?.unwrap_or(before.state);
    let account = unit.find::<Account>(&own(context)).await?.ok_or(Refused::NoAccount)?;
    let verification = unit.find::<Verification>(&own(context)).await?;
    let mut findings = facts::findings(plane, unit, &before, &before.form, operations).await?;
    let facts = publish::Facts {
        account: &account,
        verification: verification.as_ref(),
        day: day(unit.now()),
        is_running: before.running.is_some(),
    };
    let unmet = publish::lint(&findings, &facts);
    findings.extend(unmet);
    let findings = no_errors(findings)?;
    let Some(partner) = account.partner else {
        return Err(Refused::Objections(findings).into());
    };

    let by = By::Caller(plane, context);
    let id = SubmissionId(plane.random.uuid_at(unit.now()));
    let whose = (before.revision, context.caller.name.as_str());
    let submission = decide::begun(id, &before, Slot::Preview, whose, unit.now());
    let (form, audiences) = apart(&before, Stage::Submitted);
    let edition = Edition {
        offer: before.id.clone(),
        tenant: before.tenant,
        stage: Stage::Submitted,
        form,
        partner,
        submission: id,
        stopped: stopping(&before),
        at: unit.now(),
    };
    put_edition(by, unit, edition, audiences).await?;
    let after = Offer { state, running: Some(id), ..before };
    by.put(unit, MarketNoun::Submission(submission.clone())).await?;
    let told = "Submitted offer to preview".to_owned();
    history::note(plane, by, unit, &after, told).await?;
    by.put(unit, MarketNoun::Offer(after)).await?;
    let job = job(context, unit, id.0, &submission);
    unit.enqueue(job);
    Ok(submission)
}

/// The plans that nobody new may take of what is published next.
fn stopping(offer: &Offer) -> Vec<ids::offer::PlanName> {
    let is_stopping = |it: &Distribution| match it {
        Distribution::StopRequested | Distribution::Stopped => true,
        Distribution::Draft | Distribution::Distributed => false,
    };
    let plans = offer.plans.iter().filter(|(_, facts)| is_stopping(&facts.distribution));
    plans.map(|(name, _)| name.clone()).collect()
}
