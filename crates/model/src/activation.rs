//! Just in time: what somebody is eligible for, held for a while, and what has to happen before.

use std::fmt;

use ids::{
    guid::{ApprovalId, ObjectId, Principal, RoleId, StageId, TenantId},
    resource::{ActivationId, AssignmentId, EligibleAssignmentId, ResourceId},
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    action::{Action, Verb},
    period::Period,
    question::{Eligible, Question, Via},
};

pub mod eligible;
pub mod policy;

/// Names of what is told by other things are made under this one.
const NAMES: Uuid = Uuid::from_u128(0x6a0e_2f6e_51b3_4d4c_9a3f_8b1d_02c7_95e1);

/// One request to hold, at the scope of its id and for a while, a role that somebody is eligible
/// for; and what became of it. Whoever it is for has asked for it: nobody asks for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activation {
    pub id: ActivationId,
    /// Someone of the managing tenant; or of the scope's own, where that lets them.
    pub who: Principal,
    /// The scope's home tenant when it was asked for.
    pub customer: TenantId,
    pub eligibility: Eligibility,
    pub asked: Asked,
    pub state: State,
}

/// What may be activated: one eligible authorization of one delegation, or what a tenant lets
/// somebody of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Eligibility {
    #[serde(alias = "delegation")]
    pub basis: Basis,
    /// The principal that it names: the one who asks, or a group.
    pub principal: ObjectId,
    pub role: RoleId,
}

/// What makes somebody eligible. Its id says which of the two it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Basis {
    /// A delegation to the managing tenant whose people may.
    Delegation(AssignmentId),
    /// What the scope's own tenant says of its own people.
    Own(EligibleAssignmentId),
}

impl Basis {
    /// Where it stands.
    pub fn scope(&self) -> &Scope {
        match self {
            Self::Delegation(id) => id.scope(),
            Self::Own(id) => id.scope(),
        }
    }

    /// Its id, as ids compare.
    pub fn key(&self) -> String {
        match self {
            Self::Delegation(id) => id.key(),
            Self::Own(id) => id.key(),
        }
    }

    /// Its id.
    pub fn as_resource(&self) -> &ResourceId {
        match self {
            Self::Delegation(id) => id.as_resource(),
            Self::Own(id) => id.as_resource(),
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_resource().fmt(f)
    }
}

/// What was asked for, when, and what was said with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    pub on: Timestamp,
    /// Not before then; at once where nothing is said.
    pub start: Option<Timestamp>,
    pub length: SignedDuration,
    pub justification: Option<String>,
    pub ticket: Option<Ticket>,
    /// Whether whoever asked had signed in with a second factor.
    pub second_factor: bool,
}

/// The case that it is needed for, as another system names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub number: Option<String>,
    pub system: Option<String>,
}

/// What has become of it. What time alone brings about is in no state: it is told by the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Waiting(Waiting),
    /// It counts in its period, which may be ahead or over.
    Granted {
        period: Period,
        approvals: Approvals,
    },
    /// Somebody said no.
    Denied {
        denial: Decision,
        approvals: Approvals,
    },
    /// Whoever asked for it took that back before it counted.
    Cancelled {
        on: Timestamp,
        approvals: Approvals,
    },
    /// Whoever held it gave it back before its end.
    Deactivated {
        on: Timestamp,
        period: Period,
        approvals: Approvals,
    },
}

/// Some side has still to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub open: Sides,
    pub approvals: Approvals,
    /// From then on nobody can decide any more.
    pub until: Timestamp,
}

/// Whose approval it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// The managing tenant's, as the eligible authorization names its approvers.
    Provider,
    /// The customer's, as its own policies name them.
    Customer,
}

impl Side {
    pub const ALL: [Self; 2] = [Self::Provider, Self::Customer];
}

/// One side, or both; never none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sides {
    Only(Side),
    Both,
}

impl Sides {
    /// Those for which that holds, if there are any.
    pub fn of(holds: impl Fn(Side) -> bool) -> Option<Self> {
        match (holds(Side::Provider), holds(Side::Customer)) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Only(Side::Provider)),
            (false, true) => Some(Self::Only(Side::Customer)),
            (false, false) => None,
        }
    }

    /// Whether that one is among them.
    pub fn has(self, side: Side) -> bool {
        match self {
            Self::Only(it) => it == side,
            Self::Both => true,
        }
    }
}

/// What somebody decided for a side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub side: Side,
    pub by: Principal,
    /// Who that is at home, if it is somebody's guest.
    pub person: Principal,
    pub on: Timestamp,
    pub justification: Option<String>,
}

/// Who agreed, in their order: each side once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Approvals(Vec<Decision>);

impl Approvals {
    /// With one more; none where that side has agreed already.
    #[must_use]
    pub fn with(mut self, decision: Decision) -> Option<Self> {
        if self.of(decision.side).is_some() {
            return None;
        }
        self.0.push(decision);
        Some(self)
    }

    /// Without what those sides agreed to.
    #[must_use]
    pub fn without(mut self, sides: &[Side]) -> Self {
        self.0.retain(|it| !sides.contains(&it.side));
        self
    }

    /// What a side agreed to.
    pub fn of(&self, side: Side) -> Option<&Decision> {
        self.0.iter().find(|it| it.side == side)
    }

    /// All of them.
    pub fn all(&self) -> &[Decision] {
        &self.0
    }
}

impl Eligibility {
    /// The name that clients know it by: the same for the same authorization of a delegation; a
    /// tenant's own has one.
    pub fn name(&self) -> Uuid {
        let Self { basis, principal, role } = self;
        let own = match basis {
            Basis::Delegation(_) => None,
            Basis::Own(id) => id.name().as_str().parse().ok(),
        };
        let key = || named(format_args!("eligibility {} {principal} {role}", basis.key()));
        own.unwrap_or_else(key)
    }

    /// What access is asked of it.
    pub fn eligible(&self) -> Eligible {
        Eligible { principal: self.principal, role: self.role }
    }
}

impl Activation {
    /// The approval that it waits for, or waited for.
    pub fn approval(&self) -> ApprovalId {
        ApprovalId::new(named(format_args!("approval {}", self.id.key())))
    }

    /// What that side has to say in it.
    pub fn stage(&self, side: Side) -> StageId {
        let side = match side {
            Side::Provider => "provider",
            Side::Customer => "customer",
        };
        StageId::new(named(format_args!("stage {side} {}", self.id.key())))
    }

    /// Who agreed so far.
    pub fn approvals(&self) -> &Approvals {
        match &self.state {
            State::Waiting(Waiting { approvals, .. })
            | State::Granted { approvals, .. }
            | State::Denied { approvals, .. }
            | State::Cancelled { approvals, .. }
            | State::Deactivated { approvals, .. } => approvals,
        }
    }

    /// When somebody decided about it who is on that side, and how.
    pub fn decision_of(&self, side: Side) -> Option<&Decision> {
        let denial = match &self.state {
            State::Denied { denial, .. } => Some(denial),
            State::Waiting(_)
            | State::Granted { .. }
            | State::Cancelled { .. }
            | State::Deactivated { .. } => None,
        };
        denial.filter(|it| it.side == side).or_else(|| self.approvals().of(side))
    }

    /// What its last step took. Only what lies in something that goes is removed, by the system.
    pub(crate) fn leave(&self, verb: Verb) -> Vec<Question> {
        let asked = |action, via| {
            vec![Question { action, scope: Scope::Resource(self.id.as_resource().clone()), via }]
        };
        match verb {
            Verb::Delete => Vec::new(),
            Verb::Read => asked(Action::ACTIVATIONS_READ, Via::Requesting),
            Verb::Write => match (&self.state, self.approvals().all().last()) {
                (State::Denied { denial, .. }, _) => {
                    asked(Action::APPROVALS_WRITE, Via::Approving(denial.side))
                }
                (State::Cancelled { .. }, _) => asked(Action::ACTIVATIONS_CANCEL, Via::Requesting),
                (State::Deactivated { .. }, _) => asked(Action::ACTIVATIONS_WRITE, Via::Requesting),
                (State::Waiting(_) | State::Granted { .. }, Some(last)) => {
                    asked(Action::APPROVALS_WRITE, Via::Approving(last.side))
                }
                (State::Waiting(_) | State::Granted { .. }, None) => {
                    let via = Via::Activating(self.eligibility.eligible());
                    asked(Action::ACTIVATIONS_WRITE, via)
                }
            },
        }
    }
}

fn named(what: fmt::Arguments<'_>) -> Uuid {
    Uuid::new_v5(&NAMES, what.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn decision(side: Side) -> Decision {
        let by = samples::OLOF;
        Decision { side, by, person: by, on: samples::now(), justification: None }
    }

    #[test]
    fn each_step_takes_the_leave_of_whoever_takes_it() {
        let (asked, on) = (samples::activation(samples::whole()), samples::now());
        let with = |state| Activation { state, ..asked.clone() };
        let approvals = Approvals::default().with(decision(Side::Customer)).unwrap();
        let period = Period::lasting(on, SignedDuration::from_hours(1)).unwrap();
        let eligible = asked.eligibility.eligible();
        let waiting = |approvals| {
            State::Waiting(Waiting { open: Sides::Only(Side::Provider), approvals, until: on })
        };
        let cases = [
            (waiting(Approvals::default()), Via::Activating(eligible)),
            (waiting(approvals.clone()), Via::Approving(Side::Customer)),
            (State::Granted { period, approvals: Approvals::default() }, Via::Activating(eligible)),
            (
                State::Granted { period, approvals: approvals.clone() },
                Via::Approving(Side::Customer),
            ),
            (
                State::Denied { denial: decision(Side::Provider), approvals: approvals.clone() },
                Via::Approving(Side::Provider),
            ),
            (State::Cancelled { on, approvals: approvals.clone() }, Via::Requesting),
            (State::Deactivated { on, period, approvals }, Via::Requesting),
        ];
        for (state, via) in cases {
            let asked = with(state.clone()).leave(Verb::Write);
            assert_eq!(asked.iter().map(|it| it.via).collect::<Vec<_>>(), [via], "{state:?}");
        }
        assert!(asked.leave(Verb::Delete).is_empty(), "the system's own");
    }

    #[test]
    fn a_side_agrees_once() {
        let once = Approvals::default().with(decision(Side::Customer)).unwrap();
        assert_eq!(once.clone().with(decision(Side::Customer)), None);
        assert_eq!(once.with(decision(Side::Provider)).unwrap().all().len(), 2);
    }

    #[test]
    fn the_same_guid_elsewhere_is_another_approval() {
        let here = samples::activation(samples::whole());
        let there = samples::activation(samples::resource_group("app"));
        assert_eq!(here.id.name(), there.id.name());
        assert_ne!(here.approval(), there.approval());
        assert_ne!(here.stage(Side::Provider), here.stage(Side::Customer));
    }
}
