//! `cargo xtask bench`.

use std::{path::Path, process::Command};

use crate::run::{Failure, run};

pub(crate) fn bench(root: &Path, rest: &[String]) -> Result<(), Failure> {
    run(Command::new("cargo").current_dir(root).args(["bench", "--workspace"]).args(rest))?;
    println!("What is measured, against which reference, and what we aim at: docs/performance.md");
    Ok(())
}
