//! Functions of arrays.

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    evaluate::Refused,
    functions::{Function, Given, MANY, pure},
    json::canonical,
    limits::RANGE_MAX,
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("array", 1, 1, |given| Ok(array(given.value(0)))),
    pure("createArray", 0, MANY, |given| Ok(given.all().cloned().collect())),
    pure("distinct", 1, 1, |given| Ok(distinct(given.array(0)?.iter()))),
    pure("flatten", 1, 1, flatten),
    pure("indexFromEnd", 2, 2, |given| from_end(given)?.ok_or_else(|| outside(given))),
    pure("intersection", 2, MANY, intersection),
    pure("range", 2, 2, range),
    pure("tryIndexFromEnd", 2, 2, |given| Ok(from_end(given)?.unwrap_or_default())),
    pure("union", 2, MANY, union),
];

fn array(value: &Value) -> Value {
    if value.is_array() { value.clone() } else { Value::Array(vec![value.clone()]) }
}

/// The first of each, in order.
fn distinct<'v>(values: impl Iterator<Item = &'v Value>) -> Value {
    let mut seen = HashSet::new();
    values.filter(|value| seen.insert(canonical(value))).cloned().collect()
}

/// One level.
fn flatten(given: &Given<'_>) -> Result<Value, Refused> {
    let mut flat = Vec::new();
    for element in given.array(0)? {
        let inner = element.as_array().ok_or_else(|| given.wrong("Array", element))?;
        flat.extend(inner.iter().cloned());
    }
    Ok(Value::Array(flat))
}

/// One is the last element.
fn from_end(given: &Given<'_>) -> Result<Option<Value>, Refused> {
    let elements = given.array(0)?;
    let back = usize::try_from(given.integer(1)?).ok().filter(|back| *back > 0);
    let at = back.and_then(|back| elements.len().checked_sub(back));
    Ok(at.and_then(|at| elements.get(at)).cloned())
}

fn outside(given: &Given<'_>) -> Refused {
    given.refused("the index is out of bounds")
}

fn range(given: &Given<'_>) -> Result<Value, Refused> {
    let (start, count) = (given.integer(0)?, given.integer(1)?);
    if !(0..=RANGE_MAX).contains(&count) {
        return Err(Refused::Range(count));
    }
    let end = start.checked_add(count);
    let end = end.ok_or_else(|| given.refused("the last value is not a 64-bit integer"))?;
    Ok((start..end).map(Value::from).collect())
}

fn intersection(given: &Given<'_>) -> Result<Value, Refused> {
    if given.value(0).is_object() {
        return super::object::intersection(given);
    }
    let mut kept: Vec<&Value> = given.array(0)?.iter().collect();
    for index in 1..given.values.len() {
        let other: HashSet<String> = given.array(index)?.iter().map(canonical).collect();
        kept.retain(|value| other.contains(&canonical(value)));
    }
    Ok(distinct(kept.into_iter()))
}

/// Arrays: what is not there already is appended. Objects are merged, deeply.
fn union(given: &Given<'_>) -> Result<Value, Refused> {
    if given.value(0).is_object() {
        return super::object::union(given);
    }
    let mut all = Vec::new();
    for index in 0..given.values.len() {
        all.extend(given.array(index)?);
    }
    Ok(distinct(all.into_iter()))
}
