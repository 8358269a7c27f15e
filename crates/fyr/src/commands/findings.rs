//! What rules object to in files, told to people and to programs.

pub(super) mod report;

use std::{path::PathBuf, process::ExitCode};

use document::place::Position;
use market::lint::{Finding, rules::Severity};

use super::say;
use crate::cli::ReportFormat;

/// A finding, and where it stands.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) finding: Finding,
    pub(super) file: PathBuf,
    pub(super) at: Position,
}

/// Prints the findings; a failure where one is an error.
pub(super) fn told(found: &[Placed], format: ReportFormat) -> ExitCode {
    say(&match format {
        ReportFormat::Text => report::text(found),
        ReportFormat::Json => format!("{:#}\n", report::json(found)),
        ReportFormat::Sarif => format!("{:#}\n", report::sarif(found)),
    });
    let is_wrong = found.iter().any(|it| it.finding.rule.severity == Severity::Error);
    if is_wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
