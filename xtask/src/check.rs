//! `cargo xtask check`: what the project promises about its text, in one place and one order.
//!
//! Steps that only read come first and are done in a moment; clippy and rustdoc build, and come
//! last. A step that fails does not keep the next from being looked at.

mod crate_docs;
mod dependencies;
mod floors;
mod licence;
mod sizes;
mod words;

use std::{path::Path, process::Command};

use crate::{
    finding::{Finding, Weight},
    metadata::{self, Package},
    run::{Failure, run},
    sources::{self, Source},
};

/// A rule over the project's text. The name is what a failing run prints.
type Rule = (&'static str, fn(&[Package], &[Source]) -> Vec<Finding>);

const RULES: &[Rule] = &[
    ("floors", floors::findings),
    ("sizes", |_, sources| sizes::findings(sources)),
    ("words", |_, sources| words::findings(sources)),
    ("crate docs", |_, sources| crate_docs::findings(sources)),
    ("dependencies", dependencies::findings),
];

pub(crate) fn check(root: &Path) -> Result<(), Failure> {
    let mut failed = Vec::new();
    note(&mut failed, "format", run(cargo(root).args(["fmt", "--all", "--check"])));

    let packages = metadata::packages(root)?;
    let sources = sources::read(root)?;
    for (name, rule) in RULES {
        if !holds(name, &rule(&packages, &sources)) {
            failed.push((*name).to_owned());
        }
    }

    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    note(&mut failed, "clippy", run(cargo(root).args(clippy)));
    let mut rustdoc = cargo(root);
    rustdoc.args(["doc", "--no-deps", "--workspace", "--document-private-items"]);
    note(&mut failed, "doc", run(rustdoc.env("RUSTDOCFLAGS", "-D warnings")));

    if failed.is_empty() {
        println!("check: all is well");
        Ok(())
    } else {
        Err(Failure::Steps(failed))
    }
}

fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root);
    cargo
}

/// Prints what a rule found; says whether it holds.
fn holds(name: &str, findings: &[Finding]) -> bool {
    for finding in findings {
        println!("{finding}");
    }
    let errors = findings.iter().filter(|finding| finding.weight == Weight::Error).count();
    let warnings = findings.len() - errors;
    println!("check: {name}: {errors} errors, {warnings} warnings");
    errors == 0
}

fn note(failed: &mut Vec<String>, step: &str, outcome: Result<(), Failure>) {
    if let Err(failure) = outcome {
        println!("check: {step}: {failure}");
        failed.push(step.to_owned());
    }
}
