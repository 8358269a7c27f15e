//! The template expression language: which strings are expressions, and their form.

mod lexer;
mod parser;
mod print;

use crate::limits::{EXPRESSION_CHARS_MAX, EXPRESSION_DEPTH_MAX};
use lexer::Token;

/// One expression, without its outer brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    Text(String),
    Integer(i64),
    Call(Call),
    /// `base.name` or `base[index]`.
    Access(Box<Expression>, Box<Accessor>),
}

/// `name(arguments)`, or `namespace.name(arguments)` for a function of the template's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub namespace: Option<String>,
    pub name: String,
    pub arguments: Vec<Expression>,
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accessor {
    Property(String),
    Index(Expression),
}

/// What a string value in a template stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text<'a> {
    Literal(&'a str),
    /// The text between the outer brackets, not yet parsed.
    Expression(&'a str),
}

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "Unable to parse language expression '{expression}': expected token '{expected}' and \
         actual '{actual}'."
    )]
    Token { expression: String, expected: &'static str, actual: &'static str },
    #[error(
        "Unable to parse language expression '{expression}': the character at position \
         '{position}' is not expected."
    )]
    Character { expression: String, position: usize },
    #[error(
        "Unable to parse language expression '{expression}': the string that begins at position \
         '{position}' is not closed."
    )]
    OpenString { expression: String, position: usize },
    #[error(
        "Unable to parse language expression '{expression}': the number at position '{position}' \
         is not a 64-bit integer."
    )]
    Number { expression: String, position: usize },
    #[error(
        "The template language expression length limit exceeded. Limit: '{EXPRESSION_CHARS_MAX}' \
         and actual: '{0}'. Please see https://aka.ms/arm-template-expressions for usage details."
    )]
    TooLong(usize),
    #[error(
        "The template language expression nesting limit exceeded. Limit: \
         '{EXPRESSION_DEPTH_MAX}'. Please see https://aka.ms/arm-template-expressions for usage \
         details."
    )]
    TooDeep,
}

/// Tells expressions from literals: `[…]` is one, `[[…]` is a literal that begins with a bracket.
pub fn text(string: &str) -> Text<'_> {
    let Some(inner) = string.strip_prefix('[') else {
        return Text::Literal(string);
    };
    match inner.strip_suffix(']') {
        Some(_) if inner.starts_with('[') => Text::Literal(inner),
        Some(expression) => Text::Expression(expression),
        None => Text::Literal(string),
    }
}

/// Writes a literal so that [`text`] gives it back, whatever brackets it has.
pub fn escape(literal: &str) -> String {
    let mistakable = literal.len() > 1 && literal.starts_with('[') && literal.ends_with(']');
    if mistakable { format!("[{literal}") } else { literal.to_owned() }
}

/// Parses the text between the outer brackets.
pub fn parse(expression: &str) -> Result<Expression, Refused> {
    parser::parse(expression)
}

#[cfg(test)]
mod tests;
