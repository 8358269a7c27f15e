//! Evaluates every string of a JSON value, and its loops.

use serde_json::Value;

use crate::{
    budget::measure,
    copy::Copy,
    evaluate::{Evaluator, Frame, Place, Refused, Stopped, Turn},
    expression::{self, Text},
    json::{Object, kind},
};

/// Remembers that something must wait, while its siblings are still evaluated: so every resource
/// that a piece of a template refers to becomes known at once.
#[derive(Default)]
pub(crate) struct Waiting(Option<String>);

impl Waiting {
    /// The value, if it is there; a refusal ends everything.
    pub(crate) fn note<T>(&mut self, outcome: Result<T, Stopped>) -> Result<Option<T>, Stopped> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(Stopped::NotYet(id)) => {
                self.0 = Some(id);
                Ok(None)
            }
            Err(refused @ Stopped::Refused(_)) => Err(refused),
        }
    }

    pub(crate) fn or<T>(self, value: T) -> Result<T, Stopped> {
        self.0.map_or(Ok(value), |id| Err(Stopped::NotYet(id)))
    }
}

impl Evaluator<'_> {
    /// The value of a piece of a template.
    pub(crate) fn value(&self, raw: &Value, frame: &Frame) -> Result<Value, Stopped> {
        self.budget.step()?;
        match raw {
            Value::String(string) => self.string(string, frame),
            Value::Array(elements) => {
                let _entered = self.budget.enter()?;
                let mut waiting = Waiting::default();
                let mut values = Vec::with_capacity(elements.len());
                for element in elements {
                    values.extend(waiting.note(self.value(element, frame))?);
                }
                waiting.or(Value::Array(values))
            }
            Value::Object(members) => {
                let _entered = self.budget.enter()?;
                self.object(members, frame).map(Value::Object)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                self.budget.spend(measure(raw, 0)?)?;
                Ok(raw.clone())
            }
        }
    }

    fn string(&self, string: &str, frame: &Frame) -> Result<Value, Stopped> {
        let value = match expression::text(string) {
            Text::Literal(literal) => {
                self.budget.spend(literal.len())?;
                Value::from(literal)
            }
            Text::Expression(text) => {
                let held = self.text(text, frame)?;
                self.budget.spend(held.bytes())?;
                held.value().clone()
            }
        };
        Ok(if frame.escaping { escaped(value) } else { value })
    }

    fn object(&self, members: &Object, frame: &Frame) -> Result<Object, Stopped> {
        let mut object = Object::new();
        let mut waiting = Waiting::default();
        for (key, raw) in members {
            let loops = may_copy(frame.place) && key.eq_ignore_ascii_case("copy");
            match Copy::all(raw).filter(|_| loops) {
                Some(copies) => {
                    for copy in copies {
                        let elements = waiting.note(self.repeat(copy, frame))?;
                        let named = elements.map(|all| (copy.name.to_owned(), Value::Array(all)));
                        object.extend(named);
                    }
                }
                None => object.extend(waiting.note(self.member(key, raw, frame))?.flatten()),
            }
        }
        waiting.or(object)
    }

    /// One evaluated member, unless it counts as absent.
    pub(crate) fn member(
        &self,
        key: &str,
        raw: &Value,
        frame: &Frame,
    ) -> Result<Option<(String, Value)>, Stopped> {
        let key = match expression::text(key) {
            Text::Literal(literal) => literal.to_owned(),
            Text::Expression(text) => {
                let held = self.text(text, frame)?;
                let key = held.value().as_str().map(str::to_owned);
                key.ok_or_else(|| Refused::Key(kind(held.value())))?
            }
        };
        self.budget.spend(key.len())?;
        let key = if frame.escaping { expression::escape(&key) } else { key };
        let value = self.value(raw, frame)?;
        let absent = value.is_null() && frame.place == Place::Body;
        Ok((!absent).then_some((key, value)))
    }

    /// The elements of a property, variable or output loop.
    pub(crate) fn repeat(&self, copy: Copy<'_>, frame: &Frame) -> Result<Vec<Value>, Stopped> {
        let _entered = self.budget.enter()?;
        let named_only = !copy.name.is_empty();
        let mut waiting = Waiting::default();
        let mut elements = Vec::new();
        for index in 0..self.count(copy.count, frame)? {
            let turn = Turn { name: copy.name.to_owned(), index, named_only };
            elements.extend(waiting.note(self.value(copy.input, &frame.with_turn(turn)))?);
        }
        waiting.or(elements)
    }
}

/// Variables and resources may have `copy` arrays; elsewhere `copy` is a name like any other.
fn may_copy(place: Place) -> bool {
    matches!(place, Place::Body | Place::Variable)
}

/// A value as a template writes it.
fn escaped(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(expression::escape(&text)),
        Value::Array(elements) => elements.into_iter().map(escaped).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(key, member)| (expression::escape(&key), escaped(member)))
            .collect(),
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_)) => scalar,
    }
}
