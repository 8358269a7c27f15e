//! Whether a condition can be met by anything but what `Microsoft.ManagedServices` keeps: told
//! from the condition alone, for whatever resource and whatever parameters.

use serde_json::Value;

use super::{Alias, Condition, Field, Operand, Operator, Term, Test};
use crate::subject;

impl Condition {
    /// Whether nothing but a definition or an assignment of a delegation can meet it.
    pub fn keeps_to_delegations(&self) -> bool {
        self.elsewhere() == Some(false)
    }

    /// What it comes to for a resource of any other type; none where that depends.
    fn elsewhere(&self) -> Option<bool> {
        match self {
            Self::All(inner) => settled(inner, false),
            Self::Any(inner) => settled(inner, true),
            Self::Not(inner) => inner.elsewhere().map(|met| !met),
            Self::Test(test) => test.elsewhere(),
        }
    }
}

/// One of `decisive` decides; all others decide together.
fn settled(inner: &[Condition], decisive: bool) -> Option<bool> {
    let each: Vec<Option<bool>> = inner.iter().map(Condition::elsewhere).collect();
    if each.contains(&Some(decisive)) {
        return Some(decisive);
    }
    each.iter().all(Option::is_some).then_some(!decisive)
}

impl Test {
    fn elsewhere(&self) -> Option<bool> {
        match (&self.of, self.operator) {
            (Operand::Field(Field::Type), Operator::Equals) => {
                of_delegations(&self.target).then_some(false)
            }
            (Operand::Field(Field::Type), Operator::NotEquals) => {
                of_delegations(&self.target).then_some(true)
            }
            (Operand::Field(Field::Type), Operator::In) => all(&self.target).then_some(false),
            (Operand::Field(Field::Type), Operator::NotIn) => all(&self.target).then_some(true),
            // Other types lack the properties of these.
            (
                Operand::Field(Field::Alias(
                    Alias::ManagedBy | Alias::OfferName | Alias::Definition,
                )),
                by,
            ) => self.of_nothing(by),
            (Operand::Field(_) | Operand::Value(_), _) => None,
        }
    }

    /// What it comes to where the property is not there.
    fn of_nothing(&self, by: Operator) -> Option<bool> {
        let text = matches!(&self.target, Term::Literal(Value::String(_)));
        let texts = matches!(&self.target, Term::List(all) if all.iter().all(|it| matches!(it, Term::Literal(Value::String(_)))));
        match by {
            Operator::Equals
            | Operator::Like
            | Operator::Match
            | Operator::MatchInsensitively
            | Operator::Contains => text.then_some(false),
            Operator::NotEquals
            | Operator::NotLike
            | Operator::NotMatch
            | Operator::NotMatchInsensitively
            | Operator::NotContains => text.then_some(true),
            Operator::In => texts.then_some(false),
            Operator::NotIn => texts.then_some(true),
            Operator::ContainsKey | Operator::NotContainsKey | Operator::Exists => None,
        }
    }
}

fn of_delegations(term: &Term) -> bool {
    matches!(term, Term::Literal(Value::String(text)) if subject::is_type(text))
}

fn all(term: &Term) -> bool {
    matches!(term, Term::List(all) if all.iter().all(of_delegations))
}
