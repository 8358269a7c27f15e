//! `cargo xtask fuzz`: libFuzzer over the targets of `fuzz/`, with the compiler that is there.

use std::{fs, path::Path, process::Command};

use clap::Args;

use crate::run::{Failure, output_of, run};

/// Each has its seeds in `fuzz/seeds`.
const TARGETS: [&str; 11] = [
    "json",
    "expression",
    "filter",
    "id",
    "condition",
    "world",
    "offer",
    "description",
    "picture",
    "audience",
    "question",
];

/// What makes coverage visible to libFuzzer; `cargo fuzz` says the same.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 --cfg=fuzzing";

/// The longest input: long enough for every seed.
const BYTES_MAX: usize = 8192;
/// An input that takes longer is a finding.
const SECONDS_MAX: usize = 10;

/// Which targets, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// One of them; else each in turn.
    #[arg(value_parser = TARGETS)]
    target: Option<String>,
    /// For each target.
    #[arg(long, default_value_t = 10)]
    minutes: u32,
}

/// Runs until the time is over or something is found, which then lies in `fuzz/findings`.
pub(crate) fn fuzz(root: &Path, options: &Options) -> Result<(), Failure> {
    let folder = root.join("fuzz");
    let version = output_of(Command::new("rustc").arg("-vV"))?;
    let machine = host(&String::from_utf8_lossy(&version)).to_owned();
    let wanted = |name: &str| options.target.as_deref().is_none_or(|it| it == name);
    for name in TARGETS.into_iter().filter(|name| wanted(name)) {
        for around in ["corpus", "findings"] {
            let path = folder.join(around).join(name);
            let shown = path.display().to_string();
            fs::create_dir_all(&path).map_err(|source| Failure::File { path: shown, source })?;
        }
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&folder).env("RUSTFLAGS", INSTRUMENTED);
        // With a target named, build scripts and macros are not instrumented.
        cargo.args(["run", "--release", "--target-dir", "target", "--target", &machine]);
        cargo.args(["--bin", name, "--"]);
        cargo.args([format!("corpus/{name}"), format!("seeds/{name}")]);
        cargo.arg(format!("-artifact_prefix=findings/{name}/"));
        cargo.arg(format!("-max_total_time={}", u64::from(options.minutes) * 60));
        cargo.arg(format!("-max_len={BYTES_MAX}")).arg(format!("-timeout={SECONDS_MAX}"));
        run(cargo.args(["-rss_limit_mb=2048", "-print_final_stats=1"]))?;
    }
    Ok(())
}

/// The machine that the compiler runs on, as `rustc -vV` tells.
fn host(version: &str) -> &str {
    version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_what_the_compiler_says() {
        assert_eq!(
            host("rustc 1.95.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1"),
            "x86_64-unknown-linux-gnu"
        );
    }
}
