//! Azure Resource Manager's JSON, a module per subject.

pub mod activity;
pub mod content;
pub mod deployments;
pub mod duration;
pub mod error;
pub mod export;
pub mod just_in_time;
pub mod locks;
pub mod managed_services;
pub mod management_groups;
pub mod marketplace_ordering;
pub mod moves;
pub mod partners;
pub mod policies;
pub mod providers;
pub mod resource;
pub mod roles;
pub mod scopes;
pub mod tags;
pub mod what_if;
