//! Offers: what a manifest gives, asked of the one decision.

pub mod effective;
pub mod expectations;
pub mod influence;
pub mod roles;
