//! Pictures of a listing.

use ids::guid::TenantId;
use serde::{Deserialize, Serialize};

/// Which picture is meant, and what decoding it told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// What its file was called.
    pub file: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    pub background: Background,
}

/// What a picture stands on, by its edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Background {
    Black,
    White,
    Transparent,
    #[default]
    Other,
}

/// A picture's bytes, kept once for each account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub tenant: TenantId,
    pub picture: Picture,
    /// A PNG that was decoded, in base64. The journal does not keep it.
    pub bytes: String,
}
