//! Proof of a yes. Only this module makes one.

use ids::{clock::Revision, scope::Scope};
use jiff::Timestamp;
use model::{
    change::Change,
    event::{Actor, Caller, SystemReason},
    question::Question,
};

use crate::{
    cover,
    index::Index,
    verdict::{Allowed, Refusal, Through, Verdict},
};

/// Proof that a caller may do something by the facts of one revision, or that the system may
/// for a reason of its own. Neither `Clone` nor serializable; a change uses it up.
#[derive(Debug)]
pub struct Permit {
    leave: Leave,
    revision: Revision,
    /// When time alone may end it.
    valid_until: Option<Timestamp>,
    through: Vec<Through>,
    passed_locks: Vec<Scope>,
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
    let mut valid_until = None;
    let mut passed_locks = Vec::new();
    for question in &questions {
        let allowed = judge(index, caller, question, now)?;
        through.push(allowed.through);
        passed_locks.extend(allowed.passed_locks);
        valid_until = sooner(valid_until, allowed.valid_until);
    }
    let leave = Leave::Caller { caller: caller.clone(), questions };
    Ok(Permit { leave, revision: index.revision(), valid_until, through, passed_locks })
}

/// Asks one question, for who only wants to know and changes nothing.
pub fn judge(
    index: &Index,
    caller: &Caller,
    question: &Question,
    now: Timestamp,
) -> Result<Allowed, Denied> {
    match index.check(caller.principal, question, now) {
        Verdict::Allowed(allowed) => Ok(allowed),
        Verdict::Refused(refusal) => {
            let (caller, question) = (caller.clone().into(), question.clone().into());
            Err(Denied { caller, question, refusal })
        }
    }
}

/// The earlier of two ends, where none is later than any.
fn sooner(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

impl Permit {
    /// Leave for what no caller asked for; none where that reason does not cover such a change.
    pub fn system(reason: SystemReason, change: &Change) -> Option<Self> {
        cover::covers(reason, change).then(|| Self {
            leave: Leave::System(reason),
            revision: Revision::default(),
            valid_until: None,
            through: vec![Through::System(reason)],
            passed_locks: Vec::new(),
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

    /// The locks that stood against it and were passed over (azure profile).
    pub fn passed_locks(&self) -> &[Scope] {
        &self.passed_locks
    }

    /// The same permit by newer facts and at a later time, if it still holds by them.
    pub fn renew(self, index: &Index, now: Timestamp) -> Result<Self, Denied> {
        let is_as_given = index.access_revision() <= self.revision
            && self.valid_until.is_none_or(|until| now < until);
        match self.leave {
            Leave::System(_) => Ok(self),
            Leave::Caller { .. } if is_as_given => Ok(self),
            Leave::Caller { caller, questions } => authorize(index, &caller, questions, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{ADA, caller};

    use super::*;
    use crate::catalogue::Catalogue;

    /// An empty index refuses whatever it is asked: what it does not refuse was not asked.
    #[test]
    fn time_alone_ends_a_permit() {
        let index = Index::new(Catalogue::builtin());
        let end = Timestamp::UNIX_EPOCH;
        let before = Timestamp::from_second(-1).unwrap();
        let permit = |valid_until| {
            let question = Question::any(
                model::action::Action::GROUPS_READ,
                ids::scope::Scope::Subscription(model::samples::SUBSCRIPTION),
            );
            let leave = Leave::Caller { caller: caller(ADA), questions: vec![question] };
            let (through, passed_locks) = (Vec::new(), Vec::new());
            Permit { leave, revision: Revision(1), valid_until, through, passed_locks }
        };
        assert!(permit(None).renew(&index, end).is_ok());
        assert!(permit(Some(end)).renew(&index, before).is_ok());
        assert!(permit(Some(end)).renew(&index, end).is_err());
        assert_eq!(sooner(Some(end), Some(before)), Some(before));
        assert_eq!(sooner(None, Some(end)), Some(end));
    }
}
