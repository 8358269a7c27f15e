//! Parameters: what the caller supplied, judged against what the template declares.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    context::{Context, NothingYet},
    document::{Parameter, Template},
    evaluate::{self, Evaluator, Frame, Place, Stopped},
    json::{Object, echo, kind, present},
    refused::Refused as TemplateRefused,
    schema::{self, Fitting, Mismatch, Secret},
};

/// Time and randomness for `utcNow()` and `newGuid()`, which only defaults may ask for.
#[derive(Clone, Copy)]
pub struct Fresh<'a> {
    pub now: Timestamp,
    pub new_guid: &'a dyn Fn() -> Uuid,
}

/// Values for all of a template's parameters, checked. Keep them with the deployment: defaults may
/// hold fresh ids, so binding twice need not give the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameters(pub Vec<(String, Value)>);

impl Parameters {
    /// A parameter's value, by name without regard to case.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// As a deployment shows them: `{name: {type, value}}`, secure values left out.
    pub fn shown(&self, template: &Template) -> Value {
        let shown = self.0.iter().filter_map(|(name, value)| {
            let declared = template.parameter(name)?;
            let kind = declared.kind.name();
            let shown = if declared.is_secret() {
                serde_json::json!({ "type": kind })
            } else {
                serde_json::json!({ "type": kind, "value": value })
            };
            Some((declared.name.clone(), shown))
        });
        Value::Object(shown.collect())
    }
}

/// What is wrong with the parameters as a whole, or with one of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    NotAnObject(&'static str),
    Unknown { given: Vec<String>, declared: Vec<String> },
    One { name: String, problem: Problem },
}

/// What is wrong with one parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    Missing,
    /// `{"reference": …}` to a key vault secret: the host must resolve it before binding.
    KeyVault,
    /// Neither a value nor a reference, but this.
    Member(String),
    /// The value is not of the parameter's type.
    Unfit(Mismatch),
    Default(evaluate::Refused),
    /// The request's own `expression`.
    Supplied(evaluate::Refused),
}

const SEE: &str = "Please see https://aka.ms/arm-create-parameter-file for usage details.";

impl Refused {
    /// The text, with the place (` at line '1' and column '5'`) where ARM shows it.
    pub(crate) fn describe(&self, at: &str) -> String {
        let (name, problem) = match self {
            Refused::NotAnObject(given) => {
                return format!(
                    "The template parameters must be of type 'Object'; the provided value is of \
                     type '{given}'. {SEE}"
                );
            }
            Refused::Unknown { given, declared } => {
                return format!(
                    "The template parameters '{}' in the parameters file are not valid; they are \
                     not present in the original template and can therefore not be provided at \
                     deployment time. The only supported parameters for this template are '{}'. \
                     Please see https://aka.ms/arm-pass-parameter-values for usage details.",
                    echo(&given.join(", ")),
                    echo(&declared.join(", "))
                );
            }
            Refused::One { name, problem } => (echo(name), problem),
        };
        let invalid =
            format!("The provided value for the template parameter '{name}'{at} is not valid.");
        match problem {
            Problem::Missing => {
                format!("The value for the template parameter '{name}'{at} is not provided. {SEE}")
            }
            Problem::KeyVault => format!(
                "The template parameter '{name}'{at} refers to a key vault secret that could not \
                 be retrieved."
            ),
            Problem::Member(member) => format!(
                "{invalid} It must hold a 'value' or a 'reference'; the property '{member}' is not \
                 supported. {SEE}"
            ),
            Problem::Unfit(mismatch) => unfit(&name, at, mismatch),
            Problem::Default(refused) => format!(
                "The default value for the template parameter '{name}'{at} is not valid: \
                 {refused}. {SEE}"
            ),
            Problem::Supplied(refused) => format!(
                "The provided expression for the template parameter '{name}'{at} is not valid: \
                 {refused}. {SEE}"
            ),
        }
    }

    /// Where in the template the trouble is declared.
    pub(crate) fn path(&self) -> Option<Vec<String>> {
        match self {
            Refused::One { name, .. } => Some(vec!["parameters".to_owned(), name.clone()]),
            Refused::NotAnObject(_) | Refused::Unknown { .. } => None,
        }
    }
}

fn unfit(name: &str, at: &str, Mismatch { path, problem }: &Mismatch) -> String {
    let invalid =
        format!("The provided value for the template parameter '{name}{path}'{at} is not valid.");
    match problem {
        schema::Problem::NotAllowed { given, allowed } => format!(
            "The provided value '{given}' for the template parameter '{name}{path}'{at} is not \
             valid. The parameter value is not part of the allowed value(s): '{allowed}'."
        ),
        schema::Problem::Type { .. }
        | schema::Problem::Bound { .. }
        | schema::Problem::Absent(_)
        | schema::Problem::Unexpected(_)
        | schema::Problem::NoVariant { .. }
        | schema::Problem::TooMuch(_) => format!("{invalid} {problem} {SEE}"),
    }
}

/// Judges what a request supplied (`{name: {"value": …}}`) and fills in the defaults. Supplied
/// values are literal: brackets in them mean nothing.
pub fn bind(
    template: &Template,
    supplied: &Value,
    context: &Context,
    fresh: Fresh<'_>,
) -> Result<Parameters, TemplateRefused> {
    judge(template, supplied, context, fresh).map_err(TemplateRefused::Parameters)
}

fn judge(
    template: &Template,
    supplied: &Value,
    context: &Context,
    fresh: Fresh<'_>,
) -> Result<Parameters, Refused> {
    let nothing = Object::new();
    let supplied = match supplied {
        Value::Null => &nothing,
        Value::Object(supplied) => supplied,
        other @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            return Err(Refused::NotAnObject(kind(other)));
        }
    };
    all_declared(template, supplied)?;
    let mut evaluator = Evaluator::new(template, context, &NothingYet);
    evaluator.fresh = Some(fresh);
    for parameter in &template.parameters {
        let placed = |problem| Refused::One { name: parameter.name.clone(), problem };
        let value = match given(parameter, supplied).map_err(placed)? {
            None => continue,
            Some(Given::Value(value)) => value,
            Some(Given::Expression(text)) => computed(&evaluator, &text).map_err(placed)?,
        };
        let supply = evaluator.supply(&parameter.name, value);
        supply.map_err(|refused| placed(Problem::Default(refused)))?;
    }
    let values = template.parameters.iter().map(|parameter| {
        let value = value(parameter, &evaluator);
        let placed = |problem| Refused::One { name: parameter.name.clone(), problem };
        value.map(|value| (parameter.name.clone(), value)).map_err(placed)
    });
    values.collect::<Result<_, _>>().map(Parameters)
}

fn all_declared(template: &Template, supplied: &Object) -> Result<(), Refused> {
    let unknown: Vec<String> =
        supplied.keys().filter(|name| template.parameter(name).is_none()).cloned().collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let declared = template.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    Err(Refused::Unknown { given: unknown, declared })
}

/// What a parameter file may say of one parameter. Anything else would be left unheard, and a
/// default stand in for it.
const MEMBERS: [&str; 4] = ["value", "reference", "expression", "metadata"];

/// What a request says of a parameter.
enum Given {
    Value(Value),
    /// `[…]`, about what else the request brought.
    Expression(String),
}

/// The supplied value; null counts as not supplied, unless there is no default to stand in.
fn given(parameter: &Parameter, supplied: &Object) -> Result<Option<Given>, Problem> {
    let Some(raw) = present(supplied, &parameter.name) else {
        return absent(parameter);
    };
    let wrong = schema::Problem::Type { expected: "Object", given: kind(raw) };
    let raw = raw.as_object().ok_or(Problem::Unfit(Mismatch::whole(wrong)))?;
    if let Some(member) =
        raw.keys().find(|name| !MEMBERS.iter().any(|it| it.eq_ignore_ascii_case(name)))
    {
        return Err(Problem::Member(echo(member)));
    }
    let expression = present(raw, "expression").and_then(Value::as_str);
    match (present(raw, "value"), expression) {
        (Some(value), _) => Ok(Some(Given::Value(value.clone()))),
        (None, _) if present(raw, "reference").is_some() => Err(Problem::KeyVault),
        (None, Some(text)) => Ok(Some(Given::Expression(text.to_owned()))),
        (None, None) => absent(parameter),
    }
}

/// The value of a request's own expression, which sees `externalInputs` and nothing of the
/// template.
fn computed(evaluator: &Evaluator<'_>, text: &str) -> Result<Value, Problem> {
    let value = evaluator.value(&Value::from(text), &Frame::new(Place::Supplied));
    value.map_err(|stopped| match stopped {
        Stopped::Refused(refused) => Problem::Supplied(refused),
        Stopped::NotYet(id) => Problem::Supplied(evaluate::Refused::NoResource(id)),
    })
}

fn absent(parameter: &Parameter) -> Result<Option<Given>, Problem> {
    match (&parameter.default, parameter.nullable) {
        (Some(_), _) => Ok(None),
        (None, true) => Ok(Some(Given::Value(Value::Null))),
        (None, false) => Err(Problem::Missing),
    }
}

fn value(parameter: &Parameter, evaluator: &Evaluator<'_>) -> Result<Value, Problem> {
    let held = evaluator.parameter(&parameter.name).map_err(|stopped| match stopped {
        Stopped::Refused(refused) => Problem::Default(refused),
        Stopped::NotYet(id) => Problem::Default(evaluate::Refused::NoResource(id)),
    })?;
    let value = held.value();
    let secret = if parameter.is_secret() { Secret::Yes } else { Secret::No };
    let definitions = &evaluator.template.definitions;
    let fitting = Fitting { definitions, budget: &evaluator.budget, secret };
    fitting.check(&parameter.raw, value, "").map_err(Problem::Unfit)?;
    Ok(value.clone())
}

#[cfg(test)]
mod tests;
