//! What a plan gives to whom.

use std::collections::BTreeSet;

use ids::guid::{ObjectId, TenantId};
use serde::{Deserialize, Serialize};

use crate::delegation::{Authorization, EligibleAuthorization};

/// The managing tenant, and what its people, groups and applications are to be allowed in the
/// scopes that a customer delegates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The managing tenant.
    pub tenant: TenantId,
    /// What holds always.
    pub authorizations: Vec<Authorization>,
    /// What is activated for a while.
    pub eligible: Vec<EligibleAuthorization>,
}

impl Manifest {
    /// Everybody who is given something.
    pub fn principals(&self) -> BTreeSet<ObjectId> {
        let always = self.authorizations.iter().map(|it| it.principal);
        always.chain(self.eligible.iter().map(|it| it.principal)).collect()
    }

    /// What the manifest calls somebody, in the first place that says it.
    pub fn name_of(&self, principal: ObjectId) -> Option<&str> {
        let always = self.authorizations.iter().map(|it| (it.principal, &it.display_name));
        let eligible = self.eligible.iter().map(|it| (it.principal, &it.display_name));
        always
            .chain(eligible)
            .filter(|(who, _)| *who == principal)
            .find_map(|(_, name)| name.as_deref())
    }
}
