//! What a condition says.

use std::str::FromStr;

use crate::{
    attribute::Attribute,
    evaluate,
    facts::Facts,
    operator::{Operator, Quantifier},
    parse,
    refused::ConditionError,
    truth::Truth,
    value::Value,
};

/// As long as Azure allows a condition to be.
pub const CHARS_MAX: usize = 8_192;
/// How deep parentheses and negations may lie in each other; who reads it walks them by recursion.
pub const DEPTH_MAX: usize = 32;
/// How many comparisons and matches there may be; more than fit would be no condition of a person.
pub const TERMS_MAX: usize = 256;
/// How many letters and values may be held against each other to judge a condition once; some
/// thousands of groups and as many listed ones are within it, and it takes milliseconds.
pub const STEPS_MAX: usize = 1 << 22;

/// A condition that was understood, within bounds. Two are equal if they say the same in the same
/// order, whatever their spaces and superfluous parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub(crate) root: Expression,
}

/// Something true or false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// Two or more with `AND` between them.
    All(Vec<Expression>),
    /// Two or more with `OR` between them.
    Any(Vec<Expression>),
    Not(Box<Expression>),
    /// That what is done is named by this pattern.
    Action(String),
    /// That the way in which it is done is named by this pattern.
    SubOperation(String),
    Exists(Attribute),
    Compare(Comparison),
}

/// Two sides held against each other. Values are of the operator's kind, and there is more than
/// one on a side only where a quantifier says what that means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comparison {
    pub(crate) left: Operand,
    pub(crate) quantifier: Option<Quantifier>,
    pub(crate) operator: Operator,
    pub(crate) right: Operand,
}

/// One side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    Attribute(Attribute),
    One(Value),
    /// In braces, never empty.
    Set(Vec<Value>),
}

impl Condition {
    /// Reads a condition; a refusal says where it could not be understood.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        parse::condition(text)
    }

    /// The same, and of no attribute but those that whoever reads it knows.
    pub fn parse_of(
        text: &str,
        is_known: impl Fn(&Attribute) -> bool,
    ) -> Result<Self, ConditionError> {
        let condition = Self::parse(text)?;
        parse::attributes(text, is_known).map(|()| condition)
    }

    /// What it asks about, each once, in the order of its text: of what is certainly not there, only
    /// who asks can say so.
    pub fn attributes(&self) -> Vec<&Attribute> {
        let mut found = Vec::new();
        self.root.attributes(&mut found);
        found
    }

    /// Whether it is so by these facts. What compares an attribute that is not there, or of which
    /// nothing is known, is neither true nor false, and neither is its contrary; nor is what would
    /// take more than [`STEPS_MAX`].
    pub fn truth(&self, facts: &Facts<'_>) -> Truth {
        evaluate::truth(&self.root, facts)
    }

    /// Whether it is certainly so: the only answer that grants anything.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        self.truth(facts) == Truth::True
    }
}

impl Expression {
    fn attributes<'a>(&'a self, found: &mut Vec<&'a Attribute>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.attributes(found);
                }
            }
            Self::Not(part) => part.attributes(found),
            Self::Action(_) | Self::SubOperation(_) => {}
            Self::Exists(attribute) => add(attribute, found),
            Self::Compare(comparison) => {
                for side in [&comparison.left, &comparison.right] {
                    match side {
                        Operand::Attribute(attribute) => add(attribute, found),
                        Operand::One(_) | Operand::Set(_) => {}
                    }
                }
            }
        }
    }
}

fn add<'a>(attribute: &'a Attribute, found: &mut Vec<&'a Attribute>) {
    if !found.iter().any(|other| attribute.means(other)) {
        found.push(attribute);
    }
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
