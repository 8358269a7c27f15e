//! The embedded engine: one `SQLite` file, its write-ahead log synced at every commit.
//!
//! Knows nothing of records, rules or permits: it keeps the bytes that `store` hands it and
//! finds them again. One process has a folder at a time; a thread of its own writes, and any
//! number of connections read. Start with [`engine::Sqlite`].

pub mod engine;
pub mod error;

mod folder;
mod reader;
mod schema;
mod writer;
