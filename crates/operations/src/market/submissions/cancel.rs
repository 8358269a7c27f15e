//! Calling a submission back, as long as its publisher has not signed it off.

use ids::offer::{OfferId, Slot};
use market::lifecycle::{Event, Refusal, next};
use model::{
    action::Verb,
    market::{MarketNoun, offer::Offer, submission::Submission},
};

use super::{decide, drop_submitted};
use crate::{
    context::Context,
    error::Error,
    market::{
        By, begin, find,
        offers::{history, published::standing},
    },
    plane::{Plane, retry},
};

/// Calls back what runs of the offer. The job finds it so, and ends.
pub async fn cancel(plane: &Plane, context: &Context, id: &OfferId) -> Result<Submission, Error> {
    retry(async || {
        let mut unit = begin(plane, context, "submissions", Verb::Write)?;
        let before = find(&mut unit, context, id).await?;
        let running = before.running.ok_or(Refusal::NothingRuns)?;
        let submission = unit.find::<Submission>(&running).await?;
        let mut submission = submission.ok_or(Refusal::NothingRuns)?;
        let can_cancel = submission.target == Slot::Preview;
        let standing = standing(&mut unit, &before, can_cancel).await?;
        let state = next(before.state, Event::Cancel, standing)?.unwrap_or(before.state);
        decide::cancel(&mut submission, unit.now());
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Submission(submission.clone())).await?;
        drop_submitted(by, &mut unit, id).await?;
        let after = Offer { state, running: None, ..before };
        for told in ["Initiated submit to preview cancellation", "Canceled submission to preview"] {
            history::note(plane, by, &mut unit, &after, told.to_owned()).await?;
        }
        by.put(&mut unit, MarketNoun::Offer(after)).await?;
        plane.commit(context, unit, 200).await?;
        Ok(submission)
    })
    .await
}
