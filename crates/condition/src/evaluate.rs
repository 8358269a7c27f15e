//! A condition held against facts. Total: whatever is not there leaves it undecided.

use std::slice;

use crate::{
    condition::{Comparison, Expression, Operand, STEPS_MAX},
    facts::{Facts, Known},
    operator::{Operator, Quantifier, Relation},
    pattern::{Fold, fits, fold, names, pieces},
    truth::Truth,
    value::{Kind, Value},
};

/// Of single values, every quantifier says the same.
const ONE_TO_ONE: Quantifier = Quantifier { all_left: false, all_right: false };

pub(crate) fn truth(expression: &Expression, facts: &Facts<'_>) -> Truth {
    let action = fold(facts.action(), Fold::Ascii);
    Judge { facts, action, steps_left: STEPS_MAX }.truth(expression)
}

struct Judge<'a> {
    facts: &'a Facts<'a>,
    /// The letters of what is done.
    action: Vec<char>,
    /// How much may still be compared. What would take more is undecided.
    steps_left: usize,
}

impl Judge<'_> {
    fn truth(&mut self, expression: &Expression) -> Truth {
        match expression {
            Expression::All(parts) => self.chain(parts, Truth::True, Truth::and),
            Expression::Any(parts) => self.chain(parts, Truth::False, Truth::or),
            Expression::Not(part) => !self.truth(part),
            Expression::Action(pattern) => {
                let is_within = self.spend(pattern.len().saturating_mul(self.action.len()));
                if is_within { names(pattern, &self.action).into() } else { Truth::Unknown }
            }
            Expression::SubOperation(pattern) => match self.facts.sub_operation() {
                Known::Is(name) if self.spend(pattern.len().saturating_mul(name.len())) => {
                    names(pattern, &fold(name, Fold::Ascii)).into()
                }
                Known::Absent => Truth::False,
                Known::Is(_) | Known::Unknown => Truth::Unknown,
            },
            Expression::Exists(attribute) => match self.facts.attribute(attribute) {
                Known::Is(_) => Truth::True,
                Known::Absent => Truth::False,
                Known::Unknown => Truth::Unknown,
            },
            Expression::Compare(comparison) => self.compare(comparison),
        }
    }

    /// All parts joined, as far as they matter: where one has turned the beginning into its
    /// contrary, no other turns it back.
    fn chain(
        &mut self,
        parts: &[Expression],
        beginning: Truth,
        join: fn(Truth, Truth) -> Truth,
    ) -> Truth {
        let mut so_far = beginning;
        for part in parts {
            so_far = join(so_far, self.truth(part));
            if so_far == !beginning {
                return so_far;
            }
        }
        so_far
    }

    fn compare(&mut self, comparison: &Comparison) -> Truth {
        let Comparison { left, quantifier, operator, right } = comparison;
        let sides = (values(left, self.facts), values(right, self.facts));
        let (Some(left), Some(right)) = sides else { return Truth::Unknown };
        if left.iter().chain(right).any(|value| value.kind() != operator.kind()) {
            return Truth::Unknown;
        }
        let quantifier = match (quantifier, left, right) {
            (Some(quantifier), _, _) => *quantifier,
            (None, [_], [_]) => ONE_TO_ONE,
            // Several values, and nothing says how many of them are meant.
            (None, _, _) => return Truth::Unknown,
        };
        if !self.spend(steps(*operator, left, right)) {
            return Truth::Unknown;
        }
        match operator.kind() {
            Kind::Text => texts((quantifier, *operator), left, right),
            Kind::Integer | Kind::Boolean | Kind::Moment | Kind::Guid => {
                quantified(quantifier, left, right, |one, two| stands(*operator, one, two)).into()
            }
        }
    }

    /// Whether so many steps were left.
    fn spend(&mut self, steps: usize) -> bool {
        let left = self.steps_left.checked_sub(steps);
        self.steps_left = left.unwrap_or(self.steps_left);
        left.is_some()
    }
}

/// What it takes at most to compare two sides, each with each. A pattern may begin again at every
/// letter.
fn steps(operator: Operator, left: &[Value], right: &[Value]) -> usize {
    let size = |value: &Value| text(value).map_or(1, |it| it.len().saturating_add(1));
    let sizes = |side: &[Value]| side.iter().map(size).fold(0, usize::saturating_add);
    let of_left = match operator.relation() {
        Relation::Like => sizes(left),
        Relation::Equals
        | Relation::StartsWith
        | Relation::Less
        | Relation::LessOrEqual
        | Relation::Greater
        | Relation::GreaterOrEqual => left.len(),
    };
    of_left.saturating_mul(sizes(right)).saturating_add(sizes(left))
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

fn quantified<L, R>(
    quantifier: Quantifier,
    left: &[L],
    right: &[R],
    stands: impl Fn(&L, &R) -> bool,
) -> bool {
    let of_right = |one: &L| {
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

/// Whether two values of the operator's kind, which is not text, stand to each other as it says.
fn stands(operator: Operator, left: &Value, right: &Value) -> bool {
    let is_so = match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => ordered(operator.relation(), left, right),
        (Value::Boolean(left), Value::Boolean(right)) => ordered(operator.relation(), left, right),
        (Value::Moment(left), Value::Moment(right)) => ordered(operator.relation(), left, right),
        (Value::Guid(left), Value::Guid(right)) => ordered(operator.relation(), left, right),
        // Of two kinds, or texts: never asked, and never so, the contrary neither.
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

/// Whether texts stand to each other as the operator says. Where case does not count, and what is
/// found depends on the case of letters other than ASCII's, it is undecided: the contrary of
/// something that others would call the same shall grant nothing.
fn texts(how: (Quantifier, Operator), left: &[Value], right: &[Value]) -> Truth {
    let (_, operator) = how;
    if !operator.ignores_case() {
        return texts_by(Fold::Exact, how, left, right).into();
    }
    let is_so = texts_by(Fold::Ascii, how, left, right);
    let is_plain = left.iter().chain(right).filter_map(text).all(str::is_ascii);
    if is_plain || texts_by(Fold::Unicode, how, left, right) == is_so {
        is_so.into()
    } else {
        Truth::Unknown
    }
}

/// The same with letters told apart so. Each side is folded once.
fn texts_by(
    by: Fold,
    (quantifier, operator): (Quantifier, Operator),
    left: &[Value],
    right: &[Value],
) -> bool {
    let folded = |side: &[Value]| -> Vec<Vec<char>> {
        side.iter().filter_map(text).map(|it| fold(it, by)).collect()
    };
    let (left, is_negated) = (folded(left), operator.is_negated());
    match operator.relation() {
        Relation::StartsWith => quantified(quantifier, &left, &folded(right), |one, two| {
            one.starts_with(two) != is_negated
        }),
        Relation::Like => {
            let right: Vec<_> = right.iter().filter_map(text).map(|it| pieces(it, by)).collect();
            quantified(quantifier, &left, &right, |one, two| fits(two, one) != is_negated)
        }
        relation @ (Relation::Equals
        | Relation::Less
        | Relation::LessOrEqual
        | Relation::Greater
        | Relation::GreaterOrEqual) => quantified(quantifier, &left, &folded(right), |one, two| {
            ordered(relation, one, two) != is_negated
        }),
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        Value::Integer(_) | Value::Boolean(_) | Value::Moment(_) | Value::Guid(_) => None,
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
