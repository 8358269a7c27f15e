//! What answers each row of the table: translate, call one operation, render.

pub mod groups;
pub mod management_groups;
pub mod resources;
pub mod status;
pub mod subscriptions;
pub mod tenants;
