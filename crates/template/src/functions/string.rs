//! Functions of strings, and those that treat strings and arrays alike.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use crate::{
    budget::fits,
    evaluate::Refused,
    functions::{Function, Given, MANY, format, hash, pure},
    json::{kind, member},
    lenient,
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("base64", 1, 1, |given| Ok(STANDARD.encode(given.text(0)?).into())),
    pure("base64ToJson", 1, 1, |given| parsed(given, &decoded(given)?)),
    pure("base64ToString", 1, 1, |given| decoded(given).map(Value::from)),
    pure("concat", 1, MANY, concat),
    pure("contains", 2, 2, contains),
    pure("empty", 1, 1, empty),
    pure("endsWith", 2, 2, |given| with(given, |text, part| text.ends_with(part))),
    pure("first", 1, 1, |given| at_end(given, <[Value]>::first, |text| text.chars().next())),
    pure("format", 1, MANY, format::format),
    pure("guid", 1, MANY, |given| Ok(hash::guid(&given.texts()?).into())),
    pure("indexOf", 2, 2, |given| position(given, <[_]>::first, |text, part| text.find(part))),
    pure("join", 2, 2, join),
    pure("json", 1, 1, |given| parsed(given, given.text(0)?)),
    pure("last", 1, 1, |given| at_end(given, <[Value]>::last, |text| text.chars().last())),
    pure("lastIndexOf", 2, 2, |given| position(given, <[_]>::last, |text, part| text.rfind(part))),
    pure("length", 1, 1, length),
    pure("like", 2, 2, |given| Ok(like(given.text(0)?, given.text(1)?).into())),
    pure("padLeft", 2, 3, pad_left),
    pure("replace", 3, 3, replace),
    pure("skip", 2, 2, |given| part(given, Part::Skip)),
    pure("split", 2, 2, split),
    pure("startsWith", 2, 2, |given| with(given, |text, part| text.starts_with(part))),
    pure("string", 1, 1, |given| Ok(plain(given.value(0)).into())),
    pure("substring", 2, 3, substring),
    pure("take", 2, 2, |given| part(given, Part::Take)),
    pure("toLower", 1, 1, |given| Ok(given.text(0)?.to_lowercase().into())),
    pure("toUpper", 1, 1, |given| Ok(given.text(0)?.to_uppercase().into())),
    pure("trim", 1, 1, |given| Ok(given.text(0)?.trim().into())),
    pure("uniqueString", 1, MANY, |given| Ok(hash::unique_string(&given.texts()?).into())),
];

/// A value as text: what `string` and `concat` make of it.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => String::new(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn decoded(given: &Given<'_>) -> Result<String, Refused> {
    let bytes = STANDARD.decode(given.text(0)?).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| given.invalid("The value cannot be decoded from base64 representation."))
}

/// `json('null')` is null, `json('1.5')` is how a fraction is written.
fn parsed(given: &Given<'_>, text: &str) -> Result<Value, Refused> {
    lenient::read(text).map_err(|_| given.invalid("The value cannot be converted to JSON."))
}

fn concat(given: &Given<'_>) -> Result<Value, Refused> {
    if given.value(0).is_array() {
        let mut joined = Vec::new();
        for index in 0..given.values.len() {
            joined.extend(given.array(index)?.iter().cloned());
        }
        return Ok(Value::Array(joined));
    }
    let mut text = String::new();
    for value in given.all() {
        if matches!(value, Value::Null | Value::Array(_) | Value::Object(_)) {
            return Err(given.wrong("String", value));
        }
        text.push_str(&plain(value));
    }
    Ok(text.into())
}

fn contains(given: &Given<'_>) -> Result<Value, Refused> {
    let item = given.value(1);
    let found = match given.value(0) {
        Value::String(text) => text.contains(&plain(item)),
        Value::Array(elements) => elements.contains(item),
        Value::Object(members) => member(members, given.text(1)?).is_some(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => {
            return Err(given.wrong("String, Array, Object", other));
        }
    };
    Ok(found.into())
}

fn empty(given: &Given<'_>) -> Result<Value, Refused> {
    let empty = match given.value(0) {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        other @ (Value::Bool(_) | Value::Number(_)) => {
            return Err(given.wrong("String, Array, Object", other));
        }
    };
    Ok(empty.into())
}

fn with(given: &Given<'_>, has: fn(&str, &str) -> bool) -> Result<Value, Refused> {
    let (text, part) = (given.text(0)?.to_lowercase(), given.text(1)?.to_lowercase());
    Ok(has(&text, &part).into())
}

fn at_end(
    given: &Given<'_>,
    element: fn(&[Value]) -> Option<&Value>,
    letter: fn(&str) -> Option<char>,
) -> Result<Value, Refused> {
    match given.value(0) {
        Value::Array(elements) => Ok(element(elements).cloned().unwrap_or_default()),
        Value::String(text) => Ok(letter(text).map(String::from).unwrap_or_default().into()),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => {
            Err(given.wrong("String, Array", other))
        }
    }
}

/// Strings are searched without regard to case, arrays exactly; -1 where nothing is found.
fn position(
    given: &Given<'_>,
    choose: fn(&[i64]) -> Option<&i64>,
    find: fn(&str, &str) -> Option<usize>,
) -> Result<Value, Refused> {
    let item = given.value(1);
    let found = match given.value(0) {
        Value::String(text) => {
            let (text, part) = (text.to_lowercase(), given.text(1)?.to_lowercase());
            let at = find(&text, &part).and_then(|at| text.get(..at));
            at.map(units)
        }
        Value::Array(elements) => {
            let places = elements.iter().zip(0_i64..).filter(|(element, _)| *element == item);
            let places: Vec<i64> = places.map(|(_, at)| at).collect();
            choose(&places).copied()
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => {
            return Err(given.wrong("String, Array", other));
        }
    };
    Ok(found.unwrap_or(-1).into())
}

/// Length in UTF-16 units, as .NET counts.
fn units(text: &str) -> i64 {
    i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX)
}

fn join(given: &Given<'_>) -> Result<Value, Refused> {
    let (elements, separator) = (given.array(0)?, given.text(1)?);
    fits(separator.len().saturating_mul(elements.len()))?;
    let nested = |element: &&Value| element.is_array() || element.is_object();
    if let Some(wrong) = elements.iter().find(nested) {
        return Err(given.wrong("String, Integer, Boolean", wrong));
    }
    let texts: Vec<String> = elements.iter().map(plain).collect();
    Ok(texts.join(separator).into())
}

fn length(given: &Given<'_>) -> Result<Value, Refused> {
    let length = match given.value(0) {
        Value::String(text) => text.encode_utf16().count(),
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => {
            return Err(Refused::argument(
                "length",
                format!(
                    "expects its parameter to be an array, a string or an object; the provided \
                     value is of type '{}'",
                    kind(other)
                ),
            ));
        }
    };
    Ok(length.into())
}

/// `*` stands for any text; case does not matter. Linear in the text for each part of the pattern.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    true
}

fn pad_left(given: &Given<'_>) -> Result<Value, Refused> {
    let value = given.value(0);
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            return Err(given.wrong("String, Integer", value));
        }
    };
    let width = given.integer(1)?;
    let padding = given.get(2).map_or(Ok(" "), |_| given.text(2))?;
    if padding.chars().count() != 1 {
        return Err(given.refused("the padding must be a single character"));
    }
    let missing = usize::try_from(width.saturating_sub(units(&text))).unwrap_or_default();
    fits(missing.saturating_mul(padding.len()))?;
    Ok(format!("{}{text}", padding.repeat(missing)).into())
}

fn replace(given: &Given<'_>) -> Result<Value, Refused> {
    let (text, old, new) = (given.text(0)?, given.text(1)?, given.text(2)?);
    if old.is_empty() {
        return Err(given.refused("the string to replace must not be empty"));
    }
    fits(text.matches(old).count().saturating_mul(new.len()))?;
    Ok(text.replace(old, new).into())
}

fn split(given: &Given<'_>) -> Result<Value, Refused> {
    let text = given.text(0)?;
    let delimiters: Vec<&str> = match given.value(1).as_array() {
        Some(list) => {
            let texts =
                list.iter().map(|one| one.as_str().ok_or_else(|| given.wrong("String", one)));
            texts.collect::<Result<_, _>>()?
        }
        None => vec![given.text(1)?],
    };
    let delimiters: Vec<&str> = delimiters.into_iter().filter(|d| !d.is_empty()).collect();
    // Each delimiter may be tried at each letter.
    fits(delimiters.iter().map(|d| d.len()).sum::<usize>().saturating_mul(text.len()))?;
    let (mut parts, mut rest) = (Vec::new(), text);
    let mut start = 0;
    while let Some(here) = rest.get(start..).filter(|here| !here.is_empty()) {
        match delimiters.iter().find(|delimiter| here.starts_with(**delimiter)) {
            Some(delimiter) => {
                parts.push(Value::from(rest.get(..start).unwrap_or_default()));
                rest = here.get(delimiter.len()..).unwrap_or_default();
                start = 0;
            }
            None => start += here.chars().next().map_or(1, char::len_utf8),
        }
    }
    parts.push(Value::from(rest));
    Ok(Value::Array(parts))
}

fn substring(given: &Given<'_>) -> Result<Value, Refused> {
    let units: Vec<u16> = given.text(0)?.encode_utf16().collect();
    let index = given.integer(1)?;
    let rest = i64::try_from(units.len()).unwrap_or(i64::MAX).saturating_sub(index);
    let length = given.get(2).map_or(Ok(rest), |_| given.integer(2))?;
    let start = usize::try_from(index).ok();
    let end = usize::try_from(index.saturating_add(length)).ok();
    let range = start.zip(end).and_then(|(start, end)| units.get(start..end));
    let outside = || Refused::Substring { index, length, actual: units.len() };
    range.map(|range| String::from_utf16_lossy(range).into()).ok_or_else(outside)
}

#[derive(Clone, Copy)]
enum Part {
    Take,
    Skip,
}

/// Too few or too many are no error: everything, or nothing.
fn part(given: &Given<'_>, part: Part) -> Result<Value, Refused> {
    let count = usize::try_from(given.integer(1)?.max(0)).unwrap_or(usize::MAX);
    let range = |length: usize| match part {
        Part::Take => 0..count.min(length),
        Part::Skip => count.min(length)..length,
    };
    match given.value(0) {
        Value::Array(elements) => {
            let kept = elements.get(range(elements.len())).unwrap_or_default();
            Ok(Value::Array(kept.to_vec()))
        }
        Value::String(text) => {
            let units: Vec<u16> = text.encode_utf16().collect();
            let kept = units.get(range(units.len())).unwrap_or_default();
            Ok(String::from_utf16_lossy(kept).into())
        }
        Value::Object(members) => {
            let range = range(members.len());
            let kept = members.iter().skip(range.start).take(range.len());
            Ok(Value::Object(kept.map(|(k, v)| (k.clone(), v.clone())).collect::<Map<_, _>>()))
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => {
            Err(given.wrong("String, Array", other))
        }
    }
}
