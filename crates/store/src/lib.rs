//! State, and the one way to change it: records and where they are found, units of work, the
//! committer that orders them, the journal, the activity log, jobs, and rows that expire.
//!
//! Knows neither HTTP nor SQL, and decides nothing: rules live in the decision crates, and
//! whether a caller may is asked of `access`. An [`engine::Engine`] stores and finds bytes;
//! typed access is written once, here. Start with [`store::Store`] and [`unit::Unit`], then
//! read `committer` for what happens at a commit.

pub mod activity;
mod checkpoint;
mod committer;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
pub mod engine;
pub mod ephemeral;
pub mod error;
pub mod jobs;
mod journal;
pub mod key;
pub mod memory;
mod overlay;
pub mod past;
mod rebuild;
pub mod record;
pub mod records;
pub mod snapshot;
pub mod store;
pub mod unit;
