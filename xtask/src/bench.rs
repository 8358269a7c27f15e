//! `cargo xtask bench`.

use std::{path::Path, process::Command};

use crate::run::{Failure, run};

pub(crate) fn bench(root: &Path, rest: &[String]) -> Result<(), Failure> {
    run(Command::new("cargo").current_dir(root).args(["bench", "--workspace"]).args(rest))?;
    // What is said goes to the benchmarks of the workspace; with nothing said, all are meant.
    if rest.is_empty() {
        let folder = root.join("benches/access");
        let mut cargo = Command::new("cargo");
        run(cargo.current_dir(folder).args(["run", "--release", "--target-dir", "target"]))?;
    }
    println!("What is measured, against which reference, and what we aim at: docs/performance.md");
    Ok(())
}
