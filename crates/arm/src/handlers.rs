//! What answers each row of the table: translate, call one operation, render.

pub mod acceptances;
pub mod activity_log;
pub mod agreements;
pub mod classic_administrators;
pub mod deny_assignments;
pub mod deployments;
pub mod elevate_access;
pub mod explain;
pub mod export;
pub mod groups;
pub mod locks;
pub mod management_groups;
pub mod moves;
pub mod partners;
pub mod permissions;
pub mod policies;
pub mod providers;
pub mod questions;
pub(crate) mod refusals;
pub mod resources;
pub mod roles;
pub mod status;
pub mod subscriptions;
pub mod tags;
pub mod tenants;
pub mod who_can_delegate;
