//! The publisher's sign-off: what is in the preview goes to the storefront.

use ids::offer::{OfferId, Slot};
use market::{
    lifecycle::{self, Event, next},
    lint::publish,
};
use model::{
    action::Verb,
    market::{
        MarketNoun,
        account::{Account, Verification},
        offer::Offer,
        submission::{StepKind, StepStatus, Submission, SubmissionId},
    },
};
use store::unit::Unit;

use super::{decide, job};
use crate::{
    context::Context,
    error::Error,
    market::{
        By, Refused, admit, day, find,
        offers::{
            decide::no_errors,
            history,
            published::{edition, standing},
        },
        own,
    },
    plane::{Plane, retry},
};

/// Signs off the preview that this submission made.
pub async fn go_live(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    preview: SubmissionId,
) -> Result<Submission, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let submission = go_live_in(plane, context, &mut unit, id, preview).await?;
        plane.commit(context, unit, 202).await?;
        Ok(submission)
    })
    .await
}

/// The same as a part of what happens together.
pub(in crate::market) async fn go_live_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &OfferId,
    preview: SubmissionId,
) -> Result<Submission, Error> {
    admit(plane, context, unit, "submissions", Verb::Write)?;
    let before = find(unit, context, id).await?;
    let standing = standing(unit, &before, false).await?;
    let state = next(before.state, Event::GoLive, standing)?.unwrap_or(before.state);
    let is = edition(unit, id, Slot::Preview).await?;
    let is = is.ok_or(lifecycle::Refusal::NoPreview)?.submission;
    if is != preview {
        return Err(Refused::OtherPreview { is }.into());
    }
    let account = unit.find::<Account>(&own(context)).await?.ok_or(Refused::NoAccount)?;
    let verification = unit.find::<Verification>(&own(context)).await?;
    let facts = publish::Facts {
        account: &account,
        verification: verification.as_ref(),
        day: day(unit.now()),
        is_running: before.running.is_some(),
    };
    no_errors(publish::lint(&[], &facts))?;

    let by = By::Caller(plane, context);
    let mut revision = before.revision;
    if let Some(mut signed) = unit.find::<Submission>(&preview).await? {
        let now = unit.now();
        decide::turn(&mut signed, StepKind::PublisherSignOff, StepStatus::Complete, None, now);
        revision = signed.revision;
        by.put(unit, MarketNoun::Submission(signed)).await?;
    }
    let id = SubmissionId(plane.random.uuid_at(unit.now()));
    let whose = (revision, context.caller.name.as_str());
    let submission = decide::begun(id, &before, Slot::Live, whose, unit.now());
    by.put(unit, MarketNoun::Submission(submission.clone())).await?;
    let after = Offer { state, running: Some(id), ..before };
    history::note(plane, by, unit, &after, "Sign-off to go live".to_owned()).await?;
    by.put(unit, MarketNoun::Offer(after)).await?;
    let job = job(context, unit, id.0, &submission);
    unit.enqueue(job);
    Ok(submission)
}
