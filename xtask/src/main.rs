//! What a developer runs: `cargo xtask check`, `cargo xtask test`, `cargo xtask fuzz`,
//! `cargo xtask bench`.
//!
//! It reads the project's files and calls its tools; it knows nothing of the crates' code and no
//! crate knows it. Start with `check.rs`: each rule is a pure function over text, in a file of
//! its own under `check/`, with tests that break it.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on its standard output")]

mod bench;
mod check;
mod clients;
mod finding;
mod fuzz;
mod metadata;
mod run;
mod sources;
mod test;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

use crate::run::Failure;

/// What the project asks of itself, as commands.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
enum Task {
    /// Everything the project promises about its text: format, floors, sizes, words, docs,
    /// dependencies, lints. The same in CI.
    Check,
    /// All tests: the workspace's, then the story told by real clients.
    Test(test::Options),
    /// Hostile input for whatever reads it first, drawn by a fuzzer; see CONTRIBUTING.md.
    Fuzz(fuzz::Options),
    /// The benchmarks; how to read them stands in docs/performance.md.
    Bench {
        /// Passed on to `cargo bench`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
}

fn main() -> ExitCode {
    let root = root();
    let done = match Task::parse() {
        Task::Check => check::check(&root),
        Task::Test(options) => test::test(&root, &options),
        Task::Fuzz(options) => fuzz::fuzz(&root, &options),
        Task::Bench { rest } => bench::bench(&root, &rest),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure);
            ExitCode::FAILURE
        }
    }
}

fn report(failure: &Failure) {
    eprintln!("xtask: {failure}");
}

/// The project's folder. Cargo says where this package lies, also when the checkout has moved.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(
        || PathBuf::from("xtask"), // started by hand, from the project's folder
        PathBuf::from,
    );
    package.parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}
