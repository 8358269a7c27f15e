//! All that one request asks of an offer, in one unit: everything of it happens, or nothing.

use ids::offer::{OfferId, PlanName};
use model::market::{form::Form, offer::Offer, submission::SubmissionId};
use store::unit::Unit;

use super::{
    create::create_in,
    delete::delete_in,
    distribution::{Turn, turn_offer_in, turn_plan_in},
    read::shown,
    save::save_in,
    sync::{Change, sync_in},
};
use crate::{
    context::Context,
    error::Error,
    market::{
        IfMatch, Operations,
        submissions::{go_live::go_live_in, submit::submit_in},
    },
    plane::{Plane, retry},
};

/// One thing that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new offer, called so.
    Create(String),
    Delete,
    Save(Box<Form>),
    Plan(PlanName, Turn),
    Audience(PlanName, Change),
    Distribution(Turn),
    /// To a preview, as the draft was saved before, or seen.
    Submit,
    GoLive(SubmissionId),
}

/// Takes the steps in their order, of an offer in the form that was seen. Answers the offer
/// afterwards; none where it is gone.
pub async fn configure(
    plane: &Plane,
    context: &Context,
    operations: &Operations,
    (id, seen): (&OfferId, IfMatch),
    steps: &[Step],
) -> Result<Option<Offer>, Error> {
    retry(async || {
        let (mut unit, mut seen) = (plane.begin(context), seen);
        for step in steps {
            let taken = Box::pin(take(plane, context, &mut unit, operations, (id, seen), step));
            seen = taken.await?;
        }
        let after = unit.find::<Offer>(id).await?;
        if !unit.changes().is_empty() {
            plane.commit(context, unit, 202).await?;
        }
        Ok(after.map(shown))
    })
    .await
}

/// Takes one step, and answers in which form the next one finds the offer.
async fn take(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    operations: &Operations,
    (id, seen): (&OfferId, IfMatch),
    step: &Step,
) -> Result<IfMatch, Error> {
    let after = match step {
        Step::Create(alias) => create_in(plane, context, unit, id, alias).await?,
        Step::Save(form) => save_in(plane, context, unit, id, form, seen).await?.into_inner(),
        Step::Plan(name, turn) => turn_plan_in(plane, context, unit, id, name, *turn).await?,
        Step::Audience(name, change) => sync_in(plane, context, unit, id, name, change).await?,
        Step::Distribution(turn) => turn_offer_in(plane, context, unit, id, *turn).await?,
        Step::Delete => {
            delete_in(plane, context, unit, id, seen).await?;
            return Ok(seen);
        }
        Step::Submit => {
            submit_in(plane, context, unit, operations, id, seen).await?;
            return Ok(seen);
        }
        Step::GoLive(preview) => {
            go_live_in(plane, context, unit, id, *preview).await?;
            return Ok(seen);
        }
    };
    Ok(IfMatch::Revision(after.revision))
}
