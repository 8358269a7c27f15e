//! Findings, for people and for programs.

use std::{collections::BTreeMap, fmt::Write as _};

use market::lint::rules::{RULES, Rule, Severity};
use serde_json::{Value, json};

use super::Placed;

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A paragraph for each, and a last line that counts them.
pub(in crate::commands) fn text(found: &[Placed]) -> String {
    let mut text = String::new();
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for Placed { finding, file, at } in found {
        let rule = finding.rule;
        *counts.entry(rule.severity).or_default() += 1;
        let place = format!("{}:{}:{}", file.display(), at.line, at.column);
        let _ = writeln!(
            text,
            "{place}: {} {}: {}\n  {}: {}\n  {}\n  Source: {}\n",
            word(rule.severity),
            rule.id,
            rule.title,
            finding.field,
            finding.reason,
            rule.fix,
            rule.source
        );
    }
    let count = |severity| counts.get(&severity).copied().unwrap_or_default();
    let _ = writeln!(
        text,
        "{} errors, {} warnings, {} notes",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note)
    );
    text
}

/// A list of all.
pub(in crate::commands) fn json(found: &[Placed]) -> Value {
    let one = |Placed { finding, file, at }: &Placed| {
        json!({
            "rule": finding.rule.id,
            "severity": word(finding.rule.severity),
            "title": finding.rule.title,
            "field": finding.field,
            "reason": finding.reason,
            "fix": finding.rule.fix,
            "source": finding.rule.source,
            "file": file,
            "line": at.line,
            "column": at.column,
        })
    };
    found.iter().map(one).collect()
}

/// A run in the Static Analysis Results Interchange Format, version 2.1.0.
pub(in crate::commands) fn sarif(found: &[Placed]) -> Value {
    let result = |Placed { finding, file, at }: &Placed| {
        json!({
            "ruleId": finding.rule.id,
            "level": word(finding.rule.severity),
            "message": { "text": format!("{}. {}", finding.reason, finding.rule.fix) },
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": { "uri": file },
                    "region": { "startLine": at.line, "startColumn": at.column },
                },
                "logicalLocations": [{ "fullyQualifiedName": finding.field }],
            }],
        })
    };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "fyr",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().copied().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": found.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn rule(rule: &Rule) -> Value {
    let mut told = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "help": { "text": rule.fix },
        "defaultConfiguration": { "level": word(rule.severity) },
    });
    if let (true, Some(members)) = (rule.source.starts_with("https://"), told.as_object_mut()) {
        members.insert("helpUri".to_owned(), rule.source.into());
    }
    told
}
