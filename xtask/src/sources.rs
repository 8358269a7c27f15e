//! The project's own text files, read once for all checks.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::run::Failure;

/// A file of the project. The path is relative to the project's folder, with `/`.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }

    pub(crate) fn is_manifest(&self) -> bool {
        self.path.ends_with("Cargo.toml")
    }
}

/// Where our own text lies. Outside data (`data/`, `tests/samples/`) is not ours to judge.
const OURS: &[&str] = &["Cargo.toml", ".ci", "crates", "tests/clients", "tests/portal", "xtask"];

/// Folders that tools fill.
const FILLED_BY_TOOLS: &[&str] = &["target", "node_modules", "__pycache__", ".pytest_cache"];

const TEXT: &[&str] = &["rs", "toml", "py", "sh", "js", "html", "css"];

/// Every text file of ours, in the order of their paths.
pub(crate) fn read(root: &Path) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for start in OURS {
        collect(root, &root.join(start), &mut sources)?;
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn collect(root: &Path, path: &Path, sources: &mut Vec<Source>) -> Result<(), Failure> {
    let failed = |source| Failure::File { path: relative(root, path), source };
    if path.is_dir() {
        if FILLED_BY_TOOLS.iter().any(|filled| path.ends_with(filled)) {
            return Ok(());
        }
        let entries = fs::read_dir(path).map_err(failed)?;
        let entries: Result<Vec<PathBuf>, _> =
            entries.map(|entry| entry.map(|entry| entry.path())).collect();
        for entry in entries.map_err(failed)? {
            collect(root, &entry, sources)?;
        }
    } else if path.is_file() && is_text(path) {
        let text = fs::read_to_string(path).map_err(failed)?;
        sources.push(Source { path: relative(root, path), text });
    }
    Ok(())
}

fn is_text(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_none_or(|extension| TEXT.contains(&extension))
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
