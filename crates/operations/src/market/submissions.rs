//! Submissions: an offer's way to its preview, and from there to the storefront.
//!
//! Submitting is a unit of its own: the submission, the copy of the draft that certification looks
//! at, and the job whose steps [`super::run`] takes.

use ids::offer::OfferId;
use model::{
    event::Actor,
    market::{
        offer::{Audience, Edition, Stage},
        submission::Submission,
    },
};
use serde_json::{Value, json};
use store::{
    jobs::{Job, JobId},
    records::ranges::market as ranges,
    unit::Unit,
};
use uuid::Uuid;

use super::{By, run::TENANT};
use crate::{context::Context, error::Error};

pub mod cancel;
pub mod decide;
pub(crate) mod facts;
pub mod go_live;
pub mod lint;
pub mod read;
pub mod review;
pub mod submit;

/// The kind of the jobs that take a submission's steps.
pub const JOB: &str = "submission";

/// The job that takes a submission's next steps.
fn job(context: &Context, unit: &Unit, id: Uuid, submission: &Submission) -> Job {
    Job {
        id: JobId(id),
        kind: JOB.to_owned(),
        actor: Actor::Caller(context.caller.clone()),
        correlation: context.correlation,
        due: unit.now(),
        state: state(submission, 0),
    }
}

/// What the job remembers: which submission, and how often its test lead was sent.
pub(super) fn state(submission: &Submission, attempts: u32) -> Value {
    json!({ TENANT: submission.tenant, "submission": submission.id, "attempts": attempts })
}

/// Puts what belongs to an edition at a stage: its form without audiences, and its audiences. What
/// was there of the edition before goes.
pub(super) async fn put_edition(
    by: By<'_>,
    unit: &mut Unit,
    edition: Edition,
    audiences: Vec<Audience>,
) -> Result<(), Error> {
    use model::market::MarketNoun;
    let range = ranges::audiences_of(&edition.offer, edition.stage);
    for old in unit.list::<Audience>(&range).await? {
        if !audiences.iter().any(|it| it.of == old.of) {
            by.remove(unit, MarketNoun::Audience(old)).await?;
        }
    }
    for it in audiences {
        by.put(unit, MarketNoun::Audience(it)).await?;
    }
    by.put(unit, MarketNoun::Edition(edition)).await
}

/// Removes what was submitted, once nobody looks at it any more.
pub(super) async fn drop_submitted(
    by: By<'_>,
    unit: &mut Unit,
    offer: &OfferId,
) -> Result<(), Error> {
    use model::market::MarketNoun;
    for it in unit.list::<Audience>(&ranges::audiences_of(offer, Stage::Submitted)).await? {
        by.remove(unit, MarketNoun::Audience(it)).await?;
    }
    if let Some(it) = unit.find::<Edition>(&(offer.clone(), Stage::Submitted)).await? {
        by.remove(unit, MarketNoun::Edition(it)).await?;
    }
    Ok(())
}
