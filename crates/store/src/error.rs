//! Why the store did not do what it was asked.

use access::{index::GROUPS_MAX, permit::Denied};
use ids::guid::Principal;

use crate::engine::UnitId;

/// What lies beneath a failure.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Every way a read or a commit can end without its effect.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Run the operation again, from its facts.
    #[error("what this request had read was changed by another")]
    Conflict,
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Nothing happened, and nothing will until the store is well again.
    #[error("the store is unavailable")]
    Unavailable(#[source] Source),
    #[error("a stored row cannot be read")]
    Corrupt(#[source] Source),
    #[error("a list has more rows than one unit may look at")]
    TooMany,
    #[error("`{0}` would share the rights of more than {GROUPS_MAX} groups")]
    Overgrown(Principal),
    /// The commit may have happened. After reopening, [`crate::store::Store::committed`] knows.
    #[error("whether unit `{unit}` was committed is unknown")]
    UnknownOutcome {
        unit: UnitId,
        #[source]
        source: Source,
    },
}

impl StoreError {
    /// A failure to reach the data, with a reason in words.
    pub fn unavailable(reason: impl Into<Source>) -> Self {
        Self::Unavailable(reason.into())
    }

    /// Stored bytes that make no sense, with a reason in words.
    pub fn corrupt(reason: impl Into<Source>) -> Self {
        Self::Corrupt(reason.into())
    }
}
