//! Truth and comparison.

use std::cmp::Ordering;

use serde_json::Value;

use crate::{
    evaluate::{Evaluated, Refused},
    functions::{Calling, Function, Given, MANY, pure, scoped},
    json::{echo, kind},
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("and", 2, MANY, |given| all(given, |values| values.iter().all(|value| *value))),
    pure("bool", 1, 1, bool),
    pure("coalesce", 1, MANY, |given| Ok(coalesce(given))),
    pure("equals", 2, 2, |given| Ok((given.value(0) == given.value(1)).into())),
    pure("false", 0, 0, |_| Ok(false.into())),
    pure("greater", 2, 2, |given| compare(given, Ordering::is_gt)),
    pure("greaterOrEquals", 2, 2, |given| compare(given, Ordering::is_ge)),
    scoped("if", 3, 3, if_else),
    pure("less", 2, 2, |given| compare(given, Ordering::is_lt)),
    pure("lessOrEquals", 2, 2, |given| compare(given, Ordering::is_le)),
    pure("not", 1, 1, |given| Ok((!given.boolean(0)?).into())),
    pure("null", 0, 0, |_| Ok(Value::Null)),
    pure("or", 2, MANY, |given| all(given, |values| values.iter().any(|value| *value))),
    pure("true", 0, 0, |_| Ok(true.into())),
    scoped("fail", 1, 1, fail),
];

fn all(given: &Given<'_>, verdict: fn(&[bool]) -> bool) -> Result<Value, Refused> {
    let values: Result<Vec<bool>, _> =
        (0..given.values.len()).map(|index| given.boolean(index)).collect();
    Ok(verdict(&values?).into())
}

fn bool(given: &Given<'_>) -> Result<Value, Refused> {
    let converted = match given.value(0) {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let refused = || given.invalid("The value cannot be converted to the target type.");
    converted.map(Value::from).ok_or_else(refused)
}

fn coalesce(given: &Given<'_>) -> Value {
    given.all().find(|value| !value.is_null()).cloned().unwrap_or_default()
}

/// Two integers, or two strings.
fn compare(given: &Given<'_>, holds: fn(Ordering) -> bool) -> Result<Value, Refused> {
    let ordering = order(given.value(0), given.value(1));
    let mixed = || {
        let (left, right) = (kind(given.value(0)), kind(given.value(1)));
        given.refused(format!("values of types '{left}' and '{right}' cannot be compared"))
    };
    ordering.map(|ordering| holds(ordering).into()).ok_or_else(mixed)
}

pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(collate(left, right)),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        _ => None,
    }
}

/// As .NET's invariant culture orders text: marks before digits before letters, and case decides
/// only between words that are the same otherwise, small letters first. The documentation shows
/// `greater('A', 'a')` to be true.
fn collate(left: &str, right: &str) -> Ordering {
    let weight = |c: char| {
        let class = if c.is_alphabetic() { 2 } else { u8::from(c.is_numeric()) };
        (class, c.to_lowercase().next().unwrap_or(c))
    };
    let without_case = left.chars().map(weight).cmp(right.chars().map(weight));
    without_case.then_with(|| {
        let cases = |text: &str| text.chars().map(char::is_uppercase).collect::<Vec<bool>>();
        cases(left).cmp(&cases(right))
    })
}

/// Only the chosen branch is evaluated.
fn if_else(calling: &Calling<'_, '_>) -> Evaluated {
    let condition = calling.argument(0)?;
    let wrong = || calling.wrong("Boolean", condition.value());
    let chosen = if condition.value().as_bool().ok_or_else(wrong)? { 1 } else { 2 };
    calling.argument(chosen)
}

fn fail(calling: &Calling<'_, '_>) -> Evaluated {
    let message = calling.argument(0)?;
    Err(Refused::Failed(echo(&super::string::plain(message.value()))).into())
}
