use model::samples::{market, now};

use super::*;

fn submission(target: Slot) -> Submission {
    begun(market::submission_id(), &market::offer(), target, (7, "ada"), now())
}

fn statuses(submission: &Submission) -> Vec<StepStatus> {
    submission.steps.iter().map(|it| it.status).collect()
}

#[test]
fn steps_follow_each_other_to_the_preview_and_then_wait_for_the_publisher() {
    use StepKind::{Certification, Leads, Prerequisites, Preview};

    let mut it = submission(Slot::Preview);
    let mut taken = Vec::new();
    while let Some(kind) = due(&it) {
        assert_eq!(it.outcome, Outcome::Running);
        complete(&mut it, kind, None, now());
        taken.push(kind);
    }
    assert_eq!(taken, [Prerequisites, Certification, Leads, Preview]);
    assert_eq!(it.outcome, Outcome::Succeeded);
    let done = [StepStatus::Complete; 4].into_iter().chain([StepStatus::Waiting]);
    assert_eq!(statuses(&it), done.collect::<Vec<_>>());
}

#[test]
fn steps_follow_each_other_to_the_storefront() {
    let mut it = submission(Slot::Live);
    while let Some(kind) = due(&it) {
        complete(&mut it, kind, None, now());
    }
    assert_eq!(it.outcome, Outcome::Succeeded);
    assert_eq!(statuses(&it), [StepStatus::Complete; 3]);
}

#[test]
fn what_is_called_back_or_fails_takes_no_more_steps() {
    let mut it = submission(Slot::Preview);
    complete(&mut it, StepKind::Prerequisites, None, now());
    let mut cancelled = it.clone();
    cancel(&mut cancelled, now());
    assert_eq!(due(&cancelled), None);
    assert_eq!(cancelled.steps[0].status, StepStatus::Complete, "what was done, was done");
    assert!(cancelled.steps[1..].iter().all(|step| step.status == StepStatus::Cancelled));
    reject(&mut it, StepKind::Certification, "no".to_owned(), now());
    assert_eq!((due(&it), it.outcome), (None, Outcome::Failed));
}

#[test]
fn only_a_running_submission_waits_for_a_review() {
    let mut it = submission(Slot::Preview);
    assert!(!it.awaits_review());
    turn(&mut it, StepKind::Certification, StepStatus::Waiting, None, now());
    assert!(it.awaits_review());
    it.outcome = Outcome::Cancelled;
    assert!(!it.awaits_review());
}
