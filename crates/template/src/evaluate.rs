//! What an expression is worth: the evaluator, and why it may stop.

mod frame;
mod refused;
mod tree;

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use serde_json::Value;

use crate::{
    budget::{Budget, Held},
    context::{Context, Host},
    document::Template,
    expression::{self, Accessor, Call, Expression},
    functions,
    identity::Known,
    json::{echo, kind, member},
    parameters::Fresh,
};

pub use frame::Turn;
pub(crate) use frame::{Frame, Place};
pub use refused::{Refused, Resource, Stopped};
pub(crate) use tree::Waiting;

/// A parameter or variable on its way to a value.
enum Slot {
    Running,
    Done(Held),
}

/// One expansion: everything that expressions may ask for, and what they have cost so far.
pub(crate) struct Evaluator<'a> {
    pub(crate) template: &'a Template,
    pub(crate) context: &'a Context,
    pub(crate) host: &'a dyn Host,
    pub(crate) fresh: Option<Fresh<'a>>,
    /// The template's own resources, once their names are known.
    pub(crate) known: RefCell<Known>,
    /// Ids of own resources that expressions referred to by name.
    pub(crate) referred: RefCell<BTreeSet<String>>,
    pub(crate) budget: Budget,
    parameters: RefCell<HashMap<String, Slot>>,
    variables: RefCell<HashMap<String, Slot>>,
}

pub(crate) type Evaluated = Result<Held, Stopped>;

impl<'a> Evaluator<'a> {
    pub(crate) fn new(template: &'a Template, context: &'a Context, host: &'a dyn Host) -> Self {
        Self {
            template,
            context,
            host,
            fresh: None,
            known: RefCell::default(),
            referred: RefCell::default(),
            budget: Budget::default(),
            parameters: RefCell::default(),
            variables: RefCell::default(),
        }
    }

    /// States a parameter's value.
    pub(crate) fn supply(&self, name: &str, value: Value) -> Result<(), Refused> {
        let held = self.budget.hold(value)?;
        self.parameters.borrow_mut().insert(name.to_ascii_lowercase(), Slot::Done(held));
        Ok(())
    }

    /// The value of one expression.
    pub(crate) fn expression(&self, expression: &Expression, frame: &Frame) -> Evaluated {
        self.budget.step()?;
        let _entered = self.budget.enter()?;
        match expression {
            Expression::Text(text) => Ok(self.budget.hold(Value::from(text.as_str()))?),
            Expression::Integer(number) => Ok(self.budget.hold(Value::from(*number))?),
            Expression::Call(call) => self.call(call, frame),
            Expression::Access(..) => self.access(expression, frame),
        }
    }

    /// Parses and evaluates the text between the outer brackets.
    pub(crate) fn text(&self, text: &str, frame: &Frame) -> Evaluated {
        self.budget.work(text.len())?;
        let parsed = expression::parse(text).map_err(Refused::from)?;
        self.expression(&parsed, frame)
    }

    /// Evaluates all arguments, even after one that must wait, so that every resource an
    /// expression refers to becomes known at once.
    pub(crate) fn arguments(
        &self,
        arguments: &[Expression],
        frame: &Frame,
    ) -> Result<Vec<Held>, Stopped> {
        let mut values = Vec::with_capacity(arguments.len());
        let mut waiting = Waiting::default();
        for argument in arguments {
            values.extend(waiting.note(self.expression(argument, frame))?);
        }
        waiting.or(values)
    }

    pub(crate) fn parameter(&self, name: &str) -> Evaluated {
        self.slot(&self.parameters, name, || {
            let declared = self.template.parameter(name);
            let declared = declared.ok_or_else(|| Refused::NoParameter(echo(name)))?;
            let default = declared.default.as_ref();
            let default = default.ok_or_else(|| Refused::NoValue(echo(name)))?;
            self.value(default, &Frame::new(Place::ParameterDefault))
        })
    }

    pub(crate) fn variable(&self, name: &str) -> Evaluated {
        self.slot(&self.variables, name, || {
            let frame = Frame::new(Place::Variable);
            let wrap = |stopped| Refused::in_variable(name, stopped);
            if let Some(raw) = self.template.variable(name) {
                return self.value(raw, &frame).map_err(wrap);
            }
            let copy = self.template.variable_copy(name);
            let copy = copy.ok_or_else(|| Refused::NoVariable(echo(name)))?;
            self.repeat(copy, &frame).map(Value::Array).map_err(wrap)
        })
    }

    fn slot(
        &self,
        slots: &RefCell<HashMap<String, Slot>>,
        name: &str,
        compute: impl FnOnce() -> Result<Value, Stopped>,
    ) -> Evaluated {
        let key = name.to_ascii_lowercase();
        match slots.borrow().get(&key) {
            Some(Slot::Done(held)) => return Ok(held.clone()),
            Some(Slot::Running) => return Err(Refused::Circle(echo(name)).into()),
            None => {}
        }
        slots.borrow_mut().insert(key.clone(), Slot::Running);
        let held = compute().and_then(|value| Ok(self.budget.hold(value)?));
        match &held {
            Ok(held) => slots.borrow_mut().insert(key, Slot::Done(held.clone())),
            Err(_) => slots.borrow_mut().remove(&key),
        };
        held
    }

    fn call(&self, call: &Call, frame: &Frame) -> Evaluated {
        match &call.namespace {
            None => functions::call(self, call, frame),
            Some(namespace) => self.user_function(namespace, call, frame),
        }
    }

    fn user_function(&self, namespace: &str, call: &Call, frame: &Frame) -> Evaluated {
        let name = format!("{namespace}.{}", call.name);
        let function = self.template.function(&name);
        let function = function.ok_or_else(|| Refused::NoFunction(echo(&name)))?;
        if frame.place == Place::UserFunction {
            return Err(Refused::NotHere(echo(&name)).into());
        }
        let (expected, given) = (function.parameters.len(), call.arguments.len());
        if expected != given {
            let expected = expected.to_string();
            return Err(Refused::Arity { function: echo(&name), expected, given }.into());
        }
        let values = self.arguments(&call.arguments, frame)?;
        let mut inside = Frame::new(Place::UserFunction);
        inside.arguments = function.parameters.iter().cloned().zip(values).collect();
        let value = self.value(&function.output, &inside)?;
        Ok(self.budget.hold(value)?)
    }

    /// Walks a whole chain of accessors by reference, so that only its end is copied.
    fn access(&self, expression: &Expression, frame: &Frame) -> Evaluated {
        let mut root = expression;
        let mut accessors = Vec::new();
        while let Expression::Access(base, accessor) = root {
            accessors.push(accessor.as_ref());
            root = base;
        }
        let held = self.expression(root, frame)?;
        let mut at = held.value();
        for accessor in accessors.into_iter().rev() {
            at = match accessor {
                Accessor::Property(name) => self.property(at, name)?,
                Accessor::Index(index) => {
                    self.indexed(at, self.expression(index, frame)?.value())?
                }
            };
        }
        Ok(self.budget.hold(at.clone())?)
    }

    fn property<'v>(&self, value: &'v Value, name: &str) -> Result<&'v Value, Refused> {
        let Value::Object(members) = value else {
            return Err(Refused::NoMembers { property: echo(name), kind: kind(value) });
        };
        if !members.contains_key(name) {
            self.budget.search(members.len())?;
        }
        member(members, name).ok_or_else(|| {
            let names: Vec<&str> = members.keys().map(String::as_str).take(50).collect();
            Refused::NoProperty { property: echo(name), available: echo(&names.join(", ")) }
        })
    }

    fn indexed<'v>(&self, value: &'v Value, index: &Value) -> Result<&'v Value, Refused> {
        match (value, index) {
            (Value::Object(_), Value::String(name)) => self.property(value, name),
            (Value::Array(elements), Value::Number(number)) => {
                let at = number.as_u64().and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| elements.get(at)).ok_or_else(|| Refused::OutOfBounds {
                    index: number.to_string(),
                    length: elements.len(),
                })
            }
            (value, index) => Err(Refused::WrongIndex { value: kind(value), index: kind(index) }),
        }
    }
}

#[cfg(test)]
mod tests;
