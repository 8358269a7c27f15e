//! What the journal keeps: who changed what, where, when, and whom it concerns.

use ids::{
    guid::{AppId, CorrelationId, EventId, Principal, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{action::Action, change::Change};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Actor {
    Caller(Caller),
    System(SystemReason),
}

/// Someone who signed in, as the token says it: who, never what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    pub principal: Principal,
    /// What people call it: the sign-in name, or the application's id.
    pub name: String,
    pub kind: CallerKind,
    /// The application that the token was issued to.
    pub app: AppId,
    /// How it signed in (RFC 8176): `pwd`, `mfa`, `app`.
    pub methods: Vec<String>,
    /// When it last showed so itself; none where no person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in: Option<Timestamp>,
}

impl Caller {
    /// What a sign-in with more than a password says of itself (RFC 8176).
    pub const MULTIPLE_FACTORS: &str = "mfa";

    /// When it has shown more than a password, if it has.
    pub fn multiple_factors(&self) -> Option<Timestamp> {
        let shown = self.methods.iter().any(|it| it == Self::MULTIPLE_FACTORS);
        self.signed_in.filter(|_| shown)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CallerKind {
    User,
    Application,
    ManagedIdentity,
}

/// Why something happens that no caller asked for. Each reason covers certain changes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SystemReason {
    Bootstrap,
    WorldApply,
    SignIn,
    KeyRotation,
    Expiry,
    Retention,
    JobProgress,
    /// What follows from another change: a resource group takes its resources along.
    Cascade,
}

impl SystemReason {
    pub const ALL: [Self; 8] = [
        Self::Bootstrap,
        Self::WorldApply,
        Self::SignIn,
        Self::KeyRotation,
        Self::Expiry,
        Self::Retention,
        Self::JobProgress,
        Self::Cascade,
    ];
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    pub at: Timestamp,
    pub actor: Actor,
    /// The first action that the change needed leave for.
    pub action: Action,
    pub scope: Scope,
    /// The tenants that the change concerns, the scope's home tenant first.
    pub tenants: Vec<TenantId>,
    pub correlation: CorrelationId,
    /// What changed, without secrets.
    pub change: Change,
}
