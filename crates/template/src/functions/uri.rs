//! Functions of addresses.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    evaluate::Refused,
    functions::{Function, Given, pure, string::plain},
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("dataUri", 1, 1, |given| Ok(data_uri(&plain(given.value(0))).into())),
    pure("dataUriToString", 1, 1, data_uri_to_string),
    pure("uri", 2, 2, |given| Ok(joined(given.text(0)?, given.text(1)?).into())),
    pure("uriComponent", 1, 1, |given| Ok(escaped(given.text(0)?).into())),
    pure("uriComponentToString", 1, 1, uri_component_to_string),
];

fn data_uri(text: &str) -> String {
    format!("data:text/plain;charset=utf8;base64,{}", STANDARD.encode(text))
}

fn data_uri_to_string(given: &Given<'_>) -> Result<Value, Refused> {
    let malformed = || given.invalid("The value cannot be decoded from data URI representation.");
    let rest = given.text(0)?.strip_prefix("data:").ok_or_else(malformed)?;
    let (head, data) = rest.split_once(',').ok_or_else(malformed)?;
    let bytes = if head.to_ascii_lowercase().ends_with(";base64") {
        STANDARD.decode(data).ok()
    } else {
        unescaped(data)
    };
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.map(Value::from).ok_or_else(malformed)
}

/// Everything after the base's last slash gives way to the relative part.
fn joined(base: &str, relative: &str) -> String {
    let path = base.find("://").map_or(0, |at| at + 3);
    let (origin, path) = base.split_at(path);
    let folder = path.rfind('/').and_then(|slash| path.get(..slash)).unwrap_or(path);
    format!("{origin}{folder}/{}", relative.strip_prefix('/').unwrap_or(relative))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

fn uri_component_to_string(given: &Given<'_>) -> Result<Value, Refused> {
    let text = unescaped(given.text(0)?).and_then(|bytes| String::from_utf8(bytes).ok());
    text.map(Value::from).ok_or_else(|| given.invalid("The value cannot be decoded."))
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(percent) = rest.find('%') {
        bytes.extend_from_slice(rest.get(..percent)?.as_bytes());
        bytes.push(u8::from_str_radix(rest.get(percent + 1..percent + 3)?, 16).ok()?);
        rest = rest.get(percent + 3..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}
