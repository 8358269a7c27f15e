//! The publisher's side of the marketplace, on whole planes in memory.
#![expect(clippy::unwrap_used, reason = "test code")]

mod accounts;
mod catalog;
mod certification;
mod distribution;
mod drafts;
mod kit;
mod leads;
mod life;
mod resuming;
mod states;
