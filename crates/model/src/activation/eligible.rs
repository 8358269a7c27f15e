//! What a tenant lets its own people activate.

use ids::{
    guid::{Principal, RoleId},
    resource::EligibleAssignmentId,
    scope::Scope,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Basis, Eligibility, Ticket};
use crate::{
    action::{Action, Verb},
    period::OpenPeriod,
    question::{Assigned, Question, Via},
    role::PrincipalType,
};

/// A role that somebody of the scope's own tenant may activate, at the scope of its id and within.
/// It grants nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EligibleAssignment {
    /// Named by the request that made it.
    pub id: EligibleAssignmentId,
    /// Someone of the scope's own tenant, or a group there.
    pub principal: Principal,
    pub principal_type: PrincipalType,
    pub role: RoleId,
    /// When it may be activated, and when what is activated counts.
    pub period: OpenPeriod,
    /// What was asked for of it, in this order; never none.
    pub steps: Vec<Step>,
    /// Since when it is gone for good, if it is.
    pub removed: Option<Timestamp>,
}

/// One request about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub name: Uuid,
    pub kind: StepKind,
    pub by: Principal,
    pub on: Timestamp,
    /// The period since then.
    pub period: OpenPeriod,
    pub justification: Option<String>,
    pub ticket: Option<Ticket>,
}

/// What a request did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepKind {
    Assign,
    /// Another period.
    Update,
    /// A later end, before it was over.
    Extend,
    /// Another period after it was over.
    Renew,
    Remove,
    /// Taken back before it began.
    Cancel,
}

impl EligibleAssignment {
    /// So many steps are kept: the first, and the last.
    pub const STEPS_MAX: usize = 50;
    /// So many may be kept at one scope.
    pub const AT_MOST: usize = 2_000;

    /// What it lets somebody activate.
    pub fn eligibility(&self) -> Eligibility {
        let basis = Basis::Own(self.id.clone());
        Eligibility { basis, principal: self.principal.object, role: self.role }
    }

    /// The same with one more step, and what that makes of it.
    #[must_use]
    pub fn after(mut self, step: Step) -> Self {
        match step.kind {
            StepKind::Remove | StepKind::Cancel => self.removed = Some(step.on),
            StepKind::Assign | StepKind::Update | StepKind::Extend | StepKind::Renew => {
                self.period = step.period;
            }
        }
        if self.steps.len() >= Self::STEPS_MAX {
            self.steps.remove(1);
        }
        self.steps.push(step);
        self
    }

    /// To let somebody activate a role is to give it: it takes the leave for that, by somebody of
    /// the scope's own tenant. To take it away again takes the leave for that. Only what lies in
    /// something that goes is removed without a trace, by the system.
    pub(crate) fn leave(&self, verb: Verb) -> Vec<Question> {
        let scope = Scope::Resource(self.id.as_resource().clone());
        let asked = |action, via| Question { action, scope: scope.clone(), via };
        let assigned = Assigned {
            role: self.role,
            principal: Some(self.principal.object),
            kind: Some(self.principal_type),
        };
        let given = match (verb, self.removed) {
            (Verb::Delete, _) => return Vec::new(),
            (Verb::Read, _) => {
                return vec![asked(Action::ROLE_ASSIGNMENTS_READ, Via::Direct)];
            }
            (Verb::Write, None) => Action::ROLE_ASSIGNMENTS_WRITE,
            (Verb::Write, Some(_)) => Action::ROLE_ASSIGNMENTS_DELETE,
        };
        let own = asked(Action::ELIGIBILITIES_WRITE, Via::Direct);
        vec![own, asked(given, Via::Assigning(assigned))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, OLOF};

    #[test]
    fn to_let_somebody_activate_takes_the_leave_to_give_and_to_end_it_the_leave_to_take() {
        let it = samples::eligible_assignment(samples::whole(), OLOF);
        let actions = |it: &EligibleAssignment, verb| -> Vec<Action> {
            it.leave(verb).into_iter().map(|it| it.action).collect()
        };
        let given = [Action::ELIGIBILITIES_WRITE, Action::ROLE_ASSIGNMENTS_WRITE];
        assert_eq!(actions(&it, Verb::Write), given);
        assert_eq!(it.leave(Verb::Write)[0].via, Via::Direct, "no delegation gives it");
        let gone = EligibleAssignment { removed: Some(samples::now()), ..it };
        let taken = [Action::ELIGIBILITIES_WRITE, Action::ROLE_ASSIGNMENTS_DELETE];
        assert_eq!(actions(&gone, Verb::Write), taken);
        assert!(gone.leave(Verb::Delete).is_empty(), "the system's own");
    }

    #[test]
    fn of_many_steps_the_first_and_the_last_are_kept() {
        let mut it = samples::eligible_assignment(samples::whole(), OLOF);
        let step = it.steps[0].clone();
        for n in 0..120 {
            let name = Uuid::from_u128(n);
            it = it.after(Step { name, kind: StepKind::Update, ..step.clone() });
        }
        assert_eq!(it.steps.len(), EligibleAssignment::STEPS_MAX);
        assert_eq!((it.steps[0].name, it.steps[49].name), (step.name, Uuid::from_u128(119)));
    }
}
