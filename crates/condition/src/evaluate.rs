//! A condition held against facts. Total: whatever is not there leaves it undecided.

use std::slice;

use crate::{
    condition::{Comparison, Expression, Operand},
    facts::{Facts, Known},
    operator::{Operator, Quantifier, Relation},
    pattern::{fold, like, names},
    truth::Truth,
    value::Value,
};

pub(crate) fn truth(expression: &Expression, facts: &Facts<'_>) -> Truth {
    match expression {
        Expression::All(parts) => {
            parts.iter().fold(Truth::True, |so_far, part| so_far.and(truth(part, facts)))
        }
        Expression::Any(parts) => {
            parts.iter().fold(Truth::False, |so_far, part| so_far.or(truth(part, facts)))
        }
        Expression::Not(part) => !truth(part, facts),
        Expression::Action(pattern) => names(pattern, facts.action()).into(),
        Expression::SubOperation(pattern) => match facts.sub_operation() {
            Known::Is(name) => names(pattern, name).into(),
            Known::Absent => Truth::False,
            Known::Unknown => Truth::Unknown,
        },
        Expression::Exists(attribute) => match facts.attribute(attribute) {
            Known::Is(_) => Truth::True,
            Known::Absent => Truth::False,
            Known::Unknown => Truth::Unknown,
        },
        Expression::Compare(comparison) => compare(comparison, facts),
    }
}

fn compare(comparison: &Comparison, facts: &Facts<'_>) -> Truth {
    let Comparison { left, quantifier, operator, right } = comparison;
    let sides = (values(left, facts), values(right, facts));
    let (Some(left), Some(right)) = sides else { return Truth::Unknown };
    if left.iter().chain(right).any(|value| value.kind() != operator.kind()) {
        return Truth::Unknown;
    }
    match (quantifier, left, right) {
        (Some(quantifier), _, _) => {
            quantified(*quantifier, left, right, |one, two| stands(*operator, one, two)).into()
        }
        (None, [left], [right]) => stands(*operator, left, right).into(),
        // Several values, and nothing says how many of them are meant.
        (None, _, _) => Truth::Unknown,
    }
}

/// The values of a side; none where there are none, or none are known.
fn values<'a>(operand: &'a Operand, facts: &'a Facts<'_>) -> Option<&'a [Value]> {
    match operand {
        Operand::One(value) => Some(slice::from_ref(value)),
        Operand::Set(values) => Some(values),
        Operand::Attribute(attribute) => match facts.attribute(attribute) {
            Known::Is(values) => Some(values),
            Known::Absent | Known::Unknown => None,
        },
    }
}

fn quantified(
    quantifier: Quantifier,
    left: &[Value],
    right: &[Value],
    stands: impl Fn(&Value, &Value) -> bool,
) -> bool {
    let of_right = |one: &Value| {
        let mut all = right.iter();
        if quantifier.all_right {
            all.all(|two| stands(one, two))
        } else {
            all.any(|two| stands(one, two))
        }
    };
    let mut all = left.iter();
    if quantifier.all_left { all.all(of_right) } else { all.any(of_right) }
}

/// Whether two values of the operator's kind stand to each other as it says.
fn stands(operator: Operator, left: &Value, right: &Value) -> bool {
    let is_so = match (left, right) {
        (Value::Text(left), Value::Text(right)) => {
            texts(operator.relation(), left, right, operator.ignores_case())
        }
        (Value::Integer(left), Value::Integer(right)) => ordered(operator.relation(), left, right),
        (Value::Boolean(left), Value::Boolean(right)) => ordered(operator.relation(), left, right),
        (Value::Moment(left), Value::Moment(right)) => ordered(operator.relation(), left, right),
        (Value::Guid(left), Value::Guid(right)) => ordered(operator.relation(), left, right),
        // Of two kinds: never asked, and never so, the contrary neither.
        (
            Value::Text(_)
            | Value::Integer(_)
            | Value::Boolean(_)
            | Value::Moment(_)
            | Value::Guid(_),
            _,
        ) => return false,
    };
    is_so != operator.is_negated()
}

fn texts(relation: Relation, left: &str, right: &str, ignores_case: bool) -> bool {
    let folded = |text| fold(text, ignores_case);
    match relation {
        Relation::StartsWith => folded(left).starts_with(&folded(right)),
        Relation::Like => like(left, right, ignores_case),
        Relation::Equals
        | Relation::Less
        | Relation::LessOrEqual
        | Relation::Greater
        | Relation::GreaterOrEqual => ordered(relation, &folded(left), &folded(right)),
    }
}

fn ordered<T: Ord>(relation: Relation, left: &T, right: &T) -> bool {
    match relation {
        Relation::Equals => left == right,
        Relation::Less => left < right,
        Relation::LessOrEqual => left <= right,
        Relation::Greater => left > right,
        Relation::GreaterOrEqual => left >= right,
        // Of texts only.
        Relation::StartsWith | Relation::Like => false,
    }
}

#[cfg(test)]
mod tests;
