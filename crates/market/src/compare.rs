//! What differs between an offer's draft and what is previewed or live, field by field.

mod fields;

use std::collections::BTreeMap;

use model::market::form::Form;

/// One field in both forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// As a path of members. What has a name of its own is called by it, so that moving it up or
    /// down is no change: `plans[core].manifests[1.0.0].tenantId`.
    pub field: String,
    pub change: Change,
}

/// What became of a field. Values are as a person reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Added(String),
    Removed(String),
    Edited { before: String, after: String },
    Unchanged(String),
}

impl Change {
    /// Whether there is anything to publish.
    pub fn is_modified(&self) -> bool {
        match self {
            Self::Added(_) | Self::Removed(_) | Self::Edited { .. } => true,
            Self::Unchanged(_) => false,
        }
    }
}

/// Every field that has a value on one side or the other: in the draft's order, and after them
/// what only the published form has. Where leads go is compared without what may be a key. Offers
/// that were never published are compared with [`Form::default`].
pub fn compare(published: &Form, draft: &Form) -> Vec<Difference> {
    let (before, after) = (fields::of(published), fields::of(draft));
    let old: BTreeMap<&str, &str> =
        before.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect();
    let new: BTreeMap<&str, &str> =
        after.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect();
    let told = |(field, value): &(String, String)| {
        let change = match old.get(field.as_str()) {
            None => Change::Added(value.clone()),
            Some(before) if before == value => Change::Unchanged(value.clone()),
            Some(before) => Change::Edited { before: (*before).to_owned(), after: value.clone() },
        };
        Difference { field: field.clone(), change }
    };
    let is_gone = |(field, _): &&(String, String)| !new.contains_key(field.as_str());
    let gone = |(field, value): &(String, String)| Difference {
        field: field.clone(),
        change: Change::Removed(value.clone()),
    };
    after.iter().map(told).chain(before.iter().filter(is_gone).map(gone)).collect()
}

#[cfg(test)]
mod tests;
