//! Just in time over a plane in memory: the story with each side's approval, what ends it, and who
//! hears of it.
#![expect(clippy::panic, clippy::unwrap_used, reason = "test code")]

mod kit;
mod own;
mod policies;
mod racing;
mod report;
mod revoked;
mod sight;
mod story;
