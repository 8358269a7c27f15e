//! All that somebody holds anywhere.

use std::collections::BTreeSet;

use ids::guid::{Principal, TenantId};
use model::change::Noun;

use crate::book::Oracle;

impl Oracle {
    /// Everything that gives the principal something, alone or through groups: the grant's id, the
    /// role, and the scope, as text. Whether the principal can ask for anything does not matter.
    pub fn reach(&self, who: Principal) -> BTreeSet<(String, String, String)> {
        let tenants = self.facts.iter().filter_map(|fact| match fact {
            Noun::Tenant(it) => Some(it.id),
            _ => None,
        });
        let tenants: BTreeSet<TenantId> = tenants.collect();
        let held = tenants.into_iter().flat_map(|home| self.held(who, home));
        held.map(|it| (it.id, it.role, it.scope.key())).collect()
    }
}
