//! The commands that ask a running Fyr, as people run them against the binary.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod customer;
mod kit;
mod publisher;
