//! The real clients: what they need, and running them.
//!
//! Everything is put into `.venv`, nothing into the machine; remove that folder to start anew.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::run::{Failure, Told, run, run_telling};

/// The clients' exact versions.
const REQUIREMENTS: &str = "tests/clients/requirements.txt";
/// A copy of the requirements that were installed last.
const STAMP: &str = ".venv/requirements.txt";

/// Prepares Python and the release binary, then runs pytest.
pub(crate) fn test(root: &Path, rest: &[String]) -> Result<Told, Failure> {
    prepare_python(root)?;
    println!("Building the binary as it is shipped.");
    run(Command::new("cargo").current_dir(root).args(["build", "--release", "--package", "fyr"]))?;
    println!("Running the real clients against it (tests/clients).");
    let mut pytest = Command::new(python(root));
    pytest.current_dir(root).args(["-m", "pytest", "tests/clients"]).args(rest);
    run_telling(pytest.env("PYTHONUNBUFFERED", "1"), is_summary)
}

fn prepare_python(root: &Path) -> Result<(), Failure> {
    let wanted = read(&root.join(REQUIREMENTS), REQUIREMENTS)?;
    if fs::read_to_string(root.join(STAMP)).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Preparing Python with the Azure CLI in .venv: about 800 MB and a few minutes, once.");
    let venv = ["-m", "venv", "--clear", ".venv"];
    run(Command::new("python3").current_dir(root).args(venv)).inspect_err(|_| {
        println!("On Debian: apt-get install python3 python3-venv");
    })?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(python(root)).current_dir(root).args(pip).arg(REQUIREMENTS))?;
    fs::write(root.join(STAMP), wanted)
        .map_err(|source| Failure::File { path: STAMP.to_owned(), source })
}

fn python(root: &Path) -> PathBuf {
    root.join(".venv/bin/python")
}

fn read(path: &Path, name: &str) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|source| Failure::File { path: name.to_owned(), source })
}

/// Pytest closes with a line such as `===== 3 passed in 60.10s =====`; without the frame if quiet.
fn is_summary(line: &str) -> bool {
    let words = line.trim_matches(['=', ' ']);
    let counts = words.starts_with(|c: char| c.is_ascii_digit());
    counts
        && words.contains(" in ")
        && [" passed", " failed", " error"].iter().any(|told| words.contains(told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_is_told_from_headings() {
        assert!(is_summary("======= 1 failed, 3 passed in 61.20s (0:01:01) ======="));
        assert!(is_summary("============ 3 passed in 0.10s ============"));
        assert!(is_summary("3 passed, 34 errors in 1.54s"));
        assert!(!is_summary("============ test session starts ============"));
        assert!(!is_summary("=== short test summary info ==="));
    }
}
