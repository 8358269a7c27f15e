//! Why an operation did not happen. Statuses and codes are chosen in `arm`, in one table.

use store::error::StoreError;

/// Every way an operation can end without its effect.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Denied(#[from] access::permit::Denied),
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Delegation(#[from] delegation::refused::Refused),
    #[error(transparent)]
    Deployment(#[from] crate::deployments::Refused),
    #[error(transparent)]
    Group(#[from] crate::groups::Refused),
    #[error(transparent)]
    Resource(#[from] crate::resources::Refused),
    #[error(transparent)]
    NoManagementGroup(#[from] crate::management_groups::NotFound),
    #[error(transparent)]
    NoSubscription(#[from] crate::subscriptions::NotFound),
    #[error(transparent)]
    Role(#[from] crate::roles::Refused),
    #[error(transparent)]
    Lock(#[from] crate::locks::Refused),
    #[error(transparent)]
    Activity(#[from] crate::activity::Refused),
}

impl From<StoreError> for Error {
    /// A refusal at the commit is a refusal like any other.
    fn from(error: StoreError) -> Self {
        if let StoreError::Denied(denied) = error {
            Self::Denied(denied)
        } else {
            Self::Store(error)
        }
    }
}
