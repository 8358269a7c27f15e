//! The body that asks for resources to be moved (`moveResources`, `validateMoveResources`).

use serde::Deserialize;

/// What is to go where, as ids.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct MovePut {
    #[serde(default)]
    pub resources: Vec<String>,
    pub target_resource_group: String,
}
