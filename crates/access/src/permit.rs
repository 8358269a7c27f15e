//! Proof of a yes. Only this module makes one.

use ids::clock::Revision;
use jiff::Timestamp;
use model::{
    change::Change,
    event::{Actor, Caller, SystemReason},
    question::Question,
};

use crate::{
    cover,
    index::Index,
    verdict::{Refusal, Through, Verdict},
};

/// Proof that a caller may do something by the facts of one revision, or that the system may
/// for a reason of its own. Neither `Clone` nor serializable; a change uses it up.
#[derive(Debug)]
pub struct Permit {
    leave: Leave,
    revision: Revision,
    through: Vec<Through>,
}

#[derive(Debug)]
enum Leave {
    Caller { caller: Caller, questions: Vec<Question> },
    System(SystemReason),
}

/// Who was refused what, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` may not `{}` at `{}`", caller.name, question.action, question.scope)]
pub struct Denied {
    pub caller: Box<Caller>,
    pub question: Box<Question>,
    #[source]
    pub refusal: Refusal,
}

/// Asks every question in order; the first refusal answers for all.
pub fn authorize(
    index: &Index,
    caller: &Caller,
    questions: Vec<Question>,
    now: Timestamp,
) -> Result<Permit, Denied> {
    let mut through = Vec::with_capacity(questions.len());
    for question in &questions {
        match index.check(caller.principal, question, now) {
            Verdict::Allowed(allowed) => through.push(allowed.through),
            Verdict::Refused(refusal) => {
                let (caller, question) = (caller.clone().into(), question.clone().into());
                return Err(Denied { caller, question, refusal });
            }
        }
    }
    let leave = Leave::Caller { caller: caller.clone(), questions };
    Ok(Permit { leave, revision: index.revision(), through })
}

impl Permit {
    /// Leave for what no caller asked for; none where that reason does not cover such a change.
    pub fn system(reason: SystemReason, change: &Change) -> Option<Self> {
        cover::covers(reason, change).then(|| Self {
            leave: Leave::System(reason),
            revision: Revision::default(),
            through: vec![Through::System(reason)],
        })
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        match &self.leave {
            Leave::Caller { caller, .. } => Actor::Caller(caller.clone()),
            Leave::System(reason) => Actor::System(*reason),
        }
    }

    /// Whether this is leave for the change: for all that it requires, in the way it requires it.
    /// What requires nothing is the system's own, and no caller's.
    pub fn covers(&self, change: &Change) -> bool {
        match &self.leave {
            Leave::Caller { questions, .. } => {
                let required = change.requires();
                !required.is_empty() && required.iter().all(|it| questions.contains(it))
            }
            Leave::System(reason) => cover::covers(*reason, change),
        }
    }

    /// The revision whose facts gave it; the system's own permits depend on none.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// What allows it: one grant for each question, in their order.
    pub fn through(&self) -> &[Through] {
        &self.through
    }

    /// The same permit by newer facts, if it still holds by them.
    pub fn renew(self, index: &Index, now: Timestamp) -> Result<Self, Denied> {
        match self.leave {
            Leave::System(_) => Ok(self),
            Leave::Caller { .. } if index.access_revision() <= self.revision => Ok(self),
            Leave::Caller { caller, questions } => authorize(index, &caller, questions, now),
        }
    }
}
