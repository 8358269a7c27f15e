//! What is answered.

use ids::{
    clock::Revision,
    guid::RoleId,
    resource::{ActivationId, AssignmentId, DenyAssignmentId, RoleAssignmentId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    activation::Basis, event::SystemReason, market::account::AccountRole, ownership::Owned,
};

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed(Allowed),
    Refused(Refusal),
}

impl Verdict {
    /// Whether the answer is yes.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// A yes, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// When time alone may end it: the first end of what it rests on.
    pub valid_until: Option<Timestamp>,
    /// The revision whose facts were asked.
    pub revision: Revision,
    /// The innermost grant that allows it.
    pub through: Through,
    /// The locks that stood against it and were passed over, since it comes through a delegation
    /// (azure profile); innermost first.
    pub passed_locks: Vec<Scope>,
}

/// What allows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// A role assignment in the scope's home tenant.
    Assignment(RoleAssignmentId),
    /// A delegation to the caller's tenant.
    Delegation(AssignmentId),
    /// What the caller has activated for now.
    Activation(ActivationId),
    /// That the caller is eligible by that.
    Eligibility(Basis),
    /// That the caller asked for that activation, or may decide about it.
    Party(ActivationId),
    /// A directory role of the caller's own tenant; none where everybody of the caller's kind may
    /// there.
    Directory(Option<RoleId>),
    /// That the caller owns that thing of its tenant's directory.
    Owner(Owned),
    /// What the caller is in its tenant's publisher account.
    Account(AccountRole),
    /// No grant: the system's own reason.
    System(SystemReason),
}

/// A no. Whoever holds no grant learns neither of denies nor of locks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("no grant allows it")]
    NoGrant,
    #[error("the deny assignment `{name}` at `{scope}` stands against it")]
    Denied { id: DenyAssignmentId, name: String, scope: Scope },
    #[error(transparent)]
    NotOwner(NotOwner),
    /// The scopes that hold the locks, innermost first.
    #[error("the scope is locked")]
    Locked { locks: Vec<Scope> },
}

/// Which part of the delegation rule failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOwner {
    #[error("only an account of the subscription's own tenant may delegate")]
    ForeignTenant,
    #[error("a guest may not delegate")]
    Guest,
    #[error("to delegate takes role assignments' read, write and delete at the subscription")]
    NoGrant,
}
