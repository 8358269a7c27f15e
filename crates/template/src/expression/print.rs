//! Writes an expression as text that parses back to it.

use std::fmt;

use crate::expression::{Accessor, Call, Expression};

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Expression::Integer(number) => write!(f, "{number}"),
            Expression::Call(call) => call.fmt(f),
            Expression::Access(base, accessor) => write!(f, "{base}{accessor}"),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}.")?;
        }
        write!(f, "{}(", self.name)?;
        for (index, argument) in self.arguments.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{argument}")?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Accessor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Accessor::Property(name) => write!(f, ".{name}"),
            Accessor::Index(index) => write!(f, "[{index}]"),
        }
    }
}
