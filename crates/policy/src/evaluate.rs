//! Whether a condition is met, and by what.

use serde_json::Value;

use crate::{
    condition::{Condition, Operand, Operator, Test},
    parameters::Values,
    subject::Subject,
};

mod compare;

/// So many tests are told of in an answer; a policy may hold thousands.
const TOLD_MAX: usize = 50;

/// One test, as it came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    pub met: bool,
    /// `Field` or `Value`.
    pub kind: &'static str,
    /// The field's name, or what stood for the value.
    pub expression: String,
    pub path: String,
    pub value: Value,
    pub target: Value,
    pub operator: Operator,
}

/// Whether the subject meets the condition, with the tests that were made until that was clear.
pub fn evaluate(condition: &Condition, subject: &Subject, values: &Values) -> (bool, Vec<Tested>) {
    let mut tested = Vec::new();
    let met = Evaluation { subject, values }.meets(condition, &mut tested);
    (met, tested)
}

struct Evaluation<'a> {
    subject: &'a Subject,
    values: &'a Values,
}

impl Evaluation<'_> {
    fn meets(&self, condition: &Condition, tested: &mut Vec<Tested>) -> bool {
        match condition {
            Condition::All(inner) => inner.iter().all(|it| self.meets(it, tested)),
            Condition::Any(inner) => inner.iter().any(|it| self.meets(it, tested)),
            Condition::Not(inner) => !self.meets(inner, tested),
            Condition::Test(test) => {
                let it = self.test(test);
                let met = it.met;
                if tested.len() < TOLD_MAX {
                    tested.push(it);
                }
                met
            }
        }
    }

    fn test(&self, test: &Test) -> Tested {
        let target = test.target.value(self.values);
        let (kind, expression, path, value) = match &test.of {
            Operand::Field(field) => {
                ("Field", field.name(), field.path(), self.subject.field(field))
            }
            Operand::Value(term) => {
                let value = term.value(self.values);
                ("Value", shown(&value), String::new(), value)
            }
        };
        let met = compare::compare(test.operator, &value, &target);
        Tested { met, kind, expression, path, value, target, operator: test.operator }
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
