//! Small questions about JSON values that ARM answers in its own way.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::limits::ECHO_CHARS_MAX;

pub(crate) type Object = Map<String, Value>;

/// A member by name, without regard to case.
pub(crate) fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| {
        object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}

/// A member that is there and not null, which is the same as absent.
pub(crate) fn present<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    member(object, name).filter(|value| !value.is_null())
}

/// The name that ARM's messages give to a value's type.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "Float",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Object",
    }
}

/// Minified JSON with sorted keys: equal for equal values, so that sets of values can hash it.
pub(crate) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Array(elements) => {
            text.push('[');
            for element in elements {
                write_canonical(element, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, member) in sorted {
                let _ = write!(text, "{}:", Value::from(key.as_str()));
                write_canonical(member, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = write!(text, "{value}");
        }
    }
}

/// A caller's own text as a message may repeat it: bounded, and free of control characters.
pub(crate) fn echo(text: &str) -> String {
    let mut echoed: String =
        text.chars().take(ECHO_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(ECHO_CHARS_MAX).is_some() {
        echoed.push('…');
    }
    echoed
}
