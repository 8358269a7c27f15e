//! Why a deployment was not started, changed or removed.

use ids::name::{GroupName, Name};
use jiff::Timestamp;
use template::{lenient::Position, refused};

use super::start::NAME_CHARS_MAX;
use crate::groups::{BadLocation, BadTags};

/// Why a deployment was not started, changed or removed. The texts are ARM's where it has one.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("Deployment '{0}' could not be found.")]
    NotFound(Name),
    #[error("The deployment operation '{0}' could not be found.")]
    NoOperation(Name),
    #[error("A template cannot be deployed at this scope.")]
    Scope,
    #[error(
        "The deployment name '{0}' is not valid. It can only contain letters, digits, '-', '_', '.', '(' and ')'."
    )]
    NameCharacters(Name),
    #[error(
        "The deployment name '{0}' is not valid. The length of the deployment name must not exceed '{NAME_CHARS_MAX}'."
    )]
    NameLength(Name),
    #[error(
        "The 'location' property must be specified for '{0}'. Please see https://aka.ms/deploy-to-subscription for usage details."
    )]
    NoLocation(Name),
    #[error(
        "Invalid deployment location '{wanted}'. The deployment '{name}' already exists in location '{is}'."
    )]
    OtherLocation { name: Name, wanted: String, is: String },
    #[error(
        "Unable to edit or replace deployment '{name}': previous deployment from '{since}' is still active. Please see https://aka.ms/arm-deploy for usage details."
    )]
    Active { name: Name, since: Timestamp },
    #[error("The deployment '{0}' is not running and cannot be cancelled.")]
    Over(Name),
    #[error(
        "The deployment mode 'Complete' is supported only for deployments to a resource group that are no part of another deployment. Deploy with the mode 'Incremental', which leaves other resources as they are."
    )]
    Complete,
    #[error(
        "The resource group '{0}' is locked, and the deployment mode 'Complete' deletes what its template does not name. Please remove the lock, or deploy with the mode 'Incremental'."
    )]
    Locked(GroupName),
    #[error(
        "Deploying another template on error ('onErrorDeployment') is not supported here. Leave it out, and deploy again."
    )]
    Otherwise,
    #[error(
        "The deployment's debug setting detail level '{0}' is not valid. It is 'none', 'requestContent', 'responseContent' or both of the latter."
    )]
    DetailLevel(String),
    #[error(
        "Creating the deployment '{name}' would exceed the quota of '{limit}' deployments. Delete some deployments before creating a new one, see https://aka.ms/800LimitFix for information on managing deployment limits."
    )]
    Quota { name: Name, limit: usize },
    #[error("More than '{0}' resources cannot be exported as one template. Name some of them.")]
    TooManyToExport(usize),
    #[error(
        "Resources of more than '{0}' bytes together cannot be exported as one template. Name some of them, and export the others by themselves."
    )]
    TooLargeToExport(usize),
    /// What a link leads to is nothing that Fyr keeps, and it fetches nothing.
    #[error("Unable to download deployment content from '{0}'. Send the content itself.")]
    Link(String),
    #[error(transparent)]
    Template(Box<Wrong>),
    #[error(
        "Deployment template validation failed: 'The template resource '{id}' is not valid: {reason}. Please see https://aka.ms/arm-template/#resources for usage details.'."
    )]
    Target { id: String, reason: String },
    #[error(transparent)]
    Location(#[from] BadLocation),
    #[error(transparent)]
    Tags(#[from] BadTags),
}

/// What is wrong with a template or its parameters, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}", .refused.message(*.position))]
pub struct Wrong {
    pub refused: refused::Refused,
    pub position: Option<Position>,
}
