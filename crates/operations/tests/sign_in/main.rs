//! Signing in, whole, over a store in memory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod applications;
mod browsers;
mod devices;
mod issuers;
mod keys;
mod kit;
mod people;
mod second;
mod sessions;
