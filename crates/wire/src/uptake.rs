//! What customers have of a publisher's plans, as JSON.

use ids::{
    guid::TenantId,
    offer::{OfferName, PlanId, PlanName, PublisherId},
    version::Version,
};
use jiff::Timestamp;
use serde::Serialize;

/// How a live plan's versions stand with its customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanUseBody {
    publisher_id: PublisherId,
    offer_id: OfferName,
    plan_id: PlanName,
    newest_version: Option<Version>,
    versions: Vec<VersionUseBody>,
    undelegated: usize,
    behind: usize,
    declined: usize,
    /// Whether there are more customers than were counted.
    is_more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct VersionUseBody {
    version: Version,
    customers: usize,
}

/// How many customers stand how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub undelegated: usize,
    pub behind: usize,
    pub declined: usize,
    pub is_more: bool,
}

impl PlanUseBody {
    /// The counts of a plan; of each version, how many have it.
    pub fn new(
        plan: PlanId,
        newest: Option<Version>,
        versions: impl IntoIterator<Item = (Version, usize)>,
        counts: Counts,
    ) -> Self {
        let Counts { undelegated, behind, declined, is_more } = counts;
        let versions = versions.into_iter();
        Self {
            publisher_id: plan.offer.publisher,
            offer_id: plan.offer.name,
            plan_id: plan.name,
            newest_version: newest,
            versions: versions
                .map(|(version, customers)| VersionUseBody { version, customers })
                .collect(),
            undelegated,
            behind,
            declined,
            is_more,
        }
    }
}

/// What one customer has of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerUseBody {
    pub customer_tenant_id: TenantId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// None while only the terms are accepted.
    pub version: Option<Version>,
    /// The newer version that waits for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_version: Option<Version>,
    pub is_declined: bool,
    pub agreed_at: Timestamp,
}
