//! Microsoft.ManagedServices, which Azure calls Lighthouse
//! (<https://learn.microsoft.com/rest/api/managedservices/>).
//!
//! The api-versions differ in three members only, so that one form serves all: see
//! [`generation`].

pub mod assignment;
pub mod definition;
pub mod eligible;
pub mod filter;
pub mod generation;
pub mod manifest;
pub mod marketplace;
pub mod onboarding;
pub mod operations;
