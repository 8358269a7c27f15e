//! The directory through HTTP: who is let in, what they may, what becomes of it.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code, whose builders stand beside the tests"
)]

mod authentication;
mod coverage;
mod effects;
mod isolation;
mod kit;
mod owners;
mod people;
mod roles;
