//! Links of principals to partner ids (Microsoft.ManagementPartner, 2018-02-01).

use ids::{guid::Principal, offer::PartnerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    action::{Action, Verb},
    question::Question,
};

/// That what a principal does counts for a partner. Gives no leave for anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerLink {
    pub principal: Principal,
    pub partner: PartnerId,
    /// Counts the changes; its etag.
    pub version: u32,
    pub created: Timestamp,
    pub updated: Timestamp,
}

impl PartnerLink {
    /// Everybody links themselves; operations write no other's.
    pub(super) fn leave(&self, verb: Verb) -> Question {
        let action = Action::named(format!("Fyr.Directory/self/partnerLink/{}", verb.as_str()));
        Question::directory(action, self.principal.tenant)
    }
}
