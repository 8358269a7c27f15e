//! The marketplace through HTTP: who is let in, what they may, what becomes of it.
#![expect(
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code, whose builders stand beside the tests"
)]

mod coverage;
mod kit;
mod reports;
mod steps;
mod story;
mod test_lead;
mod verdicts;
