//! What policies say to a write of delegations, before it happens.

use ids::scope::Scope;
use model::{
    action::{Action, Verb},
    change::delegation_rule,
    question::Question,
};
use policy::{
    budget::Budget,
    disallowed::{Against, Disallowed},
    judge::{Verdict, Violation, judge},
    refused::Refused,
    subject::Subject,
};
use serde_json::Value;
use store::unit::Unit;

use super::{facts, is_visible, note};
use crate::{context::Context, error::Error, plane::Plane};

/// Refuses what a policy denies; notes in the unit what policies are to be told of.
pub(crate) async fn enforce(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    subject: &Subject,
) -> Result<(), Error> {
    let Verdict { denied, noted } = verdict(unit, subject, &mut Budget::of_write()).await?;
    if denied.is_empty() {
        for it in &noted {
            note::audited(plane, context, unit, subject, it);
        }
        return Ok(());
    }
    let refused = disallowed(plane, context, subject, denied);
    let snapshot = plane.store.snapshot().await?;
    let refused = plane.release(context, snapshot, refused).await?;
    note::denied(plane, context, &refused);
    Err(Box::new(refused).into())
}

/// What policies would refuse of a template's resources, as far as that can be told before it is
/// deployed. Of what the caller may not write nothing is told: that is refused when it is written.
pub async fn foresee(
    plane: &Plane,
    context: &Context,
    planned: &[(Scope, Value)],
) -> Result<Vec<Disallowed>, Error> {
    let (mut refused, mut budget) = (Vec::new(), Budget::of_look());
    for (target, body) in planned {
        let Scope::Resource(id) = target else { continue };
        let Some(subject) = Subject::read(id, body).filter(|it| may_write(plane, context, it))
        else {
            continue;
        };
        let mut unit = plane.begin(context);
        let denied = verdict(&mut unit, &subject, &mut budget).await?.denied;
        if !denied.is_empty() {
            refused.push(disallowed(plane, context, &subject, denied));
        }
    }
    let snapshot = plane.store.snapshot().await?;
    plane.release(context, snapshot, refused).await
}

async fn verdict(
    unit: &mut Unit,
    subject: &Subject,
    budget: &mut Budget,
) -> Result<Verdict, Error> {
    let facts = facts::of(unit, subject.id(), budget).await?;
    let verdict = judge(&facts.policies, subject, &facts.place, budget);
    Ok(verdict.map_err(Refused::from)?)
}

fn may_write(plane: &Plane, context: &Context, subject: &Subject) -> bool {
    let id = subject.id();
    let whole = id.scope().subscription().map(Scope::Subscription);
    let write = Action::of(&id.kind(), Verb::Write);
    let mut asked = vec![Question::any(write, Scope::Resource(id.clone()))];
    asked.extend(whole.iter().flat_map(delegation_rule));
    plane.authorize(&plane.index(), context, asked).is_ok()
}

fn disallowed(
    plane: &Plane,
    context: &Context,
    subject: &Subject,
    denied: Vec<Violation>,
) -> Disallowed {
    let (index, from) = (plane.index(), subject.id().scope());
    let against = |violation: Violation| {
        let id = &violation.policy.assignment.id;
        let is_readable = is_visible(plane, &index, context, (id, from));
        Against { violation, is_readable }
    };
    let against = denied.into_iter().map(against).collect();
    Disallowed { id: subject.id().clone(), against }
}
