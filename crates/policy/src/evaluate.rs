//! Whether a condition is met, and by what.

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    budget::{Budget, Spent},
    condition::{Condition, Operand, Operator, Test},
    parameters::Values,
    subject::Subject,
};

mod compare;

/// So many tests are told of in an answer, and so many elements of what they compare.
const TOLD_MAX: usize = 50;
/// And so much of a text.
const TOLD_CHARS_MAX: usize = 1_024;

/// One test, as it came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    pub met: bool,
    /// `Field` or `Value`.
    pub kind: &'static str,
    /// The field's name, or what stood for the value.
    pub expression: String,
    pub path: String,
    /// What was compared, and with what; of long ones, the beginning.
    pub value: Value,
    pub target: Value,
    pub operator: Operator,
}

/// Whether the subject meets the condition, with the tests that were made until that was clear.
pub fn evaluate(
    condition: &Condition,
    subject: &Subject,
    values: &Values,
    budget: &mut Budget,
) -> Result<(bool, Vec<Tested>), Spent> {
    let mut evaluation = Evaluation { subject, values, budget, tested: Vec::new() };
    let met = evaluation.meets(condition)?;
    Ok((met, evaluation.tested))
}

struct Evaluation<'a> {
    subject: &'a Subject,
    values: &'a Values,
    budget: &'a mut Budget,
    tested: Vec<Tested>,
}

impl Evaluation<'_> {
    fn meets(&mut self, condition: &Condition) -> Result<bool, Spent> {
        match condition {
            Condition::All(inner) => Ok(!self.one_comes_to(false, inner)?),
            Condition::Any(inner) => self.one_comes_to(true, inner),
            Condition::Not(inner) => Ok(!self.meets(inner)?),
            Condition::Test(test) => self.test(test),
        }
    }

    fn one_comes_to(&mut self, wanted: bool, inner: &[Condition]) -> Result<bool, Spent> {
        for it in inner {
            if self.meets(it)? == wanted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn test(&mut self, test: &Test) -> Result<bool, Spent> {
        let of_target = self.budget.spend_on_term(&test.target, self.values)?;
        let target = test.target.value(self.values);
        let value = match &test.of {
            Operand::Field(field) => Cow::Owned(self.subject.field(field)),
            Operand::Value(term) => {
                self.budget.spend_on_term(term, self.values)?;
                term.value(self.values)
            }
        };
        let of_value = self.budget.spend_on(&value)?;
        // One of a list is compared with each of the other.
        let each = of_value.saturating_mul(length(&target));
        self.budget.spend(each.saturating_add(of_target.saturating_mul(length(&value))))?;
        let met = compare::compare(test.operator, &value, &target);
        if self.tested.len() < TOLD_MAX {
            self.tested.push(tell(test, met, (&value, &target)));
        }
        Ok(met)
    }
}

fn length(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

fn tell(test: &Test, met: bool, (value, target): (&Value, &Value)) -> Tested {
    let (value, target) = (shortened(value), shortened(target));
    let (kind, expression, path) = match &test.of {
        Operand::Field(field) => ("Field", field.name(), field.path()),
        Operand::Value(_) => ("Value", shown(&value), String::new()),
    };
    Tested { met, kind, expression, path, value, target, operator: test.operator }
}

/// The beginning of what an answer would otherwise repeat at length.
fn shortened(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        Value::String(text) => text.chars().take(TOLD_CHARS_MAX).collect::<String>().into(),
        Value::Array(all) => all.iter().take(TOLD_MAX).map(shortened).collect(),
        Value::Object(members) => {
            let few = members.iter().take(TOLD_MAX);
            few.map(|(name, it)| (name.clone(), shortened(it))).collect()
        }
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
