//! Leads: that somebody took an offer, or wants to know of it.

use ids::{guid::TenantId, offer::OfferId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One lead on its way to where the publisher wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// Ordered by time.
    pub id: Uuid,
    pub offer: OfferId,
    /// The publisher's account.
    pub tenant: TenantId,
    pub at: Timestamp,
    pub offer_title: String,
    /// `AzurePortal-Create`.
    pub source: String,
    pub action: String,
    /// Only with leave to share it.
    pub person: Option<LeadPerson>,
    pub delivery: Delivery,
}

/// Who it is about. Each may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadPerson {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub phone: String,
    pub country: String,
    pub company: String,
    pub title: String,
}

/// How far a lead has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Delivery {
    Pending {
        attempts: u32,
    },
    Delivered {
        at: Timestamp,
    },
    /// It is not tried again.
    Failed {
        reason: String,
    },
}
