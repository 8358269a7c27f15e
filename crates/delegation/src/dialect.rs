//! What the api-version of a request can speak of.

/// Whether a request's api-version knows eligible authorizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Older than [`ELIGIBLE_SINCE`].
    Plain,
    /// [`ELIGIBLE_SINCE`] or later.
    Eligible,
}

/// The first api-version that knows eligible authorizations.
pub const ELIGIBLE_SINCE: &str = "2020-02-01-preview";

/// Eligible authorizations met a request that cannot speak of them
/// (<https://github.com/hashicorp/terraform-provider-azurerm/issues/20108>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "The registration definition has eligible authorizations. The api-version must be at least '{ELIGIBLE_SINCE}' for operations on eligible authorizations."
)]
pub struct TooOld;

impl Dialect {
    /// Whether a request in this dialect may touch a definition with these.
    pub fn speaks_of<T>(self, eligible: &[T]) -> Result<(), TooOld> {
        if self == Self::Plain && !eligible.is_empty() { Err(TooOld) } else { Ok(()) }
    }
}
