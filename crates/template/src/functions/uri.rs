//! Functions of addresses.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use crate::{
    evaluate::Refused,
    functions::{Function, Given, pure},
    json::present,
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("buildUri", 1, 1, build_uri),
    pure("dataUri", 1, 1, |given| Ok(data_uri(given.text(0)?).into())),
    pure("dataUriToString", 1, 1, data_uri_to_string),
    pure("parseUri", 1, 1, parse_uri),
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

/// `scheme://host:port/path?query`, taken apart. The host of an address of the sixth protocol
/// keeps its brackets; the port is there where it is written.
fn parse_uri(given: &Given<'_>) -> Result<Value, Refused> {
    let malformed = || given.invalid("The value is not an absolute URI.");
    let (scheme, rest) = given.text(0)?.split_once("://").ok_or_else(malformed)?;
    let rest = rest.split('#').next().unwrap_or_default();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let query = rest.find('?').unwrap_or(rest.len());
    let (path, query) = rest.split_at(query);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
        Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| malformed())?)),
        None => (host, None),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    if scheme.is_empty() || host.is_empty() || !scheme.chars().all(legal) {
        return Err(malformed());
    }
    let mut parts = Map::new();
    parts.insert("scheme".to_owned(), scheme.to_ascii_lowercase().into());
    parts.insert("host".to_owned(), host.to_ascii_lowercase().into());
    parts.extend(port.map(|port| ("port".to_owned(), port.into())));
    parts.insert("path".to_owned(), if path.is_empty() { "/" } else { path }.into());
    parts.insert("query".to_owned(), query.into());
    Ok(Value::Object(parts))
}

/// The way back: `path` and `query` may leave out the sign that they begin with.
fn build_uri(given: &Given<'_>) -> Result<Value, Refused> {
    let parts = given.object(0)?;
    let text = |name: &str| match present(parts, name) {
        None => Ok(""),
        Some(part) => part.as_str().ok_or_else(|| given.wrong("String", part)),
    };
    let (scheme, host) = (text("scheme")?, text("host")?);
    if scheme.is_empty() || host.is_empty() {
        return Err(given.invalid("A URI needs a 'scheme' and a 'host'."));
    }
    let port = match present(parts, "port") {
        None => String::new(),
        Some(port) => match port.as_u64().and_then(|port| u16::try_from(port).ok()) {
            Some(port) => format!(":{port}"),
            None => return Err(given.invalid("The 'port' is a number between 0 and 65535.")),
        },
    };
    let led = |sign: char, part: &str| match part.strip_prefix(sign).unwrap_or(part) {
        "" => String::new(),
        bare => format!("{sign}{bare}"),
    };
    let path = text("path")?;
    let path =
        if path.is_empty() { "/".to_owned() } else { format!("/{}", path.trim_start_matches('/')) };
    Ok(format!("{scheme}://{host}{port}{path}{}", led('?', text("query")?)).into())
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
