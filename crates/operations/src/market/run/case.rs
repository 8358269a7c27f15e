//! A submission at one of its steps, as a unit has found it: what the step does and that it was
//! done become one.

use ids::offer::OfferId;
use jiff::SignedDuration;
use market::{
    lifecycle::{Event, next},
    lint::Finding,
};
use model::market::{
    MarketNoun,
    account::{Account, Verification},
    offer::Offer,
    submission::{StepKind, StepStatus, Submission, SubmissionId},
};
use store::unit::{Cause, Unit};

use crate::{
    deployments::progress::Hold,
    error::Error,
    market::{
        By,
        offers::{history, published::standing},
        submissions::{self, decide, drop_submitted},
    },
    plane::Plane,
};

/// What becomes of the job after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The next step can be taken.
    Next,
    /// The job is over, or due later.
    Left,
}

/// A step that is being taken.
pub(super) struct Case<'a> {
    plane: &'a Plane,
    hold: &'a Hold,
    kind: StepKind,
    pub(super) unit: Unit,
    pub(super) offer: Offer,
    pub(super) submission: Submission,
}

impl<'a> Case<'a> {
    /// The case, if that is still the submission's next step.
    pub(super) async fn open(
        plane: &'a Plane,
        hold: &'a Hold,
        (id, kind): (SubmissionId, StepKind),
    ) -> Result<Option<Self>, Error> {
        let mut unit = plane.store.begin(Cause { correlation: hold.job.correlation });
        let submission = unit.find::<Submission>(&id).await?;
        let Some(submission) = submission.filter(|it| decide::due(it) == Some(kind)) else {
            return Ok(None);
        };
        let offer = unit.find::<Offer>(&submission.offer).await?;
        let offer = offer.filter(|it| it.running == Some(id));
        Ok(offer.map(|offer| Self { plane, hold, kind, unit, offer, submission }))
    }

    pub(super) fn id(&self) -> OfferId {
        self.offer.id.clone()
    }

    /// How the account stands at this moment.
    pub(super) async fn account(
        &mut self,
    ) -> Result<(Option<Account>, Option<Verification>), Error> {
        let account = self.unit.find::<Account>(&self.offer.tenant).await?;
        let verification = self.unit.find::<Verification>(&self.offer.tenant).await?;
        Ok((account, verification))
    }

    /// Ends the step well. The last one says what becomes of the offer.
    pub(super) async fn complete(
        mut self,
        message: Option<String>,
        last: Option<Event>,
    ) -> Result<Then, Error> {
        let now = self.unit.now();
        decide::complete(&mut self.submission, self.kind, message, now);
        let told = format!("{}: complete", decide::called(self.kind));
        history::note(self.plane, By::Job, &mut self.unit, &self.offer, told).await?;
        let Some(event) = last else {
            // What an earlier step counted is over.
            let state = submissions::state(&self.submission, 0);
            self.unit.checkpoint(&self.hold.job.id, &self.hold.lease, state);
            By::Job.put(&mut self.unit, MarketNoun::Submission(self.submission)).await?;
            self.unit.commit().await?;
            return Ok(Then::Next);
        };
        self.end(event).await
    }

    /// Ends the submission because of the step.
    pub(super) async fn reject(
        mut self,
        findings: &[Finding],
        message: String,
    ) -> Result<Then, Error> {
        let now = self.unit.now();
        self.submission.findings.extend(decide::notes(findings));
        decide::reject(&mut self.submission, self.kind, message, now);
        let told = format!("{}: failed", decide::called(self.kind));
        history::note(self.plane, By::Job, &mut self.unit, &self.offer, told).await?;
        let id = self.id();
        drop_submitted(By::Job, &mut self.unit, &id).await?;
        self.end(Event::Failed).await
    }

    async fn end(mut self, event: Event) -> Result<Then, Error> {
        let facts = standing(&mut self.unit, &self.offer, false).await?;
        let state = next(self.offer.state, event, facts)?.unwrap_or(self.offer.state);
        let offer = Offer { state, running: None, ..self.offer };
        By::Job.put(&mut self.unit, MarketNoun::Offer(offer)).await?;
        By::Job.put(&mut self.unit, MarketNoun::Submission(self.submission)).await?;
        self.unit.finish(&self.hold.job.id, &self.hold.lease);
        self.unit.commit().await?;
        Ok(Then::Left)
    }

    /// Leaves the step to somebody, who begins another job once they have spoken.
    pub(super) async fn wait(mut self, message: String) -> Result<Then, Error> {
        let now = self.unit.now();
        let (kind, status) = (self.kind, StepStatus::Waiting);
        decide::turn(&mut self.submission, kind, status, Some(message), now);
        By::Job.put(&mut self.unit, MarketNoun::Submission(self.submission)).await?;
        self.unit.finish(&self.hold.job.id, &self.hold.lease);
        self.unit.commit().await?;
        Ok(Then::Left)
    }

    /// Takes the step again after that time.
    pub(super) async fn again(
        mut self,
        attempts: u32,
        message: String,
        pause: SignedDuration,
    ) -> Result<Then, Error> {
        let now = self.unit.now();
        let (kind, status) = (self.kind, StepStatus::InProgress);
        decide::turn(&mut self.submission, kind, status, Some(message), now);
        let state = submissions::state(&self.submission, attempts);
        By::Job.put(&mut self.unit, MarketNoun::Submission(self.submission)).await?;
        let due = now.saturating_add(pause).unwrap_or(now);
        self.unit.postpone(&self.hold.job.id, &self.hold.lease, state, due);
        self.unit.commit().await?;
        Ok(Then::Left)
    }
}
