//! The data folder: everything that one installation keeps, for its owner's eyes only.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use ids::clock::Random;

/// Length of the key that everything secret is sealed under.
const MASTER_KEY_BYTES: usize = 32;

/// A folder that nobody else can look into.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("`{path}` can be read by others; run `chmod {mode} {path}` if that is not intended")]
    Wide { path: String, mode: &'static str },
    #[error("`{0}` is not a folder")]
    NotAFolder(String),
    #[error("there is no data folder `{0}`; `fyr up --data {0}` makes one")]
    Missing(String),
    #[error("the master key in `{0}` does not have {MASTER_KEY_BYTES} bytes")]
    BadKey(String),
    #[error("`{0}` cannot be used")]
    Io(String, #[source] io::Error),
}

impl Folder {
    /// Opens the folder, which is made if it is missing.
    pub fn make(path: &Path) -> Result<Self, Unusable> {
        if !path.exists() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
            made.map_err(|error| Unusable::Io(shown(path), error))?;
        }
        Self::open(path)
    }

    /// Opens a folder that is there.
    pub fn open(path: &Path) -> Result<Self, Unusable> {
        let found = fs::metadata(path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                Unusable::Missing(shown(path))
            } else {
                Unusable::Io(shown(path), error)
            }
        })?;
        if !found.is_dir() {
            return Err(Unusable::NotAFolder(shown(path)));
        }
        narrow(path, found.mode(), "700")?;
        let whole = path.canonicalize().map_err(|error| Unusable::Io(shown(path), error))?;
        Ok(Self(whole))
    }

    /// Whether it holds no other files than those of these names.
    pub fn holds_only(&self, names: &[&str]) -> Result<bool, Unusable> {
        let failed = |error| Unusable::Io(shown(&self.0), error);
        for entry in fs::read_dir(&self.0).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if !names.iter().any(|known| name == *known) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The text of a file in it; none if there is no such file.
    pub fn read(&self, name: &str) -> Result<Option<String>, Unusable> {
        match fs::read_to_string(self.file(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Unusable::Io(shown(&self.file(name)), error)),
        }
    }

    /// Writes a file whole, or not at all; only its owner can read it.
    pub fn write(&self, name: &str, contents: &[u8]) -> Result<(), Unusable> {
        let (path, draft) = (self.file(name), self.file(&format!("{name}.new")));
        let write = || {
            let mut file = OpenOptions::new()
                .create(true)
                .truncate(true)
                .write(true)
                .mode(0o600)
                .open(&draft)?;
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
            file.write_all(contents)?;
            file.sync_all()?;
            fs::rename(&draft, &path)?;
            fs::File::open(&self.0)?.sync_all()
        };
        write().map_err(|error: io::Error| Unusable::Io(shown(&path), error))
    }

    /// A secret file in it, which nobody else may be able to read; none if there is none.
    pub fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, Unusable> {
        let path = self.file(name);
        let io = |error| Unusable::Io(shown(&path), error);
        match fs::metadata(&path) {
            Ok(found) => narrow(&path, found.mode(), "600")?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        }
        fs::read(&path).map(Some).map_err(io)
    }

    /// The key that everything secret is sealed under, drawn at the first start.
    pub fn master_key(&self, random: &dyn Random) -> Result<[u8; MASTER_KEY_BYTES], Unusable> {
        const NAME: &str = "master.key";
        let Some(kept) = self.secret(NAME)? else {
            let mut key = [0; MASTER_KEY_BYTES];
            random.fill(&mut key);
            self.write(NAME, &key)?;
            return Ok(key);
        };
        kept.try_into().map_err(|_| Unusable::BadKey(shown(&self.file(NAME))))
    }
}

/// What a file's mode lets the group and everyone else do.
const OTHERS: u32 = 0o077;

/// Refuses what others can reach.
fn narrow(path: &Path, found: u32, mode: &'static str) -> Result<(), Unusable> {
    if found & OTHERS == 0 { Ok(()) } else { Err(Unusable::Wide { path: shown(path), mode }) }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn a_new_folder_and_its_files_are_for_their_owner_only() {
        let around = tempfile::tempdir().unwrap();
        let folder = Folder::make(&around.path().join("a/b")).unwrap();
        let key = folder.master_key(&TestRandom::default()).unwrap();
        assert_eq!(mode(folder.path()), 0o700);
        assert_eq!(mode(&folder.file("master.key")), 0o600);
        let again = Folder::make(folder.path()).unwrap();
        assert_eq!(again.master_key(&TestRandom::seeded(2)).unwrap(), key, "it is kept");
    }

    #[test]
    fn what_others_can_read_is_refused_with_the_command_that_mends_it() {
        let around = tempfile::tempdir().unwrap();
        let path = around.path().join("data");
        let folder = Folder::make(&path).unwrap();
        folder.master_key(&TestRandom::default()).unwrap();
        let widen = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        widen(&folder.file("master.key"), 0o640);
        let refused = folder.master_key(&TestRandom::default()).unwrap_err().to_string();
        assert!(refused.contains("chmod 600 "), "{refused}");
        widen(&path, 0o755);
        let refused = Folder::make(&path).unwrap_err().to_string();
        assert!(refused.contains("chmod 700 "), "{refused}");
    }

    #[test]
    fn a_missing_folder_a_file_and_a_short_key_are_told_apart() {
        let around = tempfile::tempdir().unwrap();
        let missing = Folder::open(&around.path().join("none"));
        assert!(matches!(missing, Err(Unusable::Missing(_))));
        let file = around.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(Folder::make(&file), Err(Unusable::NotAFolder(_))));
        let folder = Folder::make(&around.path().join("data")).unwrap();
        folder.write("master.key", b"short").unwrap();
        let key = folder.master_key(&TestRandom::default());
        assert!(matches!(key, Err(Unusable::BadKey(_))));
    }
}
