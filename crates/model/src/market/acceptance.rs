//! What customers agreed to.

use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    offer::{PlanId, Slot},
    version::Version,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::form::Terms;

/// That a customer's tenant took a plan. Which scopes it delegated is told by the registration
/// definitions with that plan, which all have the version accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    pub customer: TenantId,
    pub plan: PlanId,
    /// Whether it is the preview's, of which the live plan is independent.
    pub slot: Slot,
    /// The subscription in which the last decision was taken.
    pub subscription: SubscriptionId,
    /// The version in force; none while only the terms are accepted.
    pub version: Option<Version>,
    pub terms: TermsAccepted,
    /// A newer version that the customer does not want.
    pub declined: Option<Version>,
}

/// Who agreed to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsAccepted {
    pub by: Principal,
    /// What they are called.
    pub name: String,
    pub at: Timestamp,
    /// What they agreed to, word for word.
    pub terms: Terms,
    /// Whether the agreement stands.
    pub is_standing: bool,
}
