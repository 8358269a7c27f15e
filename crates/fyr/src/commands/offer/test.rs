//! `fyr offer test`: whether the plans allow what their publisher expects, and nothing else that
//! it names.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, process::ExitCode};

use model::market::form::{Expectation, Expected, Form};
use operations::offers::expectations::failed;

use super::{operations, read};
use crate::commands::say;

/// Prints what became of each test; fails where one did.
pub(in crate::commands) fn run(file: &Path) -> anyhow::Result<ExitCode> {
    let offer = read(file)?;
    let (text, failed) = told(&offer.form)?;
    say(&text);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for each test and one that counts, and how many failed.
pub(super) fn told(form: &Form) -> anyhow::Result<(String, usize)> {
    let failed = failed(form, &operations())?.into_iter().map(|it| (it.nth, it.reason));
    let reasons: BTreeMap<usize, String> = failed.collect();
    let mut text = String::new();
    for (nth, it) in form.tests.iter().enumerate() {
        let _ = match reasons.get(&nth) {
            None => writeln!(text, "ok      {}", line(form, it)),
            Some(reason) => writeln!(text, "FAILED  {}\n        {reason}", line(form, it)),
        };
    }
    let _ = writeln!(text, "{} tests, {} failed", form.tests.len(), reasons.len());
    Ok((text, reasons.len()))
}

fn line(form: &Form, test: &Expectation) -> String {
    let newest = form.plan(&test.plan).and_then(|plan| plan.newest());
    let name = newest.and_then(|it| it.manifest.name_of(test.given)).map(str::to_owned);
    let who = name.unwrap_or_else(|| test.given.to_string());
    let expected = match test.expect {
        Expected::Allow => "allowed",
        Expected::Deny => "denied",
    };
    format!("{}: {who}: {} is {expected}", test.plan, test.when)
}
