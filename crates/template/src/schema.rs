//! Types that a template describes (language version 2.0): what may be in an object or an array,
//! and what is defined once under `definitions` and referred to by `$ref`.

mod fit;

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    document::{Kind, Refused},
    json::{Object, echo, kind, present},
    limits::{READ_DEPTH_MAX, REFERENCES_MAX},
};

pub(crate) use fit::{Fitting, Secret};
pub use fit::{Mismatch, Problem};

/// What a reference begins with; the rest is a name under `definitions`.
const PREFIX: &str = "#/definitions/";

/// The types that a template defines, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Definitions(pub(crate) Object);

/// A type with all that its references lead to. What stands nearer wins.
pub(crate) struct Described<'a>(Vec<&'a Object>);

impl<'a> Described<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.iter().find_map(|raw| present(raw, name))
    }

    pub(crate) fn kind(&self) -> Option<Kind> {
        self.get("type").and_then(Value::as_str).and_then(Kind::read)
    }

    pub(crate) fn is_nullable(&self) -> bool {
        self.get("nullable").and_then(Value::as_bool).unwrap_or_default()
    }

    /// How many members a look at it goes through.
    fn members(&self) -> usize {
        self.0.iter().map(|raw| raw.len()).sum()
    }
}

impl Definitions {
    /// Follows references as far as they lead; [`Definitions::sound`] refuses those that lead
    /// nowhere.
    pub(crate) fn described<'a>(&'a self, raw: &'a Object) -> Described<'a> {
        let mut chain = vec![raw];
        let mut at = raw;
        while let Some(next) = reference(at).and_then(|name| self.named(name)) {
            if chain.len() > REFERENCES_MAX {
                break;
            }
            chain.push(next);
            at = next;
        }
        Described(chain)
    }

    fn named(&self, name: &str) -> Option<&Object> {
        self.0.get(name).and_then(Value::as_object)
    }

    /// Refuses a type that is none: of an unknown kind, or with a reference to nothing or to
    /// itself.
    pub(crate) fn sound(
        &self,
        what: &'static str,
        name: &str,
        raw: &Object,
    ) -> Result<(), Refused> {
        self.sound_within(what, name, raw, 0)
    }

    fn sound_within(
        &self,
        what: &'static str,
        name: &str,
        raw: &Object,
        depth: usize,
    ) -> Result<(), Refused> {
        if depth > READ_DEPTH_MAX {
            return Err(Refused::Reference { what, name: echo(name) });
        }
        self.leads_somewhere(what, name, raw)?;
        let given = present(raw, "type").and_then(Value::as_str).unwrap_or_default();
        let refers = present(raw, "$ref").is_some();
        if Kind::read(given).is_none() && !(given.is_empty() && refers) {
            return Err(Refused::Type { what, name: echo(name), given: echo(given) });
        }
        for inner in inner(raw) {
            let shape =
                || Refused::Shape { name: echo(name), expected: "Object", given: kind(inner) };
            let inner = inner.as_object().ok_or_else(shape)?;
            self.sound_within(what, name, inner, depth + 1)?;
        }
        Ok(())
    }

    fn leads_somewhere(&self, what: &'static str, name: &str, raw: &Object) -> Result<(), Refused> {
        let mut at = raw;
        for _ in 0..REFERENCES_MAX {
            if present(at, "$ref").is_none() {
                return Ok(());
            }
            let next = reference(at).and_then(|name| self.named(name));
            at = next.ok_or_else(|| Refused::Reference { what, name: echo(name) })?;
        }
        Err(Refused::Reference { what, name: echo(name) })
    }

    /// Whether a value of this type may hold a secret, wherever inside of it.
    pub(crate) fn is_secret(&self, raw: &Object) -> bool {
        let mut seen = HashSet::new();
        let mut left = vec![raw];
        while let Some(raw) = left.pop() {
            let kind = present(raw, "type").and_then(Value::as_str).and_then(Kind::read);
            if kind.is_some_and(Kind::is_secure) {
                return true;
            }
            if let Some(name) = reference(raw).filter(|name| seen.insert(*name)) {
                left.extend(self.named(name));
            }
            left.extend(inner(raw).into_iter().filter_map(Value::as_object));
        }
        false
    }
}

fn reference(raw: &Object) -> Option<&str> {
    present(raw, "$ref").and_then(Value::as_str)?.strip_prefix(PREFIX)
}

/// The types inside of a type.
fn inner(raw: &Object) -> Vec<&Value> {
    let mut all: Vec<&Value> = Vec::new();
    all.extend(values(present(raw, "properties")));
    let discriminator = present(raw, "discriminator").and_then(Value::as_object);
    all.extend(values(discriminator.and_then(|it| present(it, "mapping"))));
    let items = present(raw, "prefixItems").and_then(Value::as_array);
    all.extend(items.into_iter().flatten());
    let rest = ["items", "additionalProperties"].into_iter();
    all.extend(rest.filter_map(|name| present(raw, name)).filter(|it| !it.is_boolean()));
    all
}

fn values(members: Option<&Value>) -> impl Iterator<Item = &Value> {
    members.and_then(Value::as_object).into_iter().flat_map(|members| members.values())
}

#[cfg(test)]
mod tests;
