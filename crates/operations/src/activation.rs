//! Just in time: what somebody may activate, asking for it, deciding about it, ending it, and what
//! a customer demands before. What it takes is the crate `activation`'s to say; who is eligible or
//! approves, and what then counts, `access`'s.
//!
//! Whoever has no part in an activation hears of it as of one that is not there.

use access::index::Index;
use activation::{refused::Refused as Decision, standing::Standing};
use ids::resource::ActivationId;
use jiff::Timestamp;
use model::{
    action::Action,
    activation::Activation,
    question::{Question, Via},
};
use store::unit::Unit;

use crate::{context::Context, error::Error, plane::Plane};

pub mod approval;
pub mod ask;
pub mod called;
pub mod cancel;
pub mod children;
pub mod deactivate;
pub mod decide;
pub mod demands;
pub mod eligibility;
pub mod entitle;
pub mod entitled;
pub(crate) mod notice;
pub mod policies;
pub mod read;
pub mod standing;
pub mod waiting;

/// Why an activation was not found, or not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Decision(#[from] Decision),
    #[error("The role assignment schedule request '{0}' could not be found.")]
    NotFound(String),
    #[error("The role assignment approval '{0}' could not be found.")]
    NoApproval(String),
    #[error("The role management policy '{0}' could not be found.")]
    NoPolicy(String),
}

impl From<Decision> for Error {
    fn from(refused: Decision) -> Self {
        Refused::from(refused).into()
    }
}

/// An activation with what it is at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub it: Activation,
    pub standing: Standing,
}

impl Shown {
    /// As it is by the facts of that index, and then.
    pub(crate) fn of(it: Activation, index: &Index, now: Timestamp) -> Self {
        let standing = Standing::at(&it, now);
        let standing = if index.bears(&it.id) { standing } else { standing.unborne() };
        Self { it, standing }
    }
}

/// Whether the context's caller may know of the activation: whoever asked for it, whoever may
/// decide about such a one, and whoever of the customer's reads role assignments there. In a fork
/// by the facts outside of it, too.
pub(crate) fn is_seen(plane: &Plane, index: &Index, context: &Context, it: &Activation) -> bool {
    let (who, now) = (context.caller.principal, plane.store.now());
    let reads = Question {
        action: Action::ROLE_ASSIGNMENTS_READ,
        scope: it.id.scope().clone(),
        via: Via::Direct,
    };
    let sees = |facts: &Index| {
        it.who == who
            || !facts.sides_of(who, it, now).is_empty()
            || facts.check(who, &reads, now).is_allowed()
    };
    sees(index) && plane.store.origin().is_none_or(sees)
}

/// The activation of that id among what the unit reads, if the caller may know of it.
async fn found(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &ActivationId,
) -> Result<Activation, Error> {
    let found = unit.find::<Activation>(id).await?;
    let seen = found.filter(|it| is_seen(plane, &plane.index(), context, it));
    seen.ok_or_else(|| Refused::NotFound(id.name().to_string()).into())
}

/// What an unfinished step leads to: it is written with the leave that it takes, and told in both
/// logs.
async fn commit(
    plane: &Plane,
    context: &Context,
    mut unit: Unit,
    after: Activation,
    status: u16,
) -> Result<Shown, Error> {
    use model::change::{Change, Noun};
    let change = Change::Put(Noun::Activation(after.clone()));
    unit.apply(plane.permit(context, &change)?, change)?;
    notice::record(plane, context, &mut unit, &after);
    let now = unit.now();
    plane.commit(context, unit, status).await?;
    Ok(Shown::of(after, &plane.index(), now))
}
