//! What an eligible authorization may be. What it takes to activate one is for `activation`.

use std::collections::BTreeMap;

use ids::guid::RoleId;
use model::delegation::{EligibleAuthorization, Hurdle, JustInTimePolicy};

use crate::delegable::{Roles, Why, delegable};

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
        "The eligible authorization for role definition '{0}' names {1} approvers. At most {most} are allowed.",
        most = JustInTimePolicy::APPROVERS_MAX
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
    let mut first: BTreeMap<RoleId, Hurdle> = BTreeMap::new();
    for it in authorizations {
        delegable(it.role, roles).map_err(|why| Refused::Role(it.role, why))?;
        if let Some(policy) = &it.policy {
            bounded(it.role, policy)?;
        }
        // B71: those of one role mean the same.
        let meant = Hurdle::of(it);
        if *first.entry(it.role).or_insert_with(|| meant.clone()) != meant {
            return Err(Refused::UnlikePolicies(it.role));
        }
    }
    Ok(())
}

fn bounded(role: RoleId, policy: &JustInTimePolicy) -> Result<(), Refused> {
    if !(JustInTimePolicy::MINUTES_MIN..=JustInTimePolicy::MINUTES_MAX)
        .contains(&policy.minutes_max)
    {
        return Err(Refused::Duration(role));
    }
    let approvers = policy.approvers.len();
    if approvers > JustInTimePolicy::APPROVERS_MAX {
        Err(Refused::Approvers(role, approvers))
    } else {
        Ok(())
    }
}
