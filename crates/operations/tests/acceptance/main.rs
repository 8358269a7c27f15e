//! What customers take of what is published, over a plane in memory.
#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod bound;
mod covering;
mod influence;
mod kit;
mod received;
mod taking;
mod telling;
mod tenant_wide;
mod uptake;
