//! Switches that change what is allowed. Journalled, since changing one changes access.

use serde::{Deserialize, Serialize};

/// Where Fyr copies Azure's defects, and where it does what is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Profile {
    /// As Azure behaves, its documented defects included.
    Azure,
    /// What Azure gets wrong is right.
    #[default]
    Strict,
}

/// The switches of one installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub profile: Profile,
    /// Whether a guest with an owner's rights may delegate. Azure's documentation left this
    /// open in November 2025; off by default.
    pub guest_delegation: bool,
    /// SHA-256 of the built-in role data in use, lower-case hex: an upgrade changes access.
    pub roles_digest: String,
}
