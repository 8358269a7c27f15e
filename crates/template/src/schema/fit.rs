//! Whether a value is of a type.

use std::collections::HashSet;

use serde_json::Value;

use super::{Definitions, Described};
use crate::{
    budget::Budget,
    document::Kind,
    evaluate::Refused,
    json::{Object, canonical, echo, kind, member, present},
};

/// Looks that one check takes at the members of a type.
const LOOKS: usize = 12;

/// Where in a value something does not fit, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// From the whole value: `.name[0]`.
    pub path: String,
    pub problem: Problem,
}

/// Why a value is not of a type.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    #[error("Expected a value of type '{expected}', but received a value of type '{given}'.")]
    Type { expected: &'static str, given: &'static str },
    #[error("The value '{given}' is not part of the allowed value(s): '{allowed}'.")]
    NotAllowed { given: String, allowed: String },
    #[error("{what} should be {relation} '{limit}'.")]
    Bound { what: &'static str, relation: &'static str, limit: String },
    /// A property or an element that must be there.
    #[error("It must have '{0}'.")]
    Absent(String),
    /// A property or an element that must not.
    #[error("It must not have '{0}'.")]
    Unexpected(String),
    /// None of the types that a discriminator chooses from.
    #[error("Its '{property}' must be one of '{known}'.")]
    NoVariant { property: String, known: String },
    #[error(transparent)]
    TooMuch(Refused),
}

impl Mismatch {
    /// The whole value is wrong.
    pub(crate) fn whole(problem: Problem) -> Self {
        Self { path: String::new(), problem }
    }
}

/// A check of one value and all in it.
pub(crate) struct Fitting<'a> {
    pub(crate) definitions: &'a Definitions,
    pub(crate) budget: &'a Budget,
    /// Whether the value must not be repeated in a message.
    pub(crate) secret: Secret,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secret {
    Yes,
    No,
}

type Fits = Result<(), Mismatch>;

impl Fitting<'_> {
    /// Whether the value is of the type that `raw` describes.
    pub(crate) fn check(&self, raw: &Object, value: &Value, path: &str) -> Fits {
        let described = self.plain(raw, value, path)?;
        match described.get("discriminator").and_then(Value::as_object) {
            Some(discriminator) if !value.is_null() => self.variant(discriminator, value, path),
            Some(_) | None => Ok(()),
        }
    }

    /// The same without the choice that a discriminator makes: a choice does not choose again.
    fn plain<'s>(
        &'s self,
        raw: &'s Object,
        value: &Value,
        path: &str,
    ) -> Result<Described<'s>, Mismatch> {
        let wrong = |problem| Mismatch { path: path.to_owned(), problem };
        let described = self.definitions.described(raw);
        let looked = self.budget.search(described.members().saturating_mul(LOOKS));
        looked.map_err(|refused| wrong(Problem::TooMuch(refused)))?;
        if value.is_null() && described.is_nullable() {
            return Ok(described);
        }
        if let Some(expected) = described.kind() {
            self.of_kind(expected, &described, value).map_err(wrong)?;
        }
        match value {
            Value::Object(members) => self.members(&described, members, path)?,
            Value::Array(elements) => self.elements(&described, elements, path)?,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        Ok(described)
    }

    fn of_kind(&self, own: Kind, described: &Described<'_>, value: &Value) -> Result<(), Problem> {
        if !own.takes(value) {
            return Err(Problem::Type { expected: own.expected(), given: kind(value) });
        }
        if let Some(allowed) = described.get("allowedValues").and_then(Value::as_array)
            && !self.is_allowed(value, allowed)?
        {
            let allowed: Vec<String> = allowed.iter().map(shown).collect();
            let hidden = own.is_secure() || self.secret == Secret::Yes;
            let given = if hidden { String::new() } else { shown(value) };
            let (given, allowed) = (echo(&given), echo(&allowed.join(",")));
            return Err(Problem::NotAllowed { given, allowed });
        }
        let signed = |name| described.get(name).and_then(Value::as_i64);
        let unsigned = |name| described.get(name).and_then(Value::as_u64);
        if own == Kind::Int {
            bounded("The value", value.as_i64(), signed("minValue"), signed("maxValue"))
        } else {
            let what = "Length of the value";
            bounded(what, length(value), unsigned("minLength"), unsigned("maxLength"))
        }
    }

    /// One of the allowed values; an array may hold any of them.
    fn is_allowed(&self, value: &Value, allowed: &[Value]) -> Result<bool, Problem> {
        let allowed: HashSet<String> = allowed.iter().map(canonical).collect();
        let bytes = allowed.iter().map(String::len).sum();
        self.budget.work(bytes).map_err(Problem::TooMuch)?;
        let has = |element| allowed.contains(&canonical(element));
        Ok(has(value) || value.as_array().is_some_and(|elements| elements.iter().all(has)))
    }

    fn members(&self, described: &Described<'_>, members: &Object, path: &str) -> Fits {
        let wrong = |problem| Mismatch { path: path.to_owned(), problem };
        let nothing = Object::new();
        let properties = described.get("properties").and_then(Value::as_object);
        let properties = properties.unwrap_or(&nothing);
        let looks = members.len().saturating_mul(properties.len().max(1));
        self.budget.search(looks).map_err(|refused| wrong(Problem::TooMuch(refused)))?;
        for (name, raw) in properties {
            let Some(raw) = raw.as_object() else { continue };
            match present(members, name) {
                Some(value) => self.check(raw, value, &format!("{path}.{}", echo(name)))?,
                None if self.definitions.described(raw).is_nullable() => {}
                None => return Err(wrong(Problem::Absent(echo(name)))),
            }
        }
        let others = members.iter().filter(|(name, _)| member(properties, name).is_none());
        for (name, value) in others {
            match described.get("additionalProperties") {
                Some(Value::Bool(false)) => return Err(wrong(Problem::Unexpected(echo(name)))),
                Some(Value::Object(raw)) => {
                    self.check(raw, value, &format!("{path}.{}", echo(name)))?;
                }
                Some(
                    Value::Null
                    | Value::Bool(true)
                    | Value::Number(_)
                    | Value::String(_)
                    | Value::Array(_),
                )
                | None => {}
            }
        }
        Ok(())
    }

    fn elements(&self, described: &Described<'_>, elements: &[Value], path: &str) -> Fits {
        let wrong = |problem| Mismatch { path: path.to_owned(), problem };
        let nothing = Vec::new();
        let first = described.get("prefixItems").and_then(Value::as_array).unwrap_or(&nothing);
        for (index, raw) in first.iter().enumerate() {
            let Some(raw) = raw.as_object() else { continue };
            match elements.get(index) {
                Some(value) => self.check(raw, value, &format!("{path}[{index}]"))?,
                None if self.definitions.described(raw).is_nullable() => {}
                None => return Err(wrong(Problem::Absent(index.to_string()))),
            }
        }
        for (index, value) in elements.iter().enumerate().skip(first.len()) {
            match described.get("items") {
                Some(Value::Bool(false)) => {
                    return Err(wrong(Problem::Unexpected(index.to_string())));
                }
                Some(Value::Object(raw)) => self.check(raw, value, &format!("{path}[{index}]"))?,
                Some(
                    Value::Null
                    | Value::Bool(true)
                    | Value::Number(_)
                    | Value::String(_)
                    | Value::Array(_),
                )
                | None => break,
            }
        }
        Ok(())
    }

    /// The type that one of the value's own properties chooses.
    fn variant(&self, discriminator: &Object, value: &Value, path: &str) -> Fits {
        let property = present(discriminator, "propertyName").and_then(Value::as_str);
        let mapping = present(discriminator, "mapping").and_then(Value::as_object);
        let (Some(property), Some(mapping)) = (property, mapping) else {
            return Ok(());
        };
        let chosen = value.as_object().and_then(|members| present(members, property));
        let variant = chosen.and_then(Value::as_str).and_then(|name| mapping.get(name));
        let Some(raw) = variant.and_then(Value::as_object) else {
            let known: Vec<&str> = mapping.keys().map(String::as_str).collect();
            let (property, known) = (echo(property), echo(&known.join(",")));
            let problem = Problem::NoVariant { property, known };
            return Err(Mismatch { path: path.to_owned(), problem });
        };
        self.plain(raw, value, path).map(drop)
    }
}

fn bounded<T: PartialOrd + ToString>(
    what: &'static str,
    actual: Option<T>,
    min: Option<T>,
    max: Option<T>,
) -> Result<(), Problem> {
    let bound = |relation, limit: T| Problem::Bound { what, relation, limit: limit.to_string() };
    match (actual, min, max) {
        (Some(actual), Some(min), _) if actual < min => Err(bound("greater than or equal to", min)),
        (Some(actual), _, Some(max)) if actual > max => Err(bound("less than or equal to", max)),
        _ => Ok(()),
    }
}

fn length(value: &Value) -> Option<u64> {
    let length = match value {
        Value::String(text) => text.encode_utf16().count(),
        Value::Array(elements) => elements.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    u64::try_from(length).ok()
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
