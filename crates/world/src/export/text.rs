//! JSON values as YAML that people like to read: blocks, plain words where nobody could take them
//! for something else, and small mappings on one line.

use std::fmt::Write;

use serde_json::{Map, Value as Json};

/// How long a mapping on one line may be.
const LINE_CHARS_MAX: usize = 96;
/// What a block is set in by.
const STEP: usize = 2;

/// The mapping as a document.
pub(crate) fn document(map: &Map<String, Json>) -> String {
    let mut text = String::new();
    block(&mut text, map, 0);
    text
}

fn block(text: &mut String, map: &Map<String, Json>, indent: usize) {
    for (nth, (key, value)) in map.iter().enumerate() {
        if nth > 0 {
            margin(text, indent);
        }
        text.push_str(&word(key));
        text.push(':');
        after_key(text, value, indent);
    }
}

fn after_key(text: &mut String, value: &Json, indent: usize) {
    match value {
        Json::Object(map) if !map.is_empty() && on_one_line(value).is_none() => {
            text.push('\n');
            margin(text, indent + STEP);
            block(text, map, indent + STEP);
        }
        Json::Array(items) if !items.is_empty() && on_one_line(value).is_none() => {
            text.push('\n');
            list(text, items, indent + STEP);
        }
        Json::Object(_)
        | Json::Array(_)
        | Json::Null
        | Json::Bool(_)
        | Json::Number(_)
        | Json::String(_) => {
            text.push(' ');
            text.push_str(&flow(value));
            text.push('\n');
        }
    }
}

fn list(text: &mut String, items: &[Json], indent: usize) {
    for item in items {
        margin(text, indent);
        text.push_str("- ");
        match item {
            Json::Object(map) if !map.is_empty() && on_one_line(item).is_none() => {
                block(text, map, indent + STEP);
            }
            Json::Object(_)
            | Json::Array(_)
            | Json::Null
            | Json::Bool(_)
            | Json::Number(_)
            | Json::String(_) => {
                // A list in a list stands on one line, however long.
                text.push_str(&flow(item));
                text.push('\n');
            }
        }
    }
}

fn margin(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// A list or mapping of plain values, if it is short.
fn on_one_line(value: &Json) -> Option<String> {
    let plain = |value: &Json| !matches!(value, Json::Object(_) | Json::Array(_));
    let is_flat = match value {
        Json::Object(map) => map.values().all(plain),
        Json::Array(items) => items.iter().all(plain),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
    };
    let line = is_flat.then(|| flow(value))?;
    (line.len() <= LINE_CHARS_MAX).then_some(line)
}

fn flow(value: &Json) -> String {
    match value {
        Json::Object(map) if map.is_empty() => "{}".to_owned(),
        Json::Object(map) => {
            let pairs = map.iter().map(|(key, value)| format!("{}: {}", word(key), flow(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Json::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Json::String(text) => word(text),
        Json::Null | Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}

/// Text, in quotes unless it cannot be taken for anything else.
fn word(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 7] = ["null", "true", "false", "yes", "no", "on", "off"];
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-/@ ".contains(c);
    is_guid(text)
        || begins
            && text.chars().all(legal)
            && !text.ends_with(' ')
            && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Too many dashes for a number, whatever digits stand between them.
fn is_guid(text: &str) -> bool {
    text.parse::<ids::guid::ObjectId>().is_ok()
}

/// Text in double quotes. Whatever is not seen is spelled out.
fn quoted(text: &str) -> String {
    let mut all = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                all.push('\\');
                all.push(c);
            }
            '\n' => all.push_str("\\n"),
            '\t' => all.push_str("\\t"),
            ' '..='~' => all.push(c),
            _ if c.is_alphanumeric() => all.push(c),
            // Writing to a string does not fail.
            _ => _ = write!(all, "\\U{:08X}", u32::from(c)),
        }
    }
    all.push('"');
    all
}

#[cfg(test)]
mod tests {
    use document::{fault::Faults, tree};
    use serde_json::json;

    use super::*;
    use crate::world::FILE;

    fn read(text: &str) -> Json {
        let mut faults = Faults::default();
        let node = tree::parse(text, &FILE, &mut faults);
        faults.settle(()).unwrap_or_else(|faults| panic!("{faults:?} in\n{text}"));
        node.unwrap().json()
    }

    #[test]
    fn a_document_reads_as_people_write_it() {
        let value = json!({ "tenants": [{
            "name": "contoso",
            "users": [{ "name": "olof", "enabled": false }],
            "tags": {},
            "resources": [{ "properties": { "a": [[1, "x"], { "b": null }] } }],
        }] });
        let expected = r"tenants:
  - name: contoso
    users:
      - { name: olof, enabled: false }
    tags: {}
    resources:
      - properties:
          a:
            - [1, x]
            - { b: null }
";
        assert_eq!(document(value.as_object().unwrap()), expected);
        assert_eq!(read(expected), value);
    }

    /// All short texts over the letters that mean something to YAML.
    #[test]
    fn any_text_comes_back_as_it_was() {
        let letters: Vec<char> =
            "a1 -:#'\"\\{}[],&*!|>%@`~?=\n\t\r\0\u{7f}\u{85}\u{a0}\u{2028}\u{feff}\u{1f600}é/.+eN"
                .chars()
                .collect();
        let mut texts: Vec<String> =
            ["", "null", "True", "no", "1e5", "0x10", ".inf", "...", "---", "<<", "2026-01-01"]
                .map(str::to_owned)
                .to_vec();
        for a in &letters {
            texts.push(a.to_string());
            for b in &letters {
                texts.push(format!("{a}{b}"));
                texts.push(format!("x{a}{b}x"));
            }
        }
        let value: Json = json!({
            "list": texts,
            "map": texts.iter().map(|it| (it.clone(), json!(it))).collect::<Map<_, _>>(),
            "maps": texts.iter().map(|it| json!({ it: it })).collect::<Vec<_>>(),
        });
        assert_eq!(read(&document(value.as_object().unwrap())), value);
    }

    #[test]
    fn numbers_keep_their_kind() {
        let value = json!({ "a": [0, -1, i64::MAX, 1.0, 1.5e300, -0.25], "b": { "c": 1 } });
        assert_eq!(read(&document(value.as_object().unwrap())), value);
    }
}
