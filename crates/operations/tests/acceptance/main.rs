//! What customers take of what is published, over a plane in memory.
#![expect(clippy::unwrap_used, reason = "test code")]

mod kit;
mod taking;
