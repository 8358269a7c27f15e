//! Offers: what a manifest gives, asked of the one decision.

use crate::turns::Turns;

pub mod drafted;
pub mod effective;
pub mod expectations;
pub mod influence;
pub mod plain;
pub mod roles;

/// In how many turns it is worked out what manifests give: each asks for every operation there is,
/// for each principal or role of a manifest.
pub(crate) static WORKING: Turns = Turns::new(2);
