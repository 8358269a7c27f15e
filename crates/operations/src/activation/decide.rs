//! Deciding a stage of an approval: yes or no, for one side.

use access::index::Index;
use activation::{
    decide::{Facts, approve, deny},
    refused::Refused as Decision,
};
use ids::{
    guid::{ApprovalId, StageId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    activation::{Activation, Side, State},
    question::{Question, Via},
};
use store::{records::ranges, unit::Unit};

use super::{Refused, Shown, commit, demands, is_seen};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// What somebody says to a request.
#[derive(Clone, Debug)]
pub struct Review {
    pub approval: ApprovalId,
    pub stage: StageId,
    pub answer: Answer,
    pub justification: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Approve,
    Deny,
}

/// The activation after that side's word. Only who may decide for that side may.
pub async fn decide(plane: &Plane, context: &Context, review: Review) -> Result<Shown, Error> {
    retry(|| once(plane, context, review.clone())).await
}

async fn once(plane: &Plane, context: &Context, review: Review) -> Result<Shown, Error> {
    let mut unit = plane.begin(context);
    let (activation, side) = found(plane, context, &mut unit, &review).await?;
    admit(plane, context, &activation, side)?;
    let index = plane.index();
    if !index.bears(&activation.id) {
        return Err(Decision::NotWaiting.into());
    }
    let by = context.caller.principal;
    let facts = Facts {
        demands: {
            let (of, at) = (&activation.eligibility, activation.id.scope());
            demands::of(&index, &mut unit, of, at).await?
        },
        side,
        lapsed: lapsed(&index, &activation, unit.now()),
        by,
        person: index.person(by),
        requester: index.person(activation.who),
        justification: review.justification,
        now: unit.now(),
        activation,
    };
    let after = match review.answer {
        Answer::Approve => approve(facts)?,
        Answer::Deny => deny(facts)?,
    };
    commit(plane, context, unit, after, 200).await
}

/// The sides whose yes is of somebody who would not be asked for it today.
fn lapsed(index: &Index, it: &Activation, now: Timestamp) -> Vec<Side> {
    let State::Waiting(waiting) = &it.state else { return Vec::new() };
    let agreed = waiting.approvals.all().iter();
    let lapsed = agreed.filter(|said| !index.sides_of(said.by, it, now).contains(&said.side));
    lapsed.map(|said| said.side).collect()
}

/// What waits for that approval, and the side that the stage is of, if the caller may know of it.
async fn found(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    review: &Review,
) -> Result<(Activation, Side), Error> {
    let range = ranges::activations_by_approval(review.approval);
    let index = plane.index();
    let found = unit.list::<Activation>(&range).await?;
    let seen = found.into_iter().find(|it| is_seen(plane, &index, context, it));
    let with_side = seen.and_then(|it| {
        let side = Side::ALL.into_iter().find(|side| it.stage(*side) == review.stage)?;
        Some((it, side))
    });
    with_side.ok_or_else(|| Refused::NoApproval(review.approval.to_string()).into())
}

/// Refuses whoever sees it and may not decide for that side, before they learn more of it.
fn admit(plane: &Plane, context: &Context, it: &Activation, side: Side) -> Result<(), Error> {
    let (index, now) = (plane.index(), plane.store.now());
    if index.sides_of(context.caller.principal, it, now).contains(&side) {
        return Ok(());
    }
    let asked = Question {
        action: Action::APPROVALS_WRITE,
        scope: Scope::Resource(it.id.as_resource().clone()),
        via: Via::Approving(side),
    };
    plane.authorize(&index, context, vec![asked])?;
    Ok(())
}
