//! Resources of every type that Fyr has no rules of its own for.

use ids::{resource::ResourceId, scope::Scope};
use model::resource::Resource;
use serde_json::Value;

use crate::groups::{BadLocation, BadTags};

pub mod decide;
pub mod delete;
pub mod identity;
pub mod put;
pub mod read;
pub mod relocate;

/// What a client expects of the present state (ARM contract, §1.7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// `If-Match`: an entity tag, or `*` for any.
    pub matching: Option<String>,
    /// `If-None-Match: *`: only where there is none.
    pub absent: bool,
}

/// Why a resource was not written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The Resource '{}'{} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix", .0.below_scope(), within(.0))]
    NotFound(ResourceId),
    #[error(
        "Failed to perform '{verb}' on resource(s) of type '{}', because the parent resource '{parent}' could not be found.",
        id.kind()
    )]
    NoParent { verb: &'static str, id: ResourceId, parent: Scope },
    #[error(
        "The resource '{id}' already exists in location '{is}'. A resource with the same name cannot be created in location '{wanted}'. Please select a new resource name."
    )]
    OtherLocation { id: String, wanted: String, is: String },
    #[error("The condition '{condition}' is not satisfied: the resource {state}.")]
    Precondition { condition: String, state: &'static str },
    #[error(
        "The identity type '{0}' is not supported. Use 'SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned' or 'None'."
    )]
    IdentityType(String),
    #[error("The user assigned identity '{0}' could not be found.")]
    NoIdentity(String),
    #[error("The property '{0}' cannot be changed by the client.")]
    ReadOnly(&'static str),
    #[error(transparent)]
    Location(#[from] BadLocation),
    #[error(transparent)]
    Tags(#[from] BadTags),
    #[error("The resource holds more than {0} bytes.")]
    TooLarge(usize),
}

fn within(id: &ResourceId) -> String {
    let group = id.scope().resource_group();
    group.map(|name| format!(" under resource group '{name}'")).unwrap_or_default()
}

/// The entity tag of a resource as it stands.
pub fn shown_etag(resource: &Resource) -> String {
    etag(&serde_json::json!(resource))
}

/// Enough of a digest that two states do not share a tag by accident.
const ETAG_BYTES: usize = 12;

/// The entity tag of a state: opaque, strong, and the same for the same state.
fn etag(shown: &Value) -> String {
    let digest =
        aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, shown.to_string().as_bytes());
    let hex = |text: String, byte: &u8| text + &format!("{byte:02x}");
    let tag = digest.as_ref().iter().take(ETAG_BYTES).fold(String::new(), hex);
    format!("\"{tag}\"")
}
