//! The portal over a whole plane in memory, as a browser without script sees it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code")]

mod coverage;
mod customers;
mod home;
mod just_in_time;
mod kit;
mod marketplace;
mod oversight;
mod partner;
mod search;
mod service_providers;
mod sign_in;
mod weight;
