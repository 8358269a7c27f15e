//! What an eligible authorization may be: kept and shown, since nobody can activate one yet.

use std::collections::{BTreeMap, BTreeSet};

use ids::guid::{ObjectId, RoleId};
use model::delegation::{EligibleAuthorization, JustInTimePolicy, MultiFactor};

use crate::delegable::{Roles, Why, delegable};

/// How long an activation may last at least and at most, in minutes (B73: `PT30M` to `PT8H`).
const MINUTES_MIN: u32 = 30;
const MINUTES_MAX: u32 = 480;
/// How many may be named to approve (B74).
const APPROVERS_MAX: usize = 10;

/// Why an eligible authorization is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The role definition '{0}' is not allowed in the eligible authorizations.")]
    Role(RoleId, Why),
    #[error(
        "The maximumActivationDuration of the eligible authorization for role definition '{0}' must be between 'PT30M' and 'PT8H'."
    )]
    Duration(RoleId),
    #[error(
        "The eligible authorization for role definition '{0}' names {1} approvers. At most {APPROVERS_MAX} are allowed."
    )]
    Approvers(RoleId, usize),
    #[error(
        "The eligible authorizations for role definition '{0}' must all have the same justInTimeAccessPolicy."
    )]
    UnlikePolicies(RoleId),
}

/// Whether these may stand together in a definition.
pub(crate) fn judge(
    authorizations: &[EligibleAuthorization],
    roles: &Roles<'_>,
) -> Result<(), Refused> {
    let mut first: BTreeMap<RoleId, Meant> = BTreeMap::new();
    for it in authorizations {
        delegable(it.role, roles).map_err(|why| Refused::Role(it.role, why))?;
        if let Some(policy) = &it.policy {
            bounded(it.role, policy)?;
        }
        // B71: those of one role mean the same.
        let meant = Meant::of(it);
        if *first.entry(it.role).or_insert_with(|| meant.clone()) != meant {
            return Err(Refused::UnlikePolicies(it.role));
        }
    }
    Ok(())
}

/// What a policy comes to: what is not said is the default, and neither the approvers' order nor
/// what they are called makes a difference.
#[derive(Clone, PartialEq, Eq)]
struct Meant {
    multi_factor: MultiFactor,
    minutes_max: u32,
    approvers: BTreeSet<ObjectId>,
}

impl Meant {
    fn of(it: &EligibleAuthorization) -> Self {
        let none = JustInTimePolicy {
            multi_factor: MultiFactor::None,
            minutes_max: MINUTES_MAX,
            approvers: Vec::new(),
        };
        let policy = it.policy.as_ref().unwrap_or(&none);
        Self {
            multi_factor: policy.multi_factor,
            minutes_max: policy.minutes_max,
            approvers: policy.approvers.iter().map(|it| it.principal).collect(),
        }
    }
}

fn bounded(role: RoleId, policy: &JustInTimePolicy) -> Result<(), Refused> {
    if !(MINUTES_MIN..=MINUTES_MAX).contains(&policy.minutes_max) {
        return Err(Refused::Duration(role));
    }
    let approvers = policy.approvers.len();
    if approvers > APPROVERS_MAX { Err(Refused::Approvers(role, approvers)) } else { Ok(()) }
}
