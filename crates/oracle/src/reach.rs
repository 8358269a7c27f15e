//! All that somebody holds anywhere.

use std::collections::BTreeSet;

use ids::guid::{Principal, TenantId};
use model::change::Noun;

use crate::book::Oracle;

impl Oracle {
    /// Everything that gives the principal something, alone or through groups: the grant's id, the
    /// role, and the scope, as text. Whether the principal can ask for anything does not matter.
    pub fn reach(&self, who: Principal) -> BTreeSet<(String, String, String)> {
        let homes = self.facts.iter().filter_map(|fact| match fact {
            Noun::RoleAssignment(it) => self.home(it.id.scope()),
            Noun::Assignment(it) => self.home(it.id.scope()),
            _ => None,
        });
        let homes: BTreeSet<TenantId> = homes.collect();
        let held = homes.into_iter().flat_map(|home| self.held(who, home));
        held.map(|it| (it.id, it.role, it.scope.key())).collect()
    }
}
