//! A submission's steps.

use ids::offer::Slot;
use jiff::Timestamp;
use market::lint::Finding;
use model::market::{
    offer::Offer,
    submission::{FindingNote, Outcome, Step, StepKind, StepStatus, Submission, SubmissionId},
};

/// The steps towards a preview, and from there.
fn kinds(target: Slot) -> &'static [StepKind] {
    match target {
        Slot::Preview => &[
            StepKind::Prerequisites,
            StepKind::Certification,
            StepKind::Leads,
            StepKind::Preview,
            StepKind::PublisherSignOff,
        ],
        Slot::Live => &[StepKind::Prerequisites, StepKind::Leads, StepKind::Live],
    }
}

/// A submission that begins.
pub fn begun(
    id: SubmissionId,
    offer: &Offer,
    target: Slot,
    (revision, by): (u64, &str),
    now: Timestamp,
) -> Submission {
    let step = |kind: &StepKind| {
        let (kind, status) = (*kind, StepStatus::NotStarted);
        Step { kind, status, at: None, message: None }
    };
    let mut submission = Submission {
        id,
        offer: offer.id.clone(),
        tenant: offer.tenant,
        target,
        outcome: Outcome::Running,
        steps: kinds(target).iter().map(step).collect(),
        findings: Vec::new(),
        revision,
        by: by.to_owned(),
        created: now,
    };
    if let Some(first) = submission.steps.first_mut() {
        (first.status, first.at) = (StepStatus::InProgress, Some(now));
    }
    submission
}

/// The step that is to be taken: none where the submission is over, or waits for its publisher.
pub fn due(submission: &Submission) -> Option<StepKind> {
    match submission.outcome {
        Outcome::Running => {}
        Outcome::Succeeded | Outcome::Failed | Outcome::Cancelled => return None,
    }
    let open = |it: &&Step| match it.status {
        StepStatus::NotStarted | StepStatus::InProgress | StepStatus::Waiting => true,
        StepStatus::Complete | StepStatus::Rejected | StepStatus::Cancelled => false,
    };
    submission.steps.iter().find(open).map(|it| it.kind)
}

/// Gives a step that status, with what there is to say of it.
pub fn turn(
    submission: &mut Submission,
    kind: StepKind,
    status: StepStatus,
    mut message: Option<String>,
    now: Timestamp,
) {
    // A submission takes each kind of step once.
    if let Some(step) = submission.steps.iter_mut().find(|it| it.kind == kind) {
        (step.status, step.at, step.message) = (status, Some(now), message.take());
    }
}

/// Ends a step well, and begins the next. What ends with the preview succeeded: its publisher's
/// sign-off is another submission's beginning.
pub fn complete(
    submission: &mut Submission,
    kind: StepKind,
    message: Option<String>,
    now: Timestamp,
) {
    turn(submission, kind, StepStatus::Complete, message, now);
    match due(submission) {
        None => submission.outcome = Outcome::Succeeded,
        Some(StepKind::PublisherSignOff) => {
            turn(submission, StepKind::PublisherSignOff, StepStatus::Waiting, None, now);
            submission.outcome = Outcome::Succeeded;
        }
        Some(next) => turn(submission, next, StepStatus::InProgress, None, now),
    }
}

/// Ends a submission because of a step.
pub fn reject(submission: &mut Submission, kind: StepKind, message: String, now: Timestamp) {
    turn(submission, kind, StepStatus::Rejected, Some(message), now);
    submission.outcome = Outcome::Failed;
}

/// Calls a submission back.
pub fn cancel(submission: &mut Submission, now: Timestamp) {
    for step in &mut submission.steps {
        match step.status {
            StepStatus::NotStarted | StepStatus::InProgress | StepStatus::Waiting => {
                (step.status, step.at) = (StepStatus::Cancelled, Some(now));
            }
            StepStatus::Complete | StepStatus::Rejected | StepStatus::Cancelled => {}
        }
    }
    submission.outcome = Outcome::Cancelled;
}

/// What a step is called in an offer's history.
pub fn called(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Prerequisites => "Automated validation",
        StepKind::Certification => "Certification",
        StepKind::Leads => "Lead management validation and registration",
        StepKind::Preview => "Preview creation",
        StepKind::PublisherSignOff => "Publisher sign-off",
        StepKind::Live => "Publish",
    }
}

/// Findings as they are kept.
pub fn notes(findings: &[Finding]) -> Vec<FindingNote> {
    let note = |Finding { rule, field, reason }: &Finding| FindingNote {
        rule: rule.id.to_owned(),
        field: field.clone(),
        reason: reason.clone(),
    };
    findings.iter().map(note).collect()
}

#[cfg(test)]
mod tests;
