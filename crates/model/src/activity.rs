//! The activity log: what both parties read through Azure's API.

use ids::{
    guid::{CorrelationId, EventId, SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{action::Action, defect::Defect, event::Caller};

/// One record of the activity log (Azure: `EventData`, api-version 2015-04-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub id: EventId,
    pub at: Timestamp,
    /// The record of the operation's beginning, where one row keeps both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<Beginning>,
    pub log: Log,
    pub caller: Option<Caller>,
    pub action: Action,
    /// What the action was asked for.
    pub scope: Scope,
    pub outcome: Outcome,
    /// HTTP status of the answer.
    pub status_code: u16,
    pub correlation: CorrelationId,
    /// Groups the records of one operation.
    pub operation: EventId,
    pub method: String,
    pub client_request: Option<String>,
    pub client_address: Option<String>,
    /// Azure's free text; for a tenant's log the JSON that names the delegation.
    pub description: String,
    /// ARM's error code and message, of a refusal or a failure.
    pub message: Option<String>,
    /// The defects of Azure's that it was done by, or leads into (azure profile).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
}

/// How a record of an operation's beginning differs from that of its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    pub id: EventId,
    pub at: Timestamp,
}

impl Activity {
    /// The record, and before it that of the beginning, if it keeps one: Azure's log shows two.
    #[must_use]
    pub fn apart(mut self) -> (Self, Option<Self>) {
        let began = self.began.take().map(|Beginning { id, at }| Self {
            id,
            at,
            outcome: Outcome::Started,
            status_code: 0,
            message: None,
            defects: Vec::new(),
            ..self.clone()
        });
        (self, began)
    }

    /// How bad it is.
    pub fn level(&self) -> Level {
        match self.outcome {
            Outcome::Failed => Level::Error,
            Outcome::Started | Outcome::Accepted | Outcome::Succeeded => {
                let fine = self.defects.is_empty() && !self.is_of_policy();
                if fine { Level::Informational } else { Level::Warning }
            }
        }
    }

    /// Whether it tells what a policy has against something, and not what a caller did.
    pub fn is_of_policy(&self) -> bool {
        const POLICIES: &str = "Microsoft.Authorization/policies/";
        let name = self.action.as_str().get(..POLICIES.len());
        name.is_some_and(|it| it.eq_ignore_ascii_case(POLICIES))
    }
}

/// How bad a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Informational,
    /// It worked as Azure's does, which is wrong.
    Warning,
    Error,
}

/// Whose log it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Log {
    Subscription(SubscriptionId),
    Tenant(TenantId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Started,
    Accepted,
    Succeeded,
    Failed,
}
