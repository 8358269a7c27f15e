//! The publisher's side of the marketplace, on whole planes in memory.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::large_futures,
    reason = "test code, whose builders stand beside the tests"
)]

mod accounts;
mod between;
mod catalog;
mod certification;
mod counting;
mod customers;
mod distribution;
mod drafts;
mod kit;
mod leads;
mod life;
mod partners;
mod racing;
mod resuming;
mod states;
mod test_leads;
mod titles;
mod waiting;
