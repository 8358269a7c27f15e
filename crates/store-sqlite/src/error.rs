//! Why a folder cannot be opened, and what `SQLite`'s failures mean to the store.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use store::error::StoreError;

/// Why a folder's data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("`{}` is in use by another process", .0.display())]
    InUse(PathBuf),
    #[error("the data has schema {found}, and this program knows none after {known}")]
    Newer { found: u32, known: u32 },
    #[error("`{}` is another program's database", .0.display())]
    Foreign(PathBuf),
    #[error("the data is damaged: {0}")]
    Damaged(String),
    #[error("the data folder cannot be used")]
    Folder(#[source] std::io::Error),
    #[error("the data cannot be opened")]
    Database(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        if is_damage(&error) { Self::Damaged(error.to_string()) } else { Self::Database(error) }
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// What a failed read means; what a failed write means while it can still be taken back.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    if is_damage(&error) { StoreError::corrupt(error) } else { StoreError::unavailable(error) }
}
