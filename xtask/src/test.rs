//! `cargo xtask test`: the workspace's own tests, then real clients and a real browser against the real binary.

use std::{path::Path, process::Command};

use clap::Args;

use crate::{
    clients,
    run::{Failure, Told, answers, run_telling},
};

/// Which tests to run.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only what needs nothing but cargo.
    #[arg(long, conflicts_with = "clients")]
    quick: bool,
    /// Only the real clients and the browser; the rest of the line goes to pytest.
    #[arg(long)]
    clients: bool,
    /// Passed on to `cargo nextest run`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn test(root: &Path, options: &Options) -> Result<(), Failure> {
    let mut told = Vec::new();
    if !options.clients {
        told.push(("workspace", workspace(root, &options.rest)?));
    }
    if !options.quick {
        let rest: &[String] = if options.clients { &options.rest } else { &[] };
        match clients::test(root, rest) {
            Ok(clients) => told.push(("clients", clients)),
            Err(failure) => return close(&told).and(Err(failure)),
        }
    }
    close(&told)
}

/// All crates' tests, by nextest where it is installed.
fn workspace(root: &Path, rest: &[String]) -> Result<Told, Failure> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root);
    if answers(Command::new("cargo").args(["nextest", "--version"])) {
        cargo.args(["nextest", "run", "--workspace"]).args(rest);
    } else {
        println!("cargo-nextest is not installed (`cargo install cargo-nextest --locked`);");
        println!("`cargo test` runs the same tests, more slowly");
        cargo.args(["test", "--workspace"]).args(rest);
    }
    run_telling(&mut cargo, is_summary)
}

/// The line in which nextest or `cargo test` says how it went.
fn is_summary(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("Summary [") || line.starts_with("test result:")
}

/// Repeats each runner's own summary, so that the last lines tell all.
fn close(told: &[(&str, Told)]) -> Result<(), Failure> {
    println!();
    for (name, told) in told {
        println!("{name}: {}", told.summary.as_deref().unwrap_or("no summary").trim());
    }
    let failed = told.iter().filter(|(_, told)| !told.succeeded);
    let failed: Vec<String> = failed.map(|(name, _)| format!("tests of the {name}")).collect();
    if failed.is_empty() { Ok(()) } else { Err(Failure::Steps(failed)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_told_from_progress() {
        assert!(is_summary("     Summary [   0.011s] 2 tests run: 2 passed, 0 skipped"));
        assert!(is_summary("test result: ok. 3 passed; 0 failed"));
        assert!(!is_summary("        PASS [   0.004s] (1/2) ids a_summary"));
    }

    #[test]
    fn one_failing_part_fails_the_whole() {
        let told = |succeeded| Told { succeeded, summary: None };
        assert!(close(&[("workspace", told(true)), ("clients", told(true))]).is_ok());
        assert!(close(&[("workspace", told(false)), ("clients", told(true))]).is_err());
    }
}
