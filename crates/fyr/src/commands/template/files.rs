//! Template and parameter files, as `az` takes them.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};
use template::{lenient, limits::TEMPLATE_BYTES_MAX};

/// A file's text, if it is no longer than a template may be.
pub(in crate::commands) fn text(path: &Path) -> anyhow::Result<String> {
    let shown = path.display();
    let (mut text, limit) = (String::new(), TEMPLATE_BYTES_MAX as u64 + 1);
    let read = fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut text));
    read.map_err(|error| anyhow::anyhow!("`{shown}` cannot be read: {error}"))?;
    anyhow::ensure!(
        text.len() <= TEMPLATE_BYTES_MAX,
        "`{shown}` is longer than {TEMPLATE_BYTES_MAX} bytes"
    );
    Ok(text)
}

/// The JSON in a file's text, comments and all.
pub(in crate::commands) fn read(path: &Path, text: &str) -> anyhow::Result<Value> {
    lenient::read(text).map_err(|refused| anyhow::anyhow!("`{}`: {refused}", path.display()))
}

/// The parameters of all files together: with the members around them, or without.
pub(super) fn parameters(paths: &[PathBuf]) -> anyhow::Result<Value> {
    let mut all = Map::new();
    for path in paths {
        let mut document = read(path, &text(path)?)?;
        let inner = document.get_mut("parameters").map(Value::take);
        match inner.unwrap_or(document) {
            Value::Object(parameters) => all.extend(parameters),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => anyhow::bail!("`{}` holds no parameters", path.display()),
        }
    }
    Ok(Value::Object(all))
}
