//! An operator's word on a submission.

use model::{
    action::Verb,
    market::{
        MarketNoun, by_operator,
        submission::{Review, Submission, SubmissionId},
    },
};

use super::job;
use crate::{
    context::Context,
    error::Error,
    market::{By, Refused, Thing, asked},
    plane::{Plane, retry},
};

/// How long a report may be.
const REPORT_BYTES_MAX: usize = 32 * 1024;

/// What an operator says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub is_approved: bool,
    /// For the publisher to read.
    pub report: String,
}

/// Approves a submission of the asked tenant's that waits for it, or refuses it. Its job takes it
/// from there.
pub async fn review(
    plane: &Plane,
    context: &Context,
    id: SubmissionId,
    word: &Word,
) -> Result<Review, Error> {
    let tenant = asked(context);
    let is_seen = |it: char| it == '\n' || !it.is_control();
    if word.report.len() > REPORT_BYTES_MAX || !word.report.chars().all(is_seen) {
        let why =
            format!("it has more than {REPORT_BYTES_MAX} bytes, or holds what cannot be seen");
        return Err(Refused::Invalid { field: "report", why }.into());
    }
    retry(async || {
        let leave = vec![by_operator(tenant, "certifications", Verb::Write)];
        let permit = plane.authorize(&plane.index(), context, leave)?;
        let mut unit = plane.begin(context);
        unit.hold(permit);
        let found = unit.find::<Submission>(&id).await?.filter(|it| it.tenant == tenant);
        let submission = found.ok_or(Refused::NotFound(Thing::Submission))?;
        if !submission.awaits_review() || unit.find::<Review>(&id).await?.is_some() {
            return Err(Refused::NoReview.into());
        }
        let Word { is_approved, report } = word.clone();
        let review = Review { submission: id, tenant, is_approved, report, at: unit.now() };
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Review(review.clone())).await?;
        let job = job(context, &unit, plane.random.uuid(), &submission);
        unit.enqueue(job);
        plane.commit(context, unit, 200).await?;
        Ok(review)
    })
    .await
}
