//! Each thing Fyr can do, start to finish: load the facts, ask a decision, apply the verdict,
//! commit.
//!
//! Knows no HTTP, no JSON of the outside and no SQL; decides nothing that a crate below decides.
//! Start with [`plane::Plane`] and [`groups`].

pub mod acceptance;
pub mod activation;
pub mod activity;
pub mod around;
mod cascade;
pub mod catalog;
pub mod context;
pub mod decisions;
pub mod delegation;
pub mod deployments;
pub mod directory;
pub mod error;
pub mod groups;
mod invited;
pub mod locks;
pub mod management_groups;
pub mod market;
pub mod offers;
pub mod page;
pub mod partners;
pub mod plane;
pub mod policies;
pub mod providers;
pub mod put;
pub mod questions;
pub mod regions;
pub mod report;
pub mod resources;
pub mod roles;
mod scopes;
pub mod seal;
pub mod search;
pub mod shares;
pub mod sign_in;
pub mod status;
pub mod strangers;
pub mod subscriptions;
pub mod tags;
pub mod taken;
pub mod tenants;
pub mod turns;
pub mod world;
