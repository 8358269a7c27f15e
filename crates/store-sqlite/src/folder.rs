//! The files of a data folder: who may read them, and that one process has them.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use crate::error::OpenError;

/// For the owner alone: the rows hold password hashes.
const MODE: u32 = 0o600;

/// The database of a folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("fyr.db")
}

/// Holds the folder for this process until dropped, even if the process is killed.
pub(crate) fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("fyr.lock");
    let file = private(OpenOptions::new().create(true), &path).map_err(OpenError::Folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(OpenError::Folder(error)),
    }
}

/// Makes the database's file if there is none, and closes it to others. `SQLite` gives its log
/// the same permissions.
pub(crate) fn prepare(folder: &Path) -> Result<(), OpenError> {
    let file = private(OpenOptions::new().create(true), &database(folder));
    let file = file.map_err(OpenError::Folder)?;
    file.set_permissions(PermissionsExt::from_mode(MODE)).map_err(OpenError::Folder)?;
    // The file's name must be as durable as what will be in it.
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(OpenError::Folder)
}

/// Makes a file that does not exist yet and that only the owner can read.
pub(crate) fn new(path: &Path) -> io::Result<()> {
    private(OpenOptions::new().create_new(true), path).map(|_| ())
}

fn private(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.read(true).write(true).mode(MODE).open(path)
}
