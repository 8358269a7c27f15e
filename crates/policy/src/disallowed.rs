//! That policies refuse something, as it is told.

use ids::resource::ResourceId;

use crate::judge::Violation;

/// What policies have against something that was to be written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("Resource '{}' was disallowed by policy.", .id.name())]
pub struct Disallowed {
    pub id: ResourceId,
    pub against: Vec<Against>,
}

/// One policy's refusal.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    pub violation: Violation,
    /// Whether the caller may read the policy, and so which tests it makes.
    pub is_readable: bool,
}
