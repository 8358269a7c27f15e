//! The nouns, everything that can happen to them, and what leave each change takes.
//!
//! Knows no rules beyond that: what may be created is for the decision crates, how a noun is
//! shown is for `wire`, where it is kept is for `store`. Start with [`change::Change`].

pub mod action;
pub mod activation;
pub mod activity;
pub mod change;
pub mod defect;
pub mod delegation;
pub mod deployment;
pub mod directory;
pub mod directory_role;
pub mod event;
pub mod market;
pub mod operation;
pub mod ownership;
pub mod period;
pub mod question;
pub mod resource;
pub mod role;
#[cfg(feature = "samples")]
pub mod samples;
pub mod settings;
pub mod tree;
