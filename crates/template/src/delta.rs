//! What is different between a resource as it is and as it would be, property by property.
//!
//! Members of objects are told by their path from the top, elements of lists by their place in
//! the list, each list's by itself (ARM contract, section 4.9).

use serde_json::Value;

use crate::json::Object;

/// One property that is different.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// `properties.sku.name`; inside of a list, the place of an element.
    pub path: String,
    pub what: What,
}

/// What happens to a property.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Create(Value),
    Delete(Value),
    Modify {
        before: Value,
        after: Value,
    },
    /// An object in a list, by what is different in it.
    Inside(Vec<Change>),
    /// A list, by its elements.
    Array(Vec<Change>),
}

/// What has to change for `before` to become `after`; nothing where they are the same.
pub fn delta(before: &Object, after: &Object) -> Vec<Change> {
    let mut changes = Vec::new();
    members("", before, after, &mut changes);
    changes
}

fn members(above: &str, before: &Object, after: &Object, changes: &mut Vec<Change>) {
    for (name, was) in before {
        let path = joined(above, name);
        match after.get(name) {
            None => changes.push(Change { path, what: What::Delete(was.clone()) }),
            Some(is) if was == is => {}
            Some(is) => member(path, (was, is), changes),
        }
    }
    for (name, is) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        changes.push(Change { path: joined(above, name), what: What::Create(is.clone()) });
    }
}

fn member(path: String, (was, is): (&Value, &Value), changes: &mut Vec<Change>) {
    match (was, is) {
        // An object that becomes empty, or is no longer, is told by its members.
        (Value::Object(was), Value::Object(is)) => members(&path, was, is, changes),
        (Value::Array(was), Value::Array(is)) => {
            changes.push(Change { path, what: What::Array(elements(was, is)) });
        }
        _ => {
            let (before, after) = (was.clone(), is.clone());
            changes.push(Change { path, what: What::Modify { before, after } });
        }
    }
}

fn elements(before: &[Value], after: &[Value]) -> Vec<Change> {
    let longer = before.len().max(after.len());
    let different = (0..longer).filter_map(|at| {
        let what = match (before.get(at), after.get(at)) {
            (Some(was), Some(is)) if was == is => return None,
            (Some(was), Some(is)) => element(was, is),
            (Some(was), None) => What::Delete(was.clone()),
            (None, Some(is)) => What::Create(is.clone()),
            (None, None) => return None,
        };
        Some(Change { path: at.to_string(), what })
    });
    different.collect()
}

fn element(was: &Value, is: &Value) -> What {
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => What::Inside(delta(was, is)),
        (Value::Array(was), Value::Array(is)) => What::Array(elements(was, is)),
        _ => What::Modify { before: was.clone(), after: is.clone() },
    }
}

/// A path and one more name. A name that would read as a piece of a path is put in brackets.
fn joined(above: &str, name: &str) -> String {
    let plain = !name.is_empty() && !name.contains(['.', '[', ']', '\'']);
    match (plain, above.is_empty()) {
        (true, true) => name.to_owned(),
        (true, false) => format!("{above}.{name}"),
        (false, _) => format!("{above}['{}']", name.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests;
