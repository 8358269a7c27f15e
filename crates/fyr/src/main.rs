//! `fyr`: see `fyr --help`.

use std::process::ExitCode;

use clap::Parser;
use fyr::{cli::Arguments, commands};

fn main() -> ExitCode {
    commands::run(Arguments::parse())
}
