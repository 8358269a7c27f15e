//! Functions of objects.

use serde_json::{Value, json};

use crate::{
    evaluate::Refused,
    functions::{Function, Given, MANY, pure},
    json::{Object, member},
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("createObject", 0, MANY, create_object),
    pure("items", 1, 1, |given| {
        let pair = |(key, value): (&String, &Value)| json!({ "key": key, "value": value });
        Ok(sorted(given.object(0)?).into_iter().map(pair).collect())
    }),
    pure("objectKeys", 1, 1, |given| {
        Ok(sorted(given.object(0)?).into_iter().map(|(key, _)| Value::from(key.as_str())).collect())
    }),
    pure("shallowMerge", 1, 1, shallow_merge),
    pure("tryGet", 2, MANY, |given| Ok(try_get(given).cloned().unwrap_or_default())),
];

fn create_object(given: &Given<'_>) -> Result<Value, Refused> {
    if !given.values.len().is_multiple_of(2) {
        return Err(given.refused("an even number of arguments is expected: names and values"));
    }
    let mut object = Object::new();
    for index in (0..given.values.len()).step_by(2) {
        object.insert(given.text(index)?.to_owned(), given.value(index + 1).clone());
    }
    Ok(Value::Object(object))
}

/// By name, without regard to case.
fn sorted(object: &Object) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_by_cached_key(|(key, _)| key.to_lowercase());
    members
}

fn shallow_merge(given: &Given<'_>) -> Result<Value, Refused> {
    let mut merged = Object::new();
    for element in given.array(0)? {
        let object = element.as_object().ok_or_else(|| given.wrong("Object", element))?;
        merged.extend(object.clone());
    }
    Ok(Value::Object(merged))
}

pub(super) fn union(given: &Given<'_>) -> Result<Value, Refused> {
    let mut merged = Object::new();
    for index in 0..given.values.len() {
        merge(&mut merged, given.object(index)?);
    }
    Ok(Value::Object(merged))
}

/// Objects inside objects are merged, too; everything else is replaced.
fn merge(into: &mut Object, from: &Object) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Object(inner)), Value::Object(other)) => merge(inner, other),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

pub(super) fn intersection(given: &Given<'_>) -> Result<Value, Refused> {
    let mut kept = given.object(0)?.clone();
    for index in 1..given.values.len() {
        let other = given.object(index)?;
        kept.retain(|key, value| other.get(key) == Some(value));
    }
    Ok(Value::Object(kept))
}

/// Follows names and indices; null where one leads nowhere.
fn try_get<'a>(given: &Given<'a>) -> Option<&'a Value> {
    let mut at = given.value(0);
    for step in given.all().skip(1) {
        at = match (at, step) {
            (Value::Object(members), Value::String(name)) => member(members, name)?,
            (Value::Array(elements), Value::Number(index)) => {
                elements.get(usize::try_from(index.as_u64()?).ok()?)?
            }
            _ => return None,
        };
    }
    Some(at)
}
