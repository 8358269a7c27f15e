//! Arithmetic on 64-bit integers.

use serde_json::Value;

use crate::{
    evaluate::Refused,
    functions::{Function, Given, MANY, logical::order, pure, string::plain},
    json::echo,
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("add", 2, 2, |given| arithmetic(given, i64::checked_add)),
    pure("div", 2, 2, |given| arithmetic(given, i64::checked_div)),
    pure("float", 1, 1, float),
    pure("int", 1, 1, int),
    pure("max", 1, MANY, |given| extreme(given, std::cmp::Ordering::is_gt)),
    pure("min", 1, MANY, |given| extreme(given, std::cmp::Ordering::is_lt)),
    pure("mod", 2, 2, |given| arithmetic(given, i64::checked_rem)),
    pure("mul", 2, 2, |given| arithmetic(given, i64::checked_mul)),
    pure("sub", 2, 2, |given| arithmetic(given, i64::checked_sub)),
];

fn arithmetic(given: &Given<'_>, compute: fn(i64, i64) -> Option<i64>) -> Result<Value, Refused> {
    let (left, right) = (given.integer(0)?, given.integer(1)?);
    let outside = || given.refused("the result is not a 64-bit integer");
    compute(left, right).map(Value::from).ok_or_else(outside)
}

fn int(given: &Given<'_>) -> Result<Value, Refused> {
    let value = given.value(0);
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.map(Value::from).ok_or_else(|| Refused::NoInteger(echo(&plain(value))))
}

fn float(given: &Given<'_>) -> Result<Value, Refused> {
    let number = match given.value(0) {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let refused = || given.invalid("The value cannot be converted to the target type.");
    number.map(Value::from).ok_or_else(refused)
}

/// Of all arguments, or of the one array.
fn extreme(given: &Given<'_>, better: fn(std::cmp::Ordering) -> bool) -> Result<Value, Refused> {
    let alone = given.value(0).as_array().filter(|_| given.values.len() == 1);
    let values: Vec<&Value> = match alone {
        Some(elements) => elements.iter().collect(),
        None => given.all().collect(),
    };
    let mut best: Option<&Value> = None;
    for value in values {
        if !value.is_i64() {
            return Err(given.wrong("Integer", value));
        }
        let replaces = best.and_then(|best| order(value, best)).is_none_or(better);
        best = if replaces { Some(value) } else { best };
    }
    best.cloned().ok_or_else(|| given.refused("the array must not be empty"))
}
