//! `SQLite` does everything that an engine must do.

use std::sync::Arc;

use store::engine::Engine;
use store_sqlite::engine::Sqlite;

/// An engine in a folder of its own, which goes with the test's process.
fn fresh() -> Arc<dyn Engine> {
    let folder = tempfile::tempdir().unwrap().keep();
    Sqlite::open(&folder).unwrap()
}

store::store_conformance!(crate::fresh());
