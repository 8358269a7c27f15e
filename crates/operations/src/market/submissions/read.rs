//! Submissions as their publisher and the operators see them.

use ids::offer::OfferId;
use model::{
    action::Verb,
    market::{
        by_operator, in_account,
        offer::{Edition, Stage},
        submission::{Review, Submission, SubmissionId},
    },
};
use store::{records::ranges::market as ranges, snapshot::Page};

use crate::{
    context::Context,
    error::Error,
    market::{Refused, Thing, asked, offers::read::whole, own, reading},
    page::{self, Paged},
    plane::Plane,
};

/// A submission, and an operator's word on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub submission: Submission,
    pub review: Option<Review>,
}

/// A submission of the asked tenant's, for those who work in its account and for the operators.
pub async fn read(plane: &Plane, context: &Context, id: SubmissionId) -> Result<Shown, Error> {
    let tenant = asked(context);
    let question = if tenant == own(context) {
        in_account(tenant, "submissions", Verb::Read)
    } else {
        by_operator(tenant, "certifications", Verb::Read)
    };
    let context = Context { question, ..context.clone() };
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<Submission>(&id).await?.filter(|it| it.tenant == tenant);
    let shown = match found {
        Some(submission) => {
            let review = snapshot.find::<Review>(&id).await?;
            Some(Shown { submission, review })
        }
        None => None,
    };
    let shown = plane.release(&context, snapshot, shown).await?;
    shown.ok_or_else(|| Refused::NotFound(Thing::Submission).into())
}

/// What a submission of the asked tenant's asks an operator to look at.
pub async fn submitted(
    plane: &Plane,
    context: &Context,
    id: SubmissionId,
) -> Result<Edition, Error> {
    let tenant = asked(context);
    let question = by_operator(tenant, "certifications", Verb::Read);
    let context = Context { question, ..context.clone() };
    let snapshot = plane.store.snapshot().await?;
    let mut found = None;
    if let Some(it) = snapshot.find::<Submission>(&id).await?.filter(|it| it.tenant == tenant) {
        let edition = snapshot.find::<Edition>(&(it.offer, Stage::Submitted)).await?;
        if let Some(edition) = edition.filter(|edition| edition.submission == id) {
            found = Some(whole(&snapshot, edition).await?);
        }
    }
    let found = plane.release(&context, snapshot, found).await?;
    found.ok_or_else(|| Refused::NotFound(Thing::Submission).into())
}

/// The submissions of an offer of the caller's account, the latest first.
pub async fn list(
    plane: &Plane,
    context: &Context,
    offer: &OfferId,
    page: Page,
) -> Result<Paged<Submission>, Error> {
    let reading = reading(context, "submissions");
    let is_own = |it: &Submission| it.tenant == own(context);
    let question = |it: &Submission| is_own(it).then(|| reading.question.clone());
    page::list(plane, &reading, &ranges::submissions_of(offer), page, question).await
}

/// The submissions that wait for an operator's word, for the operators.
pub async fn waiting(
    plane: &Plane,
    context: &Context,
    page: Page,
) -> Result<Paged<Submission>, Error> {
    let question = |it: &Submission| Some(by_operator(it.tenant, "certifications", Verb::Read));
    page::list(plane, context, &ranges::submissions_waiting(), page, question).await
}
