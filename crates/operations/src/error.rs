//! Why an operation did not happen. Statuses and codes are chosen in `arm`, in one table.

use access::verdict::Refusal;
use ids::name::Name;
use model::question::Question;
use store::error::StoreError;

/// Every way an operation can end without its effect.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Denied(#[from] access::permit::Denied),
    /// The caller may do what was asked, and not what it takes at something that the body names.
    #[error("what is asked takes more: {linked}")]
    Linked { asked: Box<Question>, linked: access::permit::Denied },
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Policy(#[from] policy::refused::Refused),
    #[error(transparent)]
    Disallowed(#[from] Box<policy::disallowed::Disallowed>),
    /// Policies refuse parts of a template, before any of it is deployed.
    #[error(
        "The template deployment failed because of policy violation. Please see details for more information."
    )]
    Foreseen(Vec<policy::disallowed::Disallowed>),
    #[error(transparent)]
    Delegation(#[from] delegation::refused::Refused),
    #[error(transparent)]
    Activation(#[from] crate::activation::Refused),
    #[error(transparent)]
    Deployment(#[from] crate::deployments::Refused),
    #[error(transparent)]
    Group(#[from] crate::groups::Refused),
    #[error(transparent)]
    Resource(#[from] crate::resources::Refused),
    #[error(transparent)]
    Move(#[from] crate::resources::relocate::decide::Refused),
    #[error(transparent)]
    ManagementGroup(#[from] crate::management_groups::Refused),
    #[error(
        "The subscription is not registered to use namespace '{0}'. See https://aka.ms/rps-not-found for how to register subscriptions."
    )]
    NotRegistered(Name),
    #[error(transparent)]
    NoSubscription(#[from] crate::subscriptions::NotFound),
    #[error(transparent)]
    Role(#[from] crate::roles::Refused),
    #[error(transparent)]
    Lock(#[from] crate::locks::Refused),
    #[error(transparent)]
    Tags(#[from] crate::tags::Refused),
    #[error(transparent)]
    Activity(#[from] crate::activity::Refused),
    #[error(transparent)]
    Directory(#[from] crate::directory::Refused),
    #[error(transparent)]
    Market(Box<crate::market::Refused>),
    #[error(transparent)]
    Question(#[from] crate::questions::Refused),
    #[error(transparent)]
    Partner(#[from] crate::partners::Refused),
    #[error("a password could not be hashed")]
    Hashing,
}

impl Error {
    /// That something which the body names was refused to whoever may do what was asked. Of a
    /// lock in the way it is told as of any.
    pub(crate) fn linked(asked: &Question, linked: access::permit::Denied) -> Self {
        match &linked.refusal {
            Refusal::Locked { .. } => Self::Denied(linked),
            Refusal::NoGrant | Refusal::Denied { .. } | Refusal::NotOwner(_) => {
                Self::Linked { asked: Box::new(asked.clone()), linked }
            }
        }
    }
}

impl From<crate::market::Refused> for Error {
    fn from(refused: crate::market::Refused) -> Self {
        Self::Market(Box::new(refused))
    }
}

impl From<market::lifecycle::Refusal> for Error {
    fn from(refused: market::lifecycle::Refusal) -> Self {
        crate::market::Refused::from(refused).into()
    }
}

impl From<market::lifecycle::plan::Refusal> for Error {
    fn from(refused: market::lifecycle::plan::Refusal) -> Self {
        crate::market::Refused::from(refused).into()
    }
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
