//! What an eligible authorization may be: kept and shown, since nobody can activate one yet.

use ids::guid::RoleId;
use model::delegation::{EligibleAuthorization, JustInTimePolicy};

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
    for it in authorizations {
        delegable(it.role, roles).map_err(|why| Refused::Role(it.role, why))?;
        if let Some(policy) = &it.policy {
            bounded(it.role, policy)?;
        }
        let unlike =
            |other: &EligibleAuthorization| other.role == it.role && other.policy != it.policy;
        if authorizations.iter().any(unlike) {
            return Err(Refused::UnlikePolicies(it.role));
        }
    }
    Ok(())
}

fn bounded(role: RoleId, policy: &JustInTimePolicy) -> Result<(), Refused> {
    if !(MINUTES_MIN..=MINUTES_MAX).contains(&policy.minutes_max) {
        return Err(Refused::Duration(role));
    }
    let approvers = policy.approvers.len();
    if approvers > APPROVERS_MAX { Err(Refused::Approvers(role, approvers)) } else { Ok(()) }
}
