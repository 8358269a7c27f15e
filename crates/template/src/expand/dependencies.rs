//! What a step waits for: what it says, whom it refers to, and the batch before its own.

use std::collections::BTreeSet;

use crate::{
    evaluate::{self, Evaluator, Frame, Place, Stopped},
    expand::heads::Instance,
    json::present,
    refused::{Problem, Refused},
};

/// `dependsOn`, resolved.
pub(super) fn written(
    evaluator: &Evaluator<'_>,
    instance: &Instance<'_>,
) -> Result<BTreeSet<usize>, Refused> {
    let Some(raw) = present(&instance.declared.raw, "dependsOn") else {
        return Ok(BTreeSet::new());
    };
    let frame = Frame::looping(Place::Head, instance.loops.clone());
    let evaluated = evaluator.value(raw, &frame).map_err(|stopped| match stopped {
        Stopped::Refused(refused) => instance.refused(refused.into()),
        Stopped::NotYet(id) => instance.refused(evaluate::Refused::NoResource(id).into()),
    })?;
    let shape = || instance.refused(Problem::Shape { member: "dependsOn", expected: "Array" });
    let listed = evaluated.as_array().ok_or_else(shape)?;
    // Each only once: a long list of one loop's name must not cost its turns each time.
    let mut names = BTreeSet::new();
    for dependency in listed {
        names.insert(dependency.as_str().ok_or_else(shape)?);
    }
    let known = evaluator.known.borrow();
    let mut dependencies = BTreeSet::new();
    for name in names {
        let found = known.depended(name);
        // A loop that does not turn stands for no resource at all.
        if found.is_empty() && !evaluator.template.has_group(name) {
            return Err(instance.refused(Problem::Unknown(name.to_owned())));
        }
        let steps = evaluator.budget.steps(found.len());
        steps.map_err(|refused| instance.refused(refused.into()))?;
        dependencies.extend(found);
    }
    Ok(dependencies)
}

/// The resources that the body just evaluated referred to by name.
pub(super) fn referred(evaluator: &Evaluator<'_>) -> Vec<usize> {
    let ids = evaluator.referred.take();
    let known = evaluator.known.borrow();
    ids.iter().flat_map(|id| known.depended(id).to_vec()).collect()
}

/// In a serial loop, each batch waits for the one before.
pub(super) fn batches(instances: &[Instance<'_>], depends_on: &mut [BTreeSet<usize>]) {
    let mut first = 0;
    for (index, instance) in instances.iter().enumerate() {
        let starts = instance.loops.last().is_none_or(|turn| turn.index == 0);
        first = if starts { index } else { first };
        let Some(batch) = instance.batch else {
            continue;
        };
        let own = (index - first) / batch * batch + first;
        let before = own.saturating_sub(batch).max(first)..own;
        if let Some(dependencies) = depends_on.get_mut(index) {
            dependencies.extend(before);
        }
    }
}

/// A resource that is not deployed waits for nobody. Who names it does not wait either: it is no
/// step of the plan.
pub(super) fn without_skipped(instances: &[Instance<'_>], depends_on: &mut [BTreeSet<usize>]) {
    for (instance, dependencies) in instances.iter().zip(depends_on) {
        if !instance.condition {
            dependencies.clear();
        }
    }
}
