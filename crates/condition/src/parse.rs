//! The grammar. `AND` and `OR` side by side are refused, as Azure's documentation calls them
//! ambiguous; `!` binds what follows it.

use std::{iter::Peekable, vec};

use crate::{
    attribute::Attribute,
    condition::{CHARS_MAX, Comparison, Condition, DEPTH_MAX, Expression, Operand, TERMS_MAX},
    operator::{Operator, Quantifier},
    refused::{ConditionError, Problem, shown},
    token::{Placed, Token, tokens},
    value::{Kind, Value, guid, moment},
};

/// What a condition may begin with.
const PART: &str = "an attribute, ActionMatches, Exists, `!` or `(`";

pub(crate) fn condition(text: &str) -> Result<Condition, ConditionError> {
    let end = text.chars().count() + 1;
    if end > CHARS_MAX + 1 {
        return Err(ConditionError { at: CHARS_MAX + 1, what: Problem::TooLong });
    }
    let tokens = tokens(text)?.into_iter().peekable();
    let mut parser = Parser { tokens, end, terms: 0 };
    let root = parser.chain(0)?;
    parser.expect(&Token::End, "AND, OR or the end")?;
    Ok(Condition { root })
}

/// Whether all attributes of a text are known; else the place of the first one that is not.
pub(crate) fn attributes(
    text: &str,
    is_known: impl Fn(&Attribute) -> bool,
) -> Result<(), ConditionError> {
    for (at, token) in tokens(text)? {
        if let Token::Attribute(attribute) = token
            && !is_known(&attribute)
        {
            let what = Problem::UnknownAttribute(shown(&attribute.to_string()));
            return Err(ConditionError { at, what });
        }
    }
    Ok(())
}

/// A side before it is known what the operator compares.
enum Raw<'a> {
    Attribute(Attribute),
    One(Placed<'a>),
    Set(usize, Vec<Placed<'a>>),
}

struct Parser<'a> {
    tokens: Peekable<vec::IntoIter<Placed<'a>>>,
    /// The number of the character after the last one.
    end: usize,
    terms: usize,
}

impl<'a> Parser<'a> {
    /// One part, or several with the same word between them.
    fn chain(&mut self, depth: usize) -> Result<Expression, ConditionError> {
        let first = self.part(depth)?;
        let Some(between) = self.connective() else { return Ok(first) };
        let mut parts = vec![first];
        while let Some(next) = self.connective() {
            let (at, _) = self.next();
            if next != between {
                return Err(ConditionError { at, what: Problem::Mixed });
            }
            parts.push(self.part(depth)?);
        }
        Ok(if between == Token::And { Expression::All(parts) } else { Expression::Any(parts) })
    }

    /// The word that stands next, if it joins two parts.
    fn connective(&mut self) -> Option<Token<'a>> {
        let is_one = |it: &Token<'_>| matches!(it, Token::And | Token::Or);
        self.tokens.peek().map(|(_, token)| token.clone()).filter(is_one)
    }

    fn part(&mut self, depth: usize) -> Result<Expression, ConditionError> {
        let (at, token) = self.next();
        if depth > DEPTH_MAX {
            return Err(ConditionError { at, what: Problem::TooDeep });
        }
        match token {
            Token::Open => self.group(depth),
            // `!(…)` is one step, with its parentheses.
            Token::Not if matches!(self.tokens.peek(), Some((_, Token::Open))) => {
                self.next();
                Ok(Expression::Not(Box::new(self.group(depth)?)))
            }
            Token::Not => Ok(Expression::Not(Box::new(self.part(depth + 1)?))),
            Token::Word(_) | Token::Text(_) | Token::Attribute(_) | Token::OpenSet => {
                self.terms += 1;
                if self.terms > TERMS_MAX {
                    return Err(ConditionError { at, what: Problem::TooManyTerms });
                }
                self.term((at, token))
            }
            Token::Close | Token::CloseSet | Token::Comma | Token::And | Token::Or | Token::End => {
                Err(unexpected(PART, (at, token)))
            }
        }
    }

    /// What follows an opening parenthesis, and the closing one.
    fn group(&mut self, depth: usize) -> Result<Expression, ConditionError> {
        let inner = self.chain(depth + 1)?;
        self.expect(&Token::Close, "AND, OR or `)`")?;
        Ok(inner)
    }

    fn term(&mut self, first: Placed<'a>) -> Result<Expression, ConditionError> {
        let is = |name: &str| matches!(first.1, Token::Word(it) if it.eq_ignore_ascii_case(name));
        if is("ActionMatches") {
            return self.pattern().map(Expression::Action);
        }
        if is("SubOperationMatches") {
            return self.pattern().map(Expression::SubOperation);
        }
        if is("Exists") {
            return match self.next() {
                (_, Token::Attribute(attribute)) => Ok(Expression::Exists(attribute)),
                other => Err(unexpected("an attribute", other)),
            };
        }
        self.comparison(first).map(Expression::Compare)
    }

    /// `{'pattern'}`
    fn pattern(&mut self) -> Result<String, ConditionError> {
        self.expect(&Token::OpenSet, "`{`")?;
        let pattern = match self.next() {
            (at, Token::Text(text)) => sound(at, text)?,
            other => return Err(unexpected("a pattern in quotes", other)),
        };
        self.expect(&Token::CloseSet, "`}`")?;
        Ok(pattern.to_owned())
    }

    fn comparison(&mut self, first: Placed<'a>) -> Result<Comparison, ConditionError> {
        let left = self.side(first)?;
        let (quantifier, operator) = self.operator()?;
        let second = self.next();
        let right = self.side(second)?;
        let left = left.of((quantifier, operator))?;
        let right = right.of((quantifier, operator))?;
        Ok(Comparison { left, quantifier, operator, right })
    }

    fn operator(&mut self) -> Result<(Option<Quantifier>, Operator), ConditionError> {
        let (at, word) = match self.next() {
            (at, Token::Word(word)) => (at, word),
            other => return Err(unexpected("an operator", other)),
        };
        let unknown = || ConditionError { at, what: Problem::UnknownOperator(shown(word)) };
        let Some((quantifier, name)) = word.split_once(':') else {
            return Ok((None, Operator::find(word).ok_or_else(unknown)?));
        };
        let quantifier = Quantifier::find(quantifier).ok_or_else(unknown)?;
        let operator = Operator::find(name).ok_or_else(unknown)?;
        if operator.takes_several() {
            Ok((Some(quantifier), operator))
        } else {
            Err(ConditionError { at, what: Problem::Unquantifiable(operator, quantifier) })
        }
    }

    fn side(&mut self, (at, token): Placed<'a>) -> Result<Raw<'a>, ConditionError> {
        if let Token::Attribute(attribute) = token {
            return Ok(Raw::Attribute(attribute));
        }
        if token == Token::OpenSet {
            return Ok(Raw::Set(at, self.set()?));
        }
        value((at, token)).map(Raw::One)
    }

    /// What follows `{`, and `}`.
    fn set(&mut self) -> Result<Vec<Placed<'a>>, ConditionError> {
        let mut values = vec![value(self.next())?];
        loop {
            match self.next() {
                (_, Token::CloseSet) => return Ok(values),
                (_, Token::Comma) => values.push(value(self.next())?),
                other => return Err(unexpected("`,` or `}`", other)),
            }
        }
    }

    fn next(&mut self) -> Placed<'a> {
        self.tokens.next().unwrap_or((self.end, Token::End))
    }

    fn expect(&mut self, wanted: &Token<'_>, name: &'static str) -> Result<(), ConditionError> {
        let found = self.next();
        if found.1 == *wanted { Ok(()) } else { Err(unexpected(name, found)) }
    }
}

impl Raw<'_> {
    /// The side as that operator takes it.
    fn of(
        self,
        (quantifier, operator): (Option<Quantifier>, Operator),
    ) -> Result<Operand, ConditionError> {
        match (self, quantifier) {
            (Raw::Attribute(attribute), _) => Ok(Operand::Attribute(attribute)),
            (Raw::One(value), None) => typed(operator, &value).map(Operand::One),
            (Raw::Set(_, values), Some(_)) => {
                let all = values.iter().map(|value| typed(operator, value));
                all.collect::<Result<_, _>>().map(Operand::Set)
            }
            (Raw::One((at, _)), Some(quantifier)) => {
                Err(ConditionError { at, what: Problem::Single(quantifier) })
            }
            (Raw::Set(at, _), None) => Err(ConditionError { at, what: Problem::Several(operator) }),
        }
    }
}

/// The pattern in a text whose quote stands there, without blanks around it. One that no action can
/// fit is refused: its contrary would always be true, and undo whatever stands beside it.
fn sound(at: usize, text: &str) -> Result<&str, ConditionError> {
    let pattern = text.trim();
    if pattern.is_empty() {
        return Err(ConditionError { at, what: Problem::EmptyPattern });
    }
    let start = at + 1 + text.chars().take_while(|it| it.is_whitespace()).count();
    let is_foreign = |it: char| !it.is_ascii_graphic() || matches!(it, '?' | '\\');
    match pattern.chars().zip(start..).find(|(it, _)| is_foreign(*it)) {
        Some((other, at)) => Err(ConditionError { at, what: Problem::PatternCharacter(other) }),
        None => Ok(pattern),
    }
}

fn value(placed: Placed<'_>) -> Result<Placed<'_>, ConditionError> {
    if matches!(placed.1, Token::Text(_) | Token::Word(_)) {
        Ok(placed)
    } else {
        Err(unexpected("a value or an attribute", placed))
    }
}

/// The value, if it is of the kind that the operator compares.
fn typed(operator: Operator, (at, token): &Placed<'_>) -> Result<Value, ConditionError> {
    let (text, word) = match token {
        Token::Text(text) => (Some(*text), None),
        Token::Word(word) => (None, Some(*word)),
        Token::Open
        | Token::Close
        | Token::OpenSet
        | Token::CloseSet
        | Token::Comma
        | Token::And
        | Token::Or
        | Token::Not
        | Token::Attribute(_)
        | Token::End => (None, None),
    };
    let value = match operator.kind() {
        Kind::Text => text.map(|it| Value::Text(it.to_owned())),
        Kind::Integer => word.and_then(|it| it.parse().ok()).map(Value::Integer),
        Kind::Boolean => word.and_then(boolean).map(Value::Boolean),
        Kind::Moment => text.and_then(moment).map(Value::Moment),
        Kind::Guid => text.or(word).and_then(guid).map(Value::Guid),
    };
    let other = || Problem::OtherKind { operator, found: token.shown() };
    value.ok_or_else(|| ConditionError { at: *at, what: other() })
}

fn boolean(word: &str) -> Option<bool> {
    let names = [("true", true), ("false", false)];
    names.into_iter().find_map(|(name, value)| name.eq_ignore_ascii_case(word).then_some(value))
}

fn unexpected(wanted: &'static str, (at, token): Placed<'_>) -> ConditionError {
    ConditionError { at, what: Problem::Unexpected { wanted, found: token.shown() } }
}

#[cfg(test)]
mod tests;
