//! The functions of the language: one table, an entry each.

mod array;
mod catalogue;
mod cidr;
mod date;
mod deployment;
mod format;
mod hash;
mod lambda;
mod logical;
mod numeric;
mod object;
mod resource;
mod string;
mod uri;
mod zones;

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Map, Value};

use crate::{
    budget::{Held, fits},
    evaluate::{Evaluated, Evaluator, Frame, Refused, Stopped},
    expression::{Call, Expression},
    json::{echo, kind},
};

/// Actions are words; what is longer is no action's name, and must not fill messages.
const LIST_NAME_MAX: usize = 64;
/// As many arguments as an expression can hold.
const MANY: usize = usize::MAX;

/// A function of values alone.
type Pure = fn(&Given<'_>) -> Result<Value, Refused>;
/// A function that sees where it is called, or evaluates its arguments itself.
type Scoped = fn(&Calling<'_, '_>) -> Evaluated;

struct Function {
    name: &'static str,
    arguments_min: usize,
    arguments_max: usize,
    body: Body,
}

enum Body {
    Pure(Pure),
    Scoped(Scoped),
}

const fn pure(name: &'static str, min: usize, max: usize, body: Pure) -> Function {
    Function { name, arguments_min: min, arguments_max: max, body: Body::Pure(body) }
}

const fn scoped(name: &'static str, min: usize, max: usize, body: Scoped) -> Function {
    Function { name, arguments_min: min, arguments_max: max, body: Body::Scoped(body) }
}

static FAMILIES: &[&[Function]] = &[
    array::FUNCTIONS,
    catalogue::FUNCTIONS,
    cidr::FUNCTIONS,
    date::FUNCTIONS,
    deployment::FUNCTIONS,
    lambda::FUNCTIONS,
    logical::FUNCTIONS,
    numeric::FUNCTIONS,
    object::FUNCTIONS,
    resource::FUNCTIONS,
    string::FUNCTIONS,
    uri::FUNCTIONS,
    zones::FUNCTIONS,
];

static BY_NAME: LazyLock<HashMap<String, &'static Function>> = LazyLock::new(|| {
    let all = FAMILIES.iter().flat_map(|family| family.iter());
    all.map(|function| (function.name.to_ascii_lowercase(), function)).collect()
});

/// Names of all functions, for the coverage test and for documentation. Any name that begins with
/// `list` is one, too.
pub fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().flat_map(|family| family.iter()).map(|function| function.name)
}

/// Calls a built-in function.
pub(crate) fn call(evaluator: &Evaluator<'_>, call: &Call, frame: &Frame) -> Evaluated {
    let function = find(call)?;
    let calling = Calling { evaluator, frame, name: &call.name, arguments: &call.arguments };
    match function.body {
        Body::Scoped(body) => body(&calling),
        Body::Pure(body) => {
            let values = calling.values()?;
            // What a function makes is at most a small multiple of what it is given; those that
            // multiply ask for themselves.
            let bytes = values.iter().map(Held::bytes).fold(0, usize::saturating_add);
            fits(bytes)?;
            evaluator.budget.work(bytes)?;
            let result = body(&Given { name: function.name, values: &values })?;
            Ok(evaluator.budget.hold(result)?)
        }
    }
}

/// Whether a built-in function of that name takes so many arguments.
pub(crate) fn exists(call: &Call) -> Result<(), Refused> {
    find(call).map(drop)
}

fn find(call: &Call) -> Result<&'static Function, Refused> {
    let name = call.name.to_ascii_lowercase();
    let found = BY_NAME.get(&name).copied();
    let list = || {
        let named = name.starts_with("list") && name.len() <= LIST_NAME_MAX;
        named.then_some(&resource::LIST)
    };
    let function = found.or_else(list).ok_or_else(|| Refused::NoFunction(echo(&call.name)))?;
    arity(function, &call.name, call.arguments.len())?;
    Ok(function)
}

fn arity(function: &Function, name: &str, given: usize) -> Result<(), Refused> {
    let (min, max) = (function.arguments_min, function.arguments_max);
    if (min..=max).contains(&given) {
        return Ok(());
    }
    let expected = match max {
        MANY => format!("at least {min}"),
        _ if min == max => min.to_string(),
        _ => format!("between {min} and {max}"),
    };
    Err(Refused::Arity { function: echo(name), expected, given })
}

/// A call whose arguments are still expressions.
pub(crate) struct Calling<'a, 'e> {
    evaluator: &'a Evaluator<'e>,
    frame: &'a Frame,
    /// As the template spells it.
    name: &'a str,
    arguments: &'a [Expression],
}

impl Calling<'_, '_> {
    fn values(&self) -> Result<Vec<Held>, Stopped> {
        self.evaluator.arguments(self.arguments, self.frame)
    }

    fn argument(&self, index: usize) -> Evaluated {
        let missing = || Refused::argument(self.name, "an argument is missing");
        let argument = self.arguments.get(index).ok_or_else(missing)?;
        self.evaluator.expression(argument, self.frame)
    }

    /// An evaluated argument that must be text, where it is there and not null.
    fn text_of<'h>(&self, values: &'h [Held], index: usize) -> Result<Option<&'h str>, Refused> {
        match values.get(index).map(Held::value) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(
                other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)),
            ) => Err(self.wrong("String", other)),
        }
    }

    fn wrong(&self, expected: &'static str, value: &Value) -> Refused {
        Refused::Type { function: self.name.to_owned(), expected, given: kind(value) }
    }

    /// An argument that must be text.
    fn name_at(&self, index: usize) -> Result<String, Stopped> {
        let name = self.argument(index)?;
        let text = name.value().as_str().map(str::to_owned);
        Ok(text.ok_or_else(|| self.wrong("String", name.value()))?)
    }

    fn hold(&self, value: Value) -> Evaluated {
        Ok(self.evaluator.budget.hold(value)?)
    }

    fn not_here(&self) -> Refused {
        Refused::NotHere(self.name.to_owned())
    }
}

/// The evaluated arguments of a function.
pub(crate) struct Given<'a> {
    name: &'static str,
    values: &'a [Held],
}

impl<'a> Given<'a> {
    fn all(&self) -> impl Iterator<Item = &'a Value> {
        self.values.iter().map(Held::value)
    }

    fn get(&self, index: usize) -> Option<&'a Value> {
        self.values.get(index).map(Held::value)
    }

    fn value(&self, index: usize) -> &'a Value {
        self.get(index).unwrap_or(&Value::Null)
    }

    fn text(&self, index: usize) -> Result<&'a str, Refused> {
        let value = self.value(index);
        value.as_str().ok_or_else(|| self.wrong("String", value))
    }

    fn texts(&self) -> Result<Vec<&'a str>, Refused> {
        (0..self.values.len()).map(|index| self.text(index)).collect()
    }

    fn integer(&self, index: usize) -> Result<i64, Refused> {
        let value = self.value(index);
        value.as_i64().ok_or_else(|| self.wrong("Integer", value))
    }

    fn boolean(&self, index: usize) -> Result<bool, Refused> {
        let value = self.value(index);
        value.as_bool().ok_or_else(|| self.wrong("Boolean", value))
    }

    fn array(&self, index: usize) -> Result<&'a Vec<Value>, Refused> {
        let value = self.value(index);
        value.as_array().ok_or_else(|| self.wrong("Array", value))
    }

    fn object(&self, index: usize) -> Result<&'a Map<String, Value>, Refused> {
        let value = self.value(index);
        value.as_object().ok_or_else(|| self.wrong("Object", value))
    }

    fn wrong(&self, expected: &'static str, value: &Value) -> Refused {
        Refused::Type { function: self.name.to_owned(), expected, given: kind(value) }
    }

    fn refused(&self, problem: impl Into<String>) -> Refused {
        Refused::argument(self.name, problem)
    }

    fn invalid(&self, problem: &'static str) -> Refused {
        Refused::Parameter { function: self.name.to_owned(), problem }
    }
}

#[cfg(test)]
mod tests;
