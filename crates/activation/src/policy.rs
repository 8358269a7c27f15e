//! What a customer may demand.

use ids::scope::Scope;
use model::activation::policy::ActivationPolicy;

use crate::{demands::MINUTES_MIN, refused::Refused};

/// Azure's bound on how long an activation may last by a policy, in minutes: a day.
pub const MINUTES_MAX: u32 = 24 * 60;

/// Whether such a policy may stand.
pub fn judge(policy: &ActivationPolicy) -> Result<(), Refused> {
    match policy.id.scope() {
        Scope::Subscription(_) | Scope::ResourceGroup(..) => {}
        scope @ (Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_)) => {
            return Err(Refused::PolicyScope(scope.clone()));
        }
    }
    if policy.minutes_max.is_some_and(|it| !(MINUTES_MIN..=MINUTES_MAX).contains(&it)) {
        return Err(Refused::PolicyLength { least: MINUTES_MIN, most: MINUTES_MAX });
    }
    if policy.approvers.len() > ActivationPolicy::APPROVERS_MAX {
        return Err(Refused::PolicyApprovers(ActivationPolicy::APPROVERS_MAX));
    }
    Ok(())
}
