//! A preview as people read it.

use std::fmt::Write as _;

use serde_json::Value;
use template::preview::{Preview, Resource, Shown};

/// One paragraph for each resource, then the outputs.
pub(super) fn render(preview: &Preview) -> String {
    let mut text = String::new();
    all(preview, "", "", &mut text);
    text
}

/// `number` is that of the deployment which the preview is of: `2.`, or nothing.
fn all(preview: &Preview, number: &str, margin: &str, text: &mut String) {
    for (index, resource) in preview.resources.iter().enumerate() {
        let number = format!("{number}{}", index + 1);
        one(resource, preview, (&number, margin), text);
        if let Some(nested) = &resource.nested {
            all(nested, &format!("{number}."), &format!("{margin}   "), text);
        }
    }
    for id in &preview.skipped {
        let _ = writeln!(text, "{margin}-  {id}\n{margin}   not deployed: its condition is false");
    }
    let names = preview.outputs.keys().map(String::len);
    let width = names.max().unwrap_or_default();
    if !preview.outputs.is_empty() {
        let _ = writeln!(text, "{margin}Outputs");
    }
    for (name, output) in &preview.outputs {
        let _ = writeln!(text, "{margin}   {name:<width$}  {}", told(output));
    }
}

fn one(resource: &Resource, of: &Preview, (number, margin): (&str, &str), text: &mut String) {
    let place = |id: &String| of.resources.iter().position(|it| it.id == *id);
    let last = number.rsplit_once('.').map_or("", |(before, _)| before);
    let dot = if last.is_empty() { "" } else { "." };
    let before = resource.depends_on.iter().filter_map(place);
    let before: Vec<String> = before.map(|at| format!("{last}{dot}{}", at + 1)).collect();
    let after =
        if before.is_empty() { String::new() } else { format!(", after {}", before.join(", ")) };
    let existing = if resource.existing { ", only looked at" } else { "" };
    let _ = writeln!(
        text,
        "{margin}{number}  {}\n{margin}   {} {}{after}{existing}",
        resource.id, resource.kind, resource.api_version
    );
    match &resource.shown {
        Shown::Body(body) => {
            for line in format!("{body:#}").lines() {
                let _ = writeln!(text, "{margin}   {line}");
            }
        }
        Shown::WaitsFor(id) => {
            let _ = writeln!(text, "{margin}   told only when there is {id}");
        }
    }
}

fn told(output: &Value) -> String {
    let part = |name: &str| output.get(name);
    match (part("waitsFor").and_then(Value::as_str), part("type").and_then(Value::as_str)) {
        (Some(id), _) => format!("told only when there is {id}"),
        (None, Some(kind)) => match part("value") {
            Some(value) => format!("{kind}  {value}"),
            None => format!("{kind}  (secret)"),
        },
        (None, None) => String::new(),
    }
}
