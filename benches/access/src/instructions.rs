//! How many instructions something takes: what a busy machine does not change.

use std::{env, process::Command};

/// What is counted, in which run of this program, and within which functions.
const COUNTED: [(&str, &str, &str); 6] = [
    ("allowed, ids in", "allowed", "*Index*::may"),
    ("allowed, names in", "allowed", "*Index*::allows"),
    ("refused, ids in", "refused", "*Index*::may"),
    ("refused, names in", "refused", "*Index*::allows"),
    ("one delegation ends", "change", "*fyr::ended*"),
    ("built, a delegation", "build", "*fyr::restored*"),
];

/// Counts all at one size, if there is something to count with.
pub(crate) fn print(size: usize) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("{size} delegations: instructions are not counted without valgrind");
        return;
    }
    println!("{size} delegations, instructions");
    for (name, what, within) in COUNTED {
        match count(what, within, size) {
            Some(each) => println!("  fyr: {name:<33}{each:>9.0}"),
            None => println!("  fyr: {name:<33}not counted"),
        }
    }
}

fn count(what: &str, within: &str, size: usize) -> Option<f64> {
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg(format!("--toggle-collect={within}"))
        .arg(env::current_exe().ok()?)
        .args(["--count", what, &size.to_string()])
        .output()
        .ok()?;
    let told = String::from_utf8(ran.stderr).ok()?;
    let (_, collected) = told.split_once("Collected : ")?;
    let collected: f64 = collected.split_whitespace().next()?.parse().ok()?;
    let times: f64 = String::from_utf8(ran.stdout).ok()?.trim().parse().ok()?;
    (collected > 0.0).then_some(collected / times)
}
