//! What a tenant asks for before a role is held just in time: judged as its own request would be.

use activation::policy::judge;
use model::{activation::policy, change::Noun, delegation::Approver};

use super::Court;
use crate::{declared::ActivationPolicy, resolve::Scene};

impl Scene<'_, '_> {
    pub(super) fn activation_policy(&mut self, declared: &ActivationPolicy, court: &mut Court<'_>) {
        let role = self.role(&declared.role, court);
        let scope = court.places.find(court.tenant, &declared.scope, self.faults);
        let approvers = declared.approvers.iter().filter_map(|it| {
            let found = self.directory.find(court.nth, &it.principal, self.faults)?;
            let display_name = it.display_name.clone();
            Some(Approver { principal: found.principal.object, display_name })
        });
        let approvers = approvers.collect();
        let (Some(role), Some(scope)) = (role, scope) else { return };
        let key = format!("{} {role}", scope.key());
        court.taken.word("activation policy", &key, &declared.role, self.faults);
        let Ok(id) = policy::ActivationPolicy::id_at(scope, role) else { return };
        let made = policy::ActivationPolicy {
            id,
            role,
            minutes_max: declared.minutes_max,
            asks: declared.asks.clone(),
            approvers,
            system_data: self.system_data(),
        };
        match judge(&made) {
            Ok(()) => self.declare(declared.role.at, Noun::ActivationPolicy(made)),
            Err(refused) => self.faults.add(declared.role.at, refused.to_string()),
        }
    }
}
