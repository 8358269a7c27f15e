//! Every refusal of this crate in one place, for whoever tells the outside.

use crate::{acceptance, assign, define, end, take, unregister, visible, withdraw};

/// Why nothing came of a request about a delegation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Define(#[from] define::Refused),
    #[error(transparent)]
    Take(#[from] take::Refused),
    #[error(transparent)]
    Acceptance(#[from] acceptance::Refused),
    #[error(transparent)]
    Assign(#[from] assign::Refused),
    #[error(transparent)]
    Withdraw(#[from] withdraw::Refused),
    #[error(transparent)]
    End(#[from] end::Refused),
    #[error(transparent)]
    Unregister(#[from] unregister::Refused),
    #[error(transparent)]
    Show(#[from] visible::Refused),
}
