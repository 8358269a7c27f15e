//! .NET's composite formatting: `{index,width:form}`.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{
    budget::fits,
    evaluate::Refused,
    functions::{Given, string::plain},
};

const INPUT: Refused = Refused::Format("Input string was not in a correct format.");
const INDEX: Refused = Refused::Format(
    "Index (zero based) must be greater than or equal to zero and less than the size of the \
     argument list.",
);
/// .NET refuses much wider columns and longer numbers, too; ours stay below what `fmt` takes.
const WIDTH_MAX: usize = 10_000;
const DIGITS_MAX: usize = 99;

pub(super) fn format(given: &Given<'_>) -> Result<Value, Refused> {
    let mut rest = given.text(0)?;
    let mut text = String::new();
    while let Some(brace) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(brace);
        text.push_str(before);
        fits(text.len())?;
        rest = if let Some(after) = after.strip_prefix("{{") {
            text.push('{');
            after
        } else if let Some(after) = after.strip_prefix("}}") {
            text.push('}');
            after
        } else {
            let hole = after.strip_prefix('{').and_then(|after| after.split_once('}'));
            let (hole, after) = hole.ok_or(INPUT)?;
            fill(hole, given, &mut text)?;
            after
        };
    }
    text.push_str(rest);
    Ok(text.into())
}

fn fill(hole: &str, given: &Given<'_>, text: &mut String) -> Result<(), Refused> {
    let (head, form) = hole.split_once(':').unwrap_or((hole, ""));
    let (index, width) = head.split_once(',').unwrap_or((head, "0"));
    let index: usize = index.trim().parse().map_err(|_| INPUT)?;
    let width: isize = width.trim().parse().map_err(|_| INPUT)?;
    let value = index.checked_add(1).and_then(|index| given.get(index)).ok_or(INDEX)?;
    let shown = if value.is_number() { number(value, form)? } else { show(value) };
    let wide = width.unsigned_abs();
    if wide > WIDTH_MAX {
        return Err(INPUT);
    }
    let _ = if width < 0 { write!(text, "{shown:<wide$}") } else { write!(text, "{shown:>wide$}") };
    Ok(())
}

fn show(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => {
            let mut text = String::new();
            quote(value, &mut text);
            text
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => plain(value),
    }
}

/// JSON with single quotes, as it stands inside of a formatted text.
fn quote(value: &Value, text: &mut String) {
    match value {
        Value::String(string) => quoted(string, text),
        Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                quote(element, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                quoted(key, text);
                text.push(':');
                quote(member, text);
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
}

fn quoted(string: &str, text: &mut String) {
    let double = Value::from(string).to_string();
    let inner = double.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    let inner = inner.unwrap_or_default().replace("\\\"", "\"").replace('\'', "\\'");
    let _ = write!(text, "'{inner}'");
}

/// The standard forms that templates use (`N`, `D`, `F`, `X`), and zeros as a picture.
fn number(value: &Value, form: &str) -> Result<String, Refused> {
    let mut letters = form.chars();
    let Some(letter) = letters.next() else {
        return Ok(value.to_string());
    };
    let digits = letters.as_str();
    if form.chars().all(|c| c == '0') {
        return padded(value, form.len());
    }
    let precision = if digits.is_empty() { None } else { Some(digits.parse().map_err(|_| INPUT)?) };
    if precision.is_some_and(|precision| precision > DIGITS_MAX) {
        return Err(INPUT);
    }
    match letter {
        'D' | 'd' => padded(value, precision.unwrap_or_default()),
        'X' => Ok(format!("{:0>1$X}", value.as_i64().ok_or(INPUT)?, precision.unwrap_or(1))),
        'x' => Ok(format!("{:0>1$x}", value.as_i64().ok_or(INPUT)?, precision.unwrap_or(1))),
        'F' | 'f' => fixed(value, precision.unwrap_or(2)),
        'N' | 'n' => fixed(value, precision.unwrap_or(2)).map(|plain| grouped(&plain)),
        'G' | 'g' => Ok(value.to_string()),
        _ => Err(INPUT),
    }
}

fn padded(value: &Value, digits: usize) -> Result<String, Refused> {
    if digits > DIGITS_MAX {
        return Err(INPUT);
    }
    let number = value.as_i64().ok_or(INPUT)?;
    let sign = if number < 0 { "-" } else { "" };
    Ok(format!("{sign}{:0>digits$}", number.unsigned_abs()))
}

fn fixed(value: &Value, precision: usize) -> Result<String, Refused> {
    match value.as_i64() {
        Some(number) if precision == 0 => Ok(number.to_string()),
        Some(number) => Ok(format!("{number}.{}", "0".repeat(precision))),
        None => value.as_f64().map(|number| format!("{number:.precision$}")).ok_or(INPUT),
    }
}

/// Thousands apart: `1,234,567.50`.
fn grouped(plain: &str) -> String {
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(w, f)| (w, Some(f)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        let _ = write!(text, ".{fraction}");
    }
    text
}
