//! The approval that an activation waits for, or waited for: a stage for each side that is asked.

use access::index::Index;
use activation::standing::Standing;
use ids::guid::{ApprovalId, StageId};
use model::activation::{Activation, Decision, Side, State};
use store::{records::ranges, snapshot::Page};

use super::{Refused, Shown, is_seen, read::to_decide};
use crate::{context::Context, error::Error, plane::Plane};

/// An approval as the caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub of: Shown,
    pub stages: Vec<Stage>,
}

/// What one side has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub id: StageId,
    pub side: Side,
    pub outcome: Outcome,
    /// Whether the caller may decide it.
    pub is_mine: bool,
}

/// How far a stage has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Open,
    Approved(Decision),
    Denied(Decision),
    /// It ended before that side decided.
    Moot,
}

/// The approval of that id, for a caller who may know of what waits for it.
pub async fn get(plane: &Plane, context: &Context, id: ApprovalId) -> Result<Approval, Error> {
    let snapshot = plane.store.snapshot().await?;
    let range = ranges::activations_by_approval(id);
    let found = snapshot.list::<Activation>(&range, Page::first()).await?.items;
    let judge = |index: &Index, found: Vec<Activation>| {
        let it = found.into_iter().find(|it| is_seen(plane, index, context, it));
        let it = it.ok_or_else(|| Refused::NoApproval(id.to_string()))?;
        Ok::<_, Error>(approval(plane, index, context, it))
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

fn approval(plane: &Plane, index: &Index, context: &Context, it: Activation) -> Approval {
    let now = plane.store.now();
    let mine = to_decide(index, context.caller.principal, &it, now);
    let of = Shown::of(it, index, now);
    let stage = |side: Side| {
        let outcome = outcome(&of, side)?;
        let is_mine = outcome == Outcome::Open && mine.contains(&side);
        Some(Stage { id: of.it.stage(side), side, outcome, is_mine })
    };
    let stages = Side::ALL.into_iter().filter_map(stage).collect();
    Approval { of, stages }
}

/// What has become of a side's word; none where it is not asked.
fn outcome(of: &Shown, side: Side) -> Option<Outcome> {
    let is_open = match &of.it.state {
        State::Waiting(waiting) => waiting.open.has(side),
        State::Granted { .. }
        | State::Denied { .. }
        | State::Cancelled { .. }
        | State::Deactivated { .. } => false,
    };
    match (&of.it.state, of.it.decision_of(side)) {
        (State::Denied { denial, .. }, Some(it)) if denial.side == side => {
            Some(Outcome::Denied(it.clone()))
        }
        (_, Some(it)) => Some(Outcome::Approved(it.clone())),
        (_, None) if !is_open => None,
        (_, None) if of.standing == Standing::Pending => Some(Outcome::Open),
        (_, None) => Some(Outcome::Moot),
    }
}
