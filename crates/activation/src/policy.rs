//! What a customer may demand.

use ids::scope::Scope;
use model::activation::policy::ActivationPolicy;

use crate::{demands::MINUTES_MIN, refused::Refused, request::within};

/// Azure's bound on how long an activation may last by a policy, in minutes: a day.
pub const MINUTES_MAX: u32 = 24 * 60;
/// The bound on what an approver is called.
pub const DESCRIPTION_CHARS_MAX: usize = 256;

/// Whether such a policy may stand.
pub fn judge(policy: &ActivationPolicy) -> Result<(), Refused> {
    match policy.id.scope() {
        Scope::ManagementGroup(..) | Scope::Subscription(_) | Scope::ResourceGroup(..) => {}
        scope @ (Scope::Tenant(_) | Scope::Resource(_)) => {
            return Err(Refused::PolicyScope(scope.clone()));
        }
    }
    if policy.minutes_max.is_some_and(|it| !(MINUTES_MIN..=MINUTES_MAX).contains(&it)) {
        return Err(Refused::PolicyLength { least: MINUTES_MIN, most: MINUTES_MAX });
    }
    if policy.approvers.len() > ActivationPolicy::APPROVERS_MAX {
        return Err(Refused::PolicyApprovers(ActivationPolicy::APPROVERS_MAX));
    }
    let mut called = policy.approvers.iter().map(|it| it.display_name.as_deref());
    called.try_for_each(|it| within("description of an approver", it, DESCRIPTION_CHARS_MAX))
}
