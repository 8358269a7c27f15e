//! A condition written down so that it reads the same again. Signs and spaces are as Azure's
//! documentation has them; parentheses stand where something would be read otherwise without them.

use std::fmt::{self, Display, Formatter};

use crate::{
    condition::{Comparison, Condition, Expression, Operand},
    value::Value,
};

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => chain(f, parts, " AND "),
            Self::Any(parts) => chain(f, parts, " OR "),
            Self::Not(part) => write!(f, "!({part})"),
            Self::Action(pattern) => write!(f, "ActionMatches{{'{pattern}'}}"),
            Self::SubOperation(pattern) => write!(f, "SubOperationMatches{{'{pattern}'}}"),
            Self::Exists(attribute) => write!(f, "Exists {attribute}"),
            Self::Compare(comparison) => comparison.fmt(f),
        }
    }
}

/// Parts that are chains themselves stand in parentheses.
fn chain(f: &mut Formatter<'_>, parts: &[Expression], between: &str) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(between)?;
        }
        match part {
            Expression::All(_) | Expression::Any(_) => write!(f, "({part})")?,
            Expression::Not(_)
            | Expression::Action(_)
            | Expression::SubOperation(_)
            | Expression::Exists(_)
            | Expression::Compare(_) => part.fmt(f)?,
        }
    }
    Ok(())
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.left)?;
        if let Some(quantifier) = self.quantifier {
            write!(f, "{}:", quantifier.name())?;
        }
        write!(f, "{} {}", self.operator.name(), self.right)
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(attribute) => attribute.fmt(f),
            Self::One(value) => value.fmt(f),
            Self::Set(values) => {
                for (place, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if place == 0 { "{" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Integer(number) => number.fmt(f),
            Self::Boolean(truth) => truth.fmt(f),
            Self::Moment(moment) => write!(f, "'{moment}'"),
            Self::Guid(guid) => guid.fmt(f),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
