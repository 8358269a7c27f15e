//! What would change, as `az` prints it.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Map, Value};

/// In the order in which they are told, with their signs and words.
const KINDS: [(&str, char, &str); 7] = [
    ("Delete", '-', "to delete"),
    ("Create", '+', "to create"),
    ("Deploy", '!', "to deploy"),
    ("Modify", '~', "to modify"),
    ("NoChange", '=', "no change"),
    ("Unsupported", 'x', "unsupported"),
    ("Ignore", '*', "to ignore"),
];
/// Those that change something.
const CHANGING: [&str; 4] = ["Delete", "Create", "Deploy", "Modify"];
const STEP: usize = 2;

/// Whether something would change.
pub(super) fn any(answer: &Value) -> bool {
    all(answer).iter().any(|it| CHANGING.contains(&text(it, "changeType")))
}

/// ARM's error with what is inside of it, a line each.
pub(super) fn refusal(error: &Value) -> String {
    let mut told = format!("{}: {}", text(error, "code"), text(error, "message"));
    for inner in error.get("details").and_then(Value::as_array).into_iter().flatten() {
        let _ = write!(told, "\n  {}", refusal(inner).replace('\n', "\n  "));
    }
    told
}

/// The legend, one paragraph for each scope, and the sums.
pub(super) fn render(answer: &Value) -> String {
    let changes = all(answer);
    let mut told = String::new();
    legend(&changes, &mut told);
    let mut scopes: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for change in &changes {
        let (scope, _) = parted(text(change, "resourceId"));
        scopes.entry(scope.to_owned()).or_default().push(change);
    }
    for (scope, mut changes) in scopes {
        let _ = writeln!(told, "Scope: {}\n", if scope.is_empty() { "/" } else { &scope });
        changes.sort_by_key(|it| (weight(text(it, "changeType")), text(it, "resourceId")));
        for change in changes {
            resource(change, &mut told);
        }
        told.push('\n');
    }
    let _ = writeln!(told, "Resource changes: {}.", sums(&changes));
    told
}

fn all(answer: &Value) -> Vec<&Value> {
    let changes = answer.pointer("/properties/changes").and_then(Value::as_array);
    changes.into_iter().flatten().collect()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn weight(kind: &str) -> usize {
    KINDS.iter().position(|(name, ..)| *name == kind).unwrap_or(KINDS.len())
}

fn sign(kind: &str) -> char {
    let own = KINDS.iter().find(|(name, ..)| *name == kind);
    own.map_or('~', |(_, sign, _)| *sign) // an `Array` is a modification, too
}

fn legend(changes: &[&Value], told: &mut String) {
    if changes.is_empty() {
        return;
    }
    told.push_str("Resource and property changes are indicated with these symbols:\n");
    for (name, sign, _) in KINDS {
        if changes.iter().any(|it| text(it, "changeType") == name || within(it, name)) {
            let _ = writeln!(told, "  {sign} {name}");
        }
    }
    told.push('\n');
}

/// Whether a property changes in that way.
fn within(change: &Value, kind: &str) -> bool {
    let inside = ["delta", "children"].into_iter().filter_map(|it| change.get(it)?.as_array());
    let is = |it: &Value| text(it, "propertyChangeType") == kind || within(it, kind);
    inside.flatten().any(is)
}

/// The scope of a resource, and the resource there.
fn parted(id: &str) -> (&str, &str) {
    let lower = id.to_ascii_lowercase();
    if let Some(at) = lower.rfind("/providers/").filter(|at| *at > 0) {
        let (scope, rest) = id.split_at(at);
        return (scope, rest.trim_start_matches('/').trim_start_matches("providers/"));
    }
    let at = lower.rfind("/resourcegroups/").unwrap_or_default();
    let (scope, rest) = id.split_at(at);
    (scope, rest.trim_start_matches('/'))
}

fn resource(change: &Value, told: &mut String) {
    let (kind, (_, name)) = (text(change, "changeType"), parted(text(change, "resourceId")));
    let state = |when: &str| change.get(when).and_then(Value::as_object);
    let version = ["before", "after"].into_iter().find_map(state);
    let version = version.and_then(|it| it.get("apiVersion")).and_then(Value::as_str);
    let version = version.map_or_else(String::new, |it| format!(" [{it}]"));
    let _ = writeln!(told, "  {} {name}{version}", sign(kind));
    match kind {
        "Create" => members(state("after"), told),
        "Delete" => members(state("before"), told),
        _ => {
            let delta = change.get("delta").and_then(Value::as_array);
            properties(delta.map(Vec::as_slice).unwrap_or_default(), 2 * STEP, told);
        }
    }
}

fn members(state: Option<&Map<String, Value>>, told: &mut String) {
    for (name, value) in state.into_iter().flatten() {
        let _ = writeln!(told, "      {name}: {}", indented(value, 3 * STEP));
    }
}

fn properties(delta: &[Value], margin: usize, told: &mut String) {
    for change in delta {
        let kind = text(change, "propertyChangeType");
        let (path, sign) = (text(change, "path"), sign(kind));
        let value = |when: &str| indented(change.get(when).unwrap_or(&Value::Null), margin);
        let children = change.get("children").and_then(Value::as_array);
        let _ = write!(told, "{:margin$}{sign} {path}:", "");
        match (kind, children) {
            ("Create", _) => _ = writeln!(told, " {}", value("after")),
            ("Delete", _) => _ = writeln!(told, " {}", value("before")),
            (_, Some(children)) => {
                let (open, close) = if kind == "Array" { (" [", "]") } else { ("", "") };
                let _ = writeln!(told, "{open}");
                properties(children, margin + STEP, told);
                if !close.is_empty() {
                    let _ = writeln!(told, "{:margin$}{close}", "");
                }
            }
            (_, None) => _ = writeln!(told, " {} => {}", value("before"), value("after")),
        }
    }
}

/// A value over as many lines as it takes, the later ones behind a margin.
fn indented(value: &Value, margin: usize) -> String {
    format!("{value:#}").replace('\n', &format!("\n{:margin$}", ""))
}

fn sums(changes: &[&Value]) -> String {
    let count = |name: &str| changes.iter().filter(|it| text(it, "changeType") == name).count();
    let told = KINDS.iter().map(|(name, _, words)| (count(name), words));
    let told: Vec<String> =
        told.filter(|(count, _)| *count > 0).map(|(n, words)| format!("{n} {words}")).collect();
    if told.is_empty() { "no change".to_owned() } else { told.join(", ") }
}
