//! Remediations: a task to mend what does not meet an assignment. Fyr keeps them; nothing that it
//! enforces can be mended by one.

use ids::{guid::TenantId, resource::ResourceId};
use serde_json::{Map, Value, json};

use crate::{exemption, kind::Kind, refused::Refused};

/// The assignment that a remediation is about.
pub fn assignment(properties: &Map<String, Value>, home: TenantId) -> Result<ResourceId, Refused> {
    exemption::assignment(Kind::Remediation, properties, home)
}

/// The properties as they are kept: there was nothing to do, and that is done.
#[must_use]
pub fn settled(mut properties: Map<String, Value>) -> Map<String, Value> {
    let none = json!({
        "totalDeployments": 0,
        "successfulDeployments": 0,
        "failedDeployments": 0,
    });
    properties.insert("deploymentStatus".to_owned(), none);
    properties
}
