//! The real clients and the browser: what they need, and running them.
//!
//! Everything is put into `.venv` and `tests/clients/javascript/node_modules`; remove those folders
//! to start anew. A browser is the machine's own: Debian's Chromium is installed where there is none.

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

/// The JavaScript SDK and its exact versions.
const JAVASCRIPT: &str = "tests/clients/javascript";
const LOCK: &str = "tests/clients/javascript/package-lock.json";
/// A copy of the lock file that was installed last.
const LOCK_STAMP: &str = "tests/clients/javascript/node_modules/installed.json";

/// As Debian calls it, and its program.
const BROWSER: &str = "chromium";

/// Where the tests are: of the programs and libraries that talk to Fyr, and of the portal's pages.
const TESTS: [&str; 2] = ["tests/clients", "tests/portal"];

/// So many tests at a time: az spends much of its time waiting, and CI has two cores.
const WORKERS: &str = "2";

/// Prepares Python, node packages and the release binary, then runs pytest.
pub(crate) fn test(root: &Path, rest: &[String]) -> Result<Told, Failure> {
    prepare_python(root)?;
    prepare_node(root)?;
    prepare_browser()?;
    println!("Building the binary as it is shipped.");
    run(Command::new("cargo").current_dir(root).args(["build", "--release", "--package", "fyr"]))?;
    println!("Running real clients and a real browser against it (tests/clients, tests/portal).");
    let mut pytest = Command::new(python(root));
    pytest.current_dir(root).args(["-m", "pytest"]).args(TESTS).args(["--numprocesses", WORKERS]);
    run_telling(pytest.args(rest).env("PYTHONUNBUFFERED", "1"), is_summary)
}

fn prepare_python(root: &Path) -> Result<(), Failure> {
    let Some(wanted) = news(root, REQUIREMENTS, STAMP)? else { return Ok(()) };
    println!("Preparing Python with the Azure CLI in .venv: about 800 MB and a few minutes, once.");
    let venv = ["-m", "venv", "--clear", ".venv"];
    run(Command::new("python3").current_dir(root).args(venv)).inspect_err(|_| {
        println!("On Debian: apt-get install python3 python3-venv");
    })?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(python(root)).current_dir(root).args(pip).arg(REQUIREMENTS))?;
    remember(root, STAMP, &wanted)
}

fn prepare_node(root: &Path) -> Result<(), Failure> {
    let Some(wanted) = news(root, LOCK, LOCK_STAMP)? else { return Ok(()) };
    println!("Preparing the JavaScript SDK in {JAVASCRIPT}: about 60 MB, once.");
    let clean = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new("npm").current_dir(root.join(JAVASCRIPT)).args(clean)).inspect_err(|_| {
        println!("Node.js 20 or later and npm are needed. On Debian: apt-get install nodejs npm");
    })?;
    remember(root, LOCK_STAMP, &wanted)
}

/// The portal's pages are tried in a real browser.
fn prepare_browser() -> Result<(), Failure> {
    let there = Command::new(BROWSER).arg("--version").output();
    if there.is_ok_and(|it| it.status.success()) {
        return Ok(());
    }
    println!("Installing Debian's Chromium: about 400 MB, once.");
    let install = ["--yes", "--no-install-recommends", "install", BROWSER];
    let installed = run(Command::new("apt-get").arg("update").arg("--quiet"))
        .and_then(|()| run(Command::new("apt-get").args(install)));
    installed.inspect_err(|_| {
        println!("The portal's tests need Chromium. On Debian, as root: apt-get install chromium");
    })
}

/// What is wanted, unless just that is installed.
fn news(root: &Path, wanted: &str, installed: &str) -> Result<Option<String>, Failure> {
    let wanted = read(&root.join(wanted), wanted)?;
    let is_there = fs::read_to_string(root.join(installed)).is_ok_and(|there| there == wanted);
    Ok((!is_there).then_some(wanted))
}

fn remember(root: &Path, stamp: &str, wanted: &str) -> Result<(), Failure> {
    let failed = |source| Failure::File { path: stamp.to_owned(), source };
    fs::write(root.join(stamp), wanted).map_err(failed)
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
        assert!(!is_summary("2 workers [65 items]"));
        assert!(!is_summary("============ test session starts ============"));
        assert!(!is_summary("=== short test summary info ==="));
    }
}
