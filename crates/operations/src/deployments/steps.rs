//! The order of a deployment's steps: which comes next, and which never will.

use model::deployment::{Step, StepState};
use serde_json::{Value, json};

/// The step to do next: all that it depends on is there. One that was begun and not noted as done
/// is done again; a `PUT` repeated is as good as one.
pub fn next(steps: &[Step]) -> Option<usize> {
    let done = |place: &usize| steps.get(*place).is_some_and(|it| it.state == StepState::Succeeded);
    steps.iter().position(|step| {
        matches!(step.state, StepState::Waiting | StepState::Running) && step.after.iter().all(done)
    })
}

/// Passes over the steps that wait for what failed. Each step stands behind those it depends on,
/// so one look suffices.
pub fn skip(steps: &mut [Step]) {
    for place in 0..steps.len() {
        let lost = |before: &usize| {
            let state = steps.get(*before).map(|it| it.state);
            matches!(state, Some(StepState::Failed | StepState::Skipped))
        };
        let hopeless = steps
            .get(place)
            .is_some_and(|step| step.state == StepState::Waiting && step.after.iter().any(lost));
        if let (true, Some(step)) = (hopeless, steps.get_mut(place)) {
            step.state = StepState::Skipped;
        }
    }
}

/// ARM's errors of the steps that failed.
pub fn failures(steps: &[Step]) -> Vec<Value> {
    let failed = steps.iter().filter(|it| it.state == StepState::Failed);
    failed.filter_map(|it| it.error.clone()).collect()
}

/// ARM's error of a deployment some of whose steps failed.
pub fn failed(id: &str, details: &[Value]) -> Value {
    json!({
        "code": "DeploymentFailed",
        "target": id,
        "message": "At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.",
        "details": details,
    })
}

#[cfg(test)]
mod tests {
    use ids::guid::OperationId;
    use model::samples;
    use uuid::Uuid;

    use super::*;

    fn steps(plan: &[(StepState, &[usize])]) -> Vec<Step> {
        let step = |(state, after): &(StepState, &[usize])| Step {
            operation: OperationId::new(Uuid::nil()),
            target: samples::whole(),
            api_version: String::new(),
            existing: false,
            after: after.to_vec(),
            state: *state,
            timestamp: samples::now(),
            finished: None,
            status: None,
            error: None,
        };
        plan.iter().map(step).collect()
    }

    #[test]
    fn a_step_comes_when_all_before_it_are_done() {
        use StepState::{Failed, Running, Succeeded, Waiting};
        assert_eq!(next(&steps(&[(Waiting, &[]), (Waiting, &[0])])), Some(0));
        assert_eq!(next(&steps(&[(Succeeded, &[]), (Waiting, &[0])])), Some(1));
        assert_eq!(next(&steps(&[(Succeeded, &[]), (Running, &[0])])), Some(1));
        assert_eq!(next(&steps(&[(Failed, &[]), (Waiting, &[0]), (Waiting, &[])])), Some(2));
        assert_eq!(next(&steps(&[(Failed, &[]), (Waiting, &[0])])), None);
    }

    #[test]
    fn what_waits_for_a_failure_is_skipped_and_so_is_what_waits_for_that() {
        use StepState::{Failed, Skipped, Succeeded, Waiting};
        let mut all = steps(&[
            (Failed, &[]),
            (Waiting, &[0]),
            (Waiting, &[1]),
            (Waiting, &[]),
            (Succeeded, &[]),
        ]);
        skip(&mut all);
        let states: Vec<StepState> = all.iter().map(|it| it.state).collect();
        assert_eq!(states, [Failed, Skipped, Skipped, Waiting, Succeeded]);
    }
}
