//! What the engine does with its folder: who may have it, and what it refuses.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "test code")]

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use model::change::Noun;
use rusqlite::Connection;
use store::{
    conformance::kit::{self, Kit},
    engine::Engine,
};
use store_sqlite::{engine::Sqlite, error::OpenError};
use tempfile::TempDir;

/// A folder with the world in it, closed again.
async fn closed() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    Kit::new(Sqlite::open(folder.path()).unwrap()).await.close().await;
    folder
}

fn refusal(folder: &Path) -> String {
    let error = Sqlite::open(folder).err().expect("it was opened");
    error.to_string()
}

#[tokio::test]
async fn a_folder_in_use_is_refused_until_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let kit = Kit::new(Sqlite::open(folder.path()).unwrap()).await;
    let second = Sqlite::open(folder.path());
    assert!(matches!(second, Err(OpenError::InUse(path)) if path == folder.path()));
    kit.close().await;
    Sqlite::open(folder.path()).unwrap();
}

#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fyr.db"), "").unwrap();
    let kit = Kit::new(Sqlite::open(folder.path()).unwrap()).await;
    kit.store.backup(&folder.path().join("copy.db")).await.unwrap();
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    names.sort_by_key(fs::DirEntry::file_name);
    for file in &names {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
    assert_eq!(names.len(), 5, "{names:?}");
}

#[tokio::test]
async fn what_is_written_is_there_after_a_restart() {
    let folder = closed().await;
    let kit = Kit::seeded(Sqlite::open(folder.path()).unwrap(), 2).await.unwrap();
    let before = kit.store.index().dump();
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let trace = kit.trace().await;
    kit.close().await;
    let kit = Kit::seeded(Sqlite::open(folder.path()).unwrap(), 3).await.unwrap();
    assert_eq!(kit.trace().await, trace);
    assert!(!before.is_empty());
}

#[tokio::test]
async fn a_copy_is_whole_and_never_overwrites() {
    let folder = closed().await;
    let kit = Kit::seeded(Sqlite::open(folder.path()).unwrap(), 2).await.unwrap();
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    let other = tempfile::tempdir().unwrap();
    let copy = other.path().join("fyr.db");
    kit.store.backup(&copy).await.unwrap();
    kit.store.backup(&copy).await.unwrap_err();
    let trace = kit.trace().await;
    let kit = Kit::seeded(Sqlite::open(other.path()).unwrap(), 3).await.unwrap();
    assert_eq!(kit.trace().await, trace);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let folder = closed().await;
    let connection = Connection::open(folder.path().join("fyr.db")).unwrap();
    connection.execute("INSERT INTO migration VALUES (7)", ()).unwrap();
    let expected = "the data has schema 7, and this program knows none after 2";
    assert_eq!(refusal(folder.path()), expected);
    connection.execute("DELETE FROM migration WHERE step = 7", ()).unwrap();
    Sqlite::open(folder.path()).unwrap();
}

#[tokio::test]
async fn another_programs_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fyr.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    assert!(matches!(Sqlite::open(folder.path()), Err(OpenError::Foreign(_))));
}

#[tokio::test]
async fn a_damaged_file_is_refused_with_the_reason() {
    let folder = closed().await;
    let path = folder.path().join("fyr.db");
    let whole = fs::read(&path).unwrap();
    let mut header = whole.clone();
    header[..16].copy_from_slice(b"not SQLite 3 any");
    let half = &whole[..whole.len() / 2];
    for (name, bytes) in [("header", &header[..]), ("half", half)] {
        fs::write(&path, bytes).unwrap();
        let told = refusal(folder.path());
        assert!(told.starts_with("the data is damaged: "), "{name}: {told}");
    }
    fs::write(&path, &whole).unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute("DELETE FROM journal WHERE n = 0", ()).unwrap();
    connection.execute("UPDATE head SET revision = 5", ()).unwrap();
    drop(connection);
    assert!(refusal(folder.path()).contains("the head is at Some(5)"));
}

#[tokio::test]
async fn every_commit_is_synced() {
    let folder = tempfile::tempdir().unwrap();
    let engine: Arc<dyn Engine> = Sqlite::open(folder.path()).unwrap();
    let kit = Kit::new(engine).await;
    let log = || fs::metadata(folder.path().join("fyr.db-wal")).unwrap().len();
    let before = log();
    kit.put(Noun::Resource(kit::resource("app", "a", 1))).await;
    assert!(log() > before, "the answer comes after the log has grown");
}
