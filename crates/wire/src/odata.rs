//! The little of `OData` that ARM's and Graph's `$filter` use: comparisons, `in`, functions,
//! `and`, `or`, `not` and parentheses
//! (<https://docs.oasis-open.org/odata/odata/v4.01/os/part2-url-conventions/>).
//!
//! The text comes decoded. Which fields and functions mean something is for whoever asked.

mod lexer;

use std::iter::Peekable;

use lexer::Token;

/// Longer than any client's filter; a list of tenants fits a hundred times.
const FILTER_CHARS_MAX: usize = 8192;
/// Deeper than any client nests.
const DEPTH_MAX: usize = 16;
/// The most of somebody's text that an error repeats.
const QUOTED_CHARS_MAX: usize = 80;

/// What a filter asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All of these, at least two.
    And(Vec<Filter>),
    /// Any of these, at least two.
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Compare(Comparison),
    /// `field in ('a', 'b')`
    OneOf {
        field: String,
        values: Vec<Literal>,
    },
    Call(Call),
    /// `field/any(c:c eq 'a')`: what stands inside is asked of each element, by that name.
    Any {
        field: String,
        element: String,
        of: Box<Filter>,
    },
}

/// `field eq 'value'`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub field: String,
    pub operator: Operator,
    pub value: Literal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// `startswith(name, 'a')`, `atScope()`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub name: String,
    pub arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A quoted text.
    Text(Literal),
    /// A bare word: a field, most often.
    Word(String),
}

/// A value: what stood between quotes, or a bare word (a number, a GUID, `true`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    text: String,
    /// In small letters, for who compares it with many things.
    folded: String,
    is_quoted: bool,
}

impl Literal {
    fn quoted(text: String) -> Self {
        Self { folded: text.to_lowercase(), text, is_quoted: true }
    }

    fn bare(text: String) -> Self {
        Self { is_quoted: false, ..Self::quoted(text) }
    }

    /// The text without its quotes.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same in small letters.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether it says that nothing is there: the word, not the text of four letters.
    pub fn is_null(&self) -> bool {
        !self.is_quoted && self.folded == "null"
    }
}

impl Call {
    /// Whether the function is that one, letters without regard to case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The only argument, if there is exactly one and it is a value.
    pub fn only(&self) -> Option<&str> {
        match self.arguments.as_slice() {
            [Argument::Text(text)] => Some(text.as_str()),
            [Argument::Word(word)] => Some(word),
            _ => None,
        }
    }
}

impl Comparison {
    /// The value that the field must equal, if that is what is asked of that field.
    pub fn equal(&self, field: &str) -> Option<&str> {
        let meant = self.operator == Operator::Eq && self.field.eq_ignore_ascii_case(field);
        meant.then_some(self.value.as_str())
    }
}

impl Filter {
    /// The value that the field must equal, if that is all that is asked.
    pub fn equal(&self, field: &str) -> Option<&str> {
        match self {
            Self::Compare(comparison) => comparison.equal(field),
            Self::And(_)
            | Self::Or(_)
            | Self::Not(_)
            | Self::OneOf { .. }
            | Self::Call(_)
            | Self::Any { .. } => None,
        }
    }

    /// What must hold together: the parts of an `and`, or the filter itself.
    pub fn conjuncts(&self) -> &[Filter] {
        match self {
            Self::And(all) => all,
            Self::Or(_)
            | Self::Not(_)
            | Self::Compare(_)
            | Self::OneOf { .. }
            | Self::Call(_)
            | Self::Any { .. } => std::slice::from_ref(self),
        }
    }
}

/// Why a filter is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFilter {
    #[error("The filter is empty.")]
    Empty,
    #[error("The filter is longer than {FILTER_CHARS_MAX} characters.")]
    TooLong,
    #[error("The filter nests deeper than {DEPTH_MAX}.")]
    TooDeep,
    #[error("The filter has an unterminated string.")]
    OpenText,
    #[error("The filter has an unexpected '{0}'.")]
    Unexpected(String),
    #[error("The filter ends where {0} was expected.")]
    Ends(&'static str),
}

/// Reads a filter.
pub fn parse(text: &str) -> Result<Filter, BadFilter> {
    if text.chars().nth(FILTER_CHARS_MAX).is_some() {
        return Err(BadFilter::TooLong);
    }
    let tokens = lexer::tokens(text)?;
    if tokens.is_empty() {
        return Err(BadFilter::Empty);
    }
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), depth: 0 };
    let filter = parser.any()?;
    match parser.tokens.next() {
        None => Ok(filter),
        Some(token) => Err(unexpected(&token)),
    }
}

fn unexpected(token: &Token) -> BadFilter {
    BadFilter::Unexpected(token.to_string().chars().take(QUOTED_CHARS_MAX).collect())
}

struct Parser {
    tokens: Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
}

impl Parser {
    fn any(&mut self) -> Result<Filter, BadFilter> {
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Filter::Or))
    }

    fn all(&mut self) -> Result<Filter, BadFilter> {
        let mut parts = vec![self.unary()?];
        while self.takes("and") {
            parts.push(self.unary()?);
        }
        Ok(one_or(parts, Filter::And))
    }

    fn unary(&mut self) -> Result<Filter, BadFilter> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(BadFilter::TooDeep);
        }
        let filter = if self.takes("not") {
            Filter::Not(Box::new(self.unary()?))
        } else if self.tokens.next_if_eq(&Token::Open).is_some() {
            let inner = self.any()?;
            self.expect(&Token::Close, "a closing parenthesis")?;
            inner
        } else {
            self.term()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn term(&mut self) -> Result<Filter, BadFilter> {
        let field = match self.next("a field or a function")? {
            Token::Word(word) => word,
            other @ (Token::Text(_) | Token::Open | Token::Close | Token::Comma) => {
                return Err(unexpected(&other));
            }
        };
        if self.tokens.next_if_eq(&Token::Open).is_some() {
            if let Some(field) = field.strip_suffix("/any") {
                return self.any_element(field.to_owned());
            }
            let arguments = self.list(Self::argument)?;
            return Ok(Filter::Call(Call { name: field, arguments }));
        }
        if self.takes("in") {
            self.expect(&Token::Open, "an opening parenthesis")?;
            return Ok(Filter::OneOf { field, values: self.list(Self::value)? });
        }
        let operator = self.operator()?;
        Ok(Filter::Compare(Comparison { field, operator, value: self.value()? }))
    }

    /// What stands in the parentheses of `field/any(…)`, the first of which is read already. The
    /// element's name stands before a colon, which the lexer takes for part of a word.
    fn any_element(&mut self, field: String) -> Result<Filter, BadFilter> {
        let token = self.next("the name of an element")?;
        let Token::Word(word) = &token else { return Err(unexpected(&token)) };
        let (element, rest) = word.split_once(':').ok_or_else(|| unexpected(&token))?;
        let element = element.to_owned();
        if !rest.is_empty() {
            self.put_back(Token::Word(rest.to_owned()));
        }
        let of = Box::new(self.any()?);
        self.expect(&Token::Close, "a closing parenthesis")?;
        Ok(Filter::Any { field, element, of })
    }

    fn put_back(&mut self, token: Token) {
        let rest: Vec<Token> = std::iter::once(token).chain(self.tokens.by_ref()).collect();
        self.tokens = rest.into_iter().peekable();
    }

    fn operator(&mut self) -> Result<Operator, BadFilter> {
        let token = self.next("an operator")?;
        let Token::Word(word) = &token else { return Err(unexpected(&token)) };
        match word.to_ascii_lowercase().as_str() {
            "eq" => Ok(Operator::Eq),
            "ne" => Ok(Operator::Ne),
            "gt" => Ok(Operator::Gt),
            "ge" => Ok(Operator::Ge),
            "lt" => Ok(Operator::Lt),
            "le" => Ok(Operator::Le),
            _ => Err(unexpected(&token)),
        }
    }

    fn value(&mut self) -> Result<Literal, BadFilter> {
        match self.next("a value")? {
            Token::Text(text) => Ok(Literal::quoted(text)),
            Token::Word(word) => Ok(Literal::bare(word)),
            other @ (Token::Open | Token::Close | Token::Comma) => Err(unexpected(&other)),
        }
    }

    fn argument(&mut self) -> Result<Argument, BadFilter> {
        match self.next("an argument")? {
            Token::Text(text) => Ok(Argument::Text(Literal::quoted(text))),
            Token::Word(word) => Ok(Argument::Word(word)),
            other @ (Token::Open | Token::Close | Token::Comma) => Err(unexpected(&other)),
        }
    }

    /// What stands between the parentheses, the first of which is read already.
    fn list<T>(
        &mut self,
        item: impl Fn(&mut Self) -> Result<T, BadFilter>,
    ) -> Result<Vec<T>, BadFilter> {
        let mut items = Vec::new();
        if self.tokens.next_if_eq(&Token::Close).is_some() {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            match self.next("a closing parenthesis")? {
                Token::Close => return Ok(items),
                Token::Comma => {}
                other @ (Token::Open | Token::Text(_) | Token::Word(_)) => {
                    return Err(unexpected(&other));
                }
            }
        }
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let is =
            |token: &Token| matches!(token, Token::Word(it) if it.eq_ignore_ascii_case(keyword));
        self.tokens.next_if(is).is_some()
    }

    fn next(&mut self, expected: &'static str) -> Result<Token, BadFilter> {
        self.tokens.next().ok_or(BadFilter::Ends(expected))
    }

    fn expect(&mut self, wanted: &Token, name: &'static str) -> Result<(), BadFilter> {
        let token = self.next(name)?;
        if token == *wanted { Ok(()) } else { Err(unexpected(&token)) }
    }
}

fn one_or(mut parts: Vec<Filter>, many: impl Fn(Vec<Filter>) -> Filter) -> Filter {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            many(parts)
        }
    }
}

#[cfg(test)]
mod tests;
