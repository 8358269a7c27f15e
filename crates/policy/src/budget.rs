//! How much work it may take to say what policies say. What they say is their writers' to choose,
//! and every write of a delegation waits for it: whatever is written, nobody waits for long.

use serde_json::Value;

use crate::{
    condition::Term,
    parameters::{Declarations, Values},
};

/// For one write: far above what real policies take, and done within a second.
const WRITE: usize = 2_000_000;
/// For a look at many things at once.
const LOOK: usize = 10 * WRITE;
/// Text of that length takes as much as a number does.
const TEXT_BYTES: usize = 64;

/// What is left to be done: about as many comparisons of short values.
#[derive(Debug)]
pub struct Budget {
    left: usize,
}

/// More was to be done than there was left for. What it was for does not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "The policies that are assigned here take more comparisons than are made for one request. Please assign fewer of them, or such that say less."
)]
pub struct Spent;

impl Budget {
    /// For judging one write.
    pub fn of_write() -> Self {
        Self { left: WRITE }
    }

    /// For judging many things that one request is about.
    pub fn of_look() -> Self {
        Self { left: LOOK }
    }

    /// Takes from it what is to be done next.
    pub fn spend(&mut self, work: usize) -> Result<(), Spent> {
        let left = self.left.checked_sub(work);
        self.left = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Spent)
    }

    /// Takes what it takes to copy the value or to compare it once, and says how much that is.
    pub fn spend_on(&mut self, value: &Value) -> Result<usize, Spent> {
        let own = match value {
            Value::String(text) => 1 + text.len() / TEXT_BYTES,
            Value::Null | Value::Bool(_) | Value::Number(_) => 1,
            Value::Array(all) => return self.spend_on_all(all.iter()),
            Value::Object(members) => return self.spend_on_all(members.values()),
        };
        self.spend(own)?;
        Ok(own)
    }

    /// The same for several.
    pub fn spend_on_all<'a>(
        &mut self,
        values: impl Iterator<Item = &'a Value>,
    ) -> Result<usize, Spent> {
        self.spend(1)?;
        let mut sum: usize = 1;
        for value in values {
            sum = sum.saturating_add(self.spend_on(value)?);
        }
        Ok(sum)
    }

    /// The same for what a term stands for.
    pub(crate) fn spend_on_term(&mut self, term: &Term, values: &Values) -> Result<usize, Spent> {
        match term {
            Term::Literal(value) => self.spend_on(value),
            Term::Parameter(name) => self.spend_on(values.get(name)),
            Term::List(all) => {
                self.spend(1)?;
                let mut sum: usize = 1;
                for term in all {
                    sum = sum.saturating_add(self.spend_on_term(term, values)?);
                }
                Ok(sum)
            }
        }
    }

    /// Takes what it takes to tell parameters apart and to look at their defaults and at what is
    /// allowed for them.
    pub fn spend_on_parameters(&mut self, declared: &Declarations) -> Result<(), Spent> {
        for it in declared.iter() {
            self.spend_on_all(it.default.iter().chain(&it.allowed))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn once_it_is_spent_nothing_more_is_done() {
        let mut budget = Budget { left: 5 };
        assert_eq!(budget.spend_on(&json!(["a", { "b": 1 }])), Ok(4));
        assert_eq!(budget.spend_on(&json!("x".repeat(64))), Err(Spent));
        assert_eq!(budget.spend(1), Err(Spent));
        assert_eq!(budget.spend(0), Ok(()));
    }
}
