//! The values that a condition names: as they stand, or by a parameter.

use std::borrow::Cow;

use serde_json::Value;

use super::{Unread, cut};
use crate::parameters::Values;

/// A value, or where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Literal(Value),
    /// `[parameters('x')]`.
    Parameter(String),
    List(Vec<Self>),
}

impl Term {
    /// Reads a value of a rule. Text in brackets is an expression, and the one that Fyr knows
    /// names a parameter; two brackets in front stand for one that is meant.
    pub fn read(value: &Value) -> Result<Self, Unread> {
        match value {
            Value::String(text) => Self::text(text),
            Value::Array(all) => {
                all.iter().map(Self::read).collect::<Result<_, _>>().map(Self::List)
            }
            Value::Object(members) if !members.is_empty() => {
                Err(Unread::Unknown("a value that is an object".to_owned()))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                Ok(Self::Literal(value.clone()))
            }
        }
    }

    fn text(text: &str) -> Result<Self, Unread> {
        let literal = |text: &str| Ok(Self::Literal(text.into()));
        if let Some(rest) = text.strip_prefix("[[") {
            return literal(&format!("[{rest}"));
        }
        let Some(inner) = text.strip_prefix('[').and_then(|it| it.strip_suffix(']')) else {
            return literal(text);
        };
        let found = parameter(inner).map(Self::Parameter);
        found.ok_or_else(|| Unread::Unknown(format!("the expression `[{}]`", cut(inner))))
    }

    /// What it is once the parameters are known.
    pub fn value<'a>(&'a self, values: &'a Values) -> Cow<'a, Value> {
        match self {
            Self::Literal(value) => Cow::Borrowed(value),
            Self::Parameter(name) => Cow::Borrowed(values.get(name)),
            Self::List(all) => {
                let each = all.iter().map(|it| it.value(values).into_owned());
                Cow::Owned(Value::Array(each.collect()))
            }
        }
    }

    /// Adds the parameters that it names.
    pub(super) fn parameters<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Self::Literal(_) => {}
            Self::Parameter(name) => found.push(name),
            Self::List(all) => all.iter().for_each(|it| it.parameters(found)),
        }
    }
}

/// The name in `parameters('name')`.
fn parameter(expression: &str) -> Option<String> {
    const CALL: &str = "parameters";
    let text = expression.trim();
    let name = text.get(..CALL.len()).filter(|it| it.eq_ignore_ascii_case(CALL))?;
    let inner = text.get(name.len()..)?.trim().strip_prefix('(')?.strip_suffix(')')?.trim();
    let name = inner.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(name.to_owned()).filter(|it| !it.is_empty() && !it.contains('\''))
}
