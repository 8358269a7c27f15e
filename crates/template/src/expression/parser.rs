//! Recursive descent over the grammar, one token ahead.

use crate::{
    expression::{Accessor, Call, Expression, Refused, Token, lexer::Lexer},
    json::echo,
    limits::{EXPRESSION_CHARS_MAX, EXPRESSION_DEPTH_MAX},
};

pub(super) fn parse(text: &str) -> Result<Expression, Refused> {
    let length = text.chars().count();
    if length > EXPRESSION_CHARS_MAX {
        return Err(Refused::TooLong(length));
    }
    let mut lexer = Lexer::new(text);
    let next = lexer.next()?;
    let mut parser = Parser { lexer, next, depth: 0 };
    let expression = parser.expression()?;
    parser.expect(&Token::End)?;
    Ok(expression)
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    next: Token,
    depth: usize,
}

impl Parser<'_> {
    fn expression(&mut self) -> Result<Expression, Refused> {
        let outside = self.depth;
        self.deeper()?;
        let mut expression = self.primary()?;
        loop {
            let accessor = match self.next {
                Token::Dot => {
                    self.take()?;
                    Accessor::Property(self.identifier()?)
                }
                Token::OpenIndex => {
                    self.take()?;
                    let index = self.expression()?;
                    self.expect(&Token::CloseIndex)?;
                    Accessor::Index(index)
                }
                Token::Identifier(_)
                | Token::Text(_)
                | Token::Integer(_)
                | Token::Open
                | Token::Close
                | Token::CloseIndex
                | Token::Comma
                | Token::End => break,
            };
            // A chain of accessors nests as deep as it is long.
            self.deeper()?;
            expression = Expression::Access(Box::new(expression), Box::new(accessor));
        }
        self.depth = outside;
        Ok(expression)
    }

    fn primary(&mut self) -> Result<Expression, Refused> {
        match self.take()? {
            Token::Text(text) => Ok(Expression::Text(text)),
            Token::Integer(number) => Ok(Expression::Integer(number)),
            Token::Identifier(first) => self.call(first),
            other @ (Token::Open
            | Token::Close
            | Token::OpenIndex
            | Token::CloseIndex
            | Token::Comma
            | Token::Dot
            | Token::End) => Err(self.unexpected("Identifier", &other)),
        }
    }

    fn call(&mut self, first: String) -> Result<Expression, Refused> {
        let (namespace, name) = if self.next == Token::Dot {
            self.take()?;
            (Some(first), self.identifier()?)
        } else {
            (None, first)
        };
        self.expect(&Token::Open)?;
        let mut arguments = Vec::new();
        if self.next != Token::Close {
            arguments.push(self.expression()?);
            while self.next == Token::Comma {
                self.take()?;
                arguments.push(self.expression()?);
            }
        }
        self.expect(&Token::Close)?;
        Ok(Expression::Call(Call { namespace, name, arguments }))
    }

    fn identifier(&mut self) -> Result<String, Refused> {
        let token = self.take()?;
        if let Token::Identifier(name) = token {
            return Ok(name);
        }
        Err(self.unexpected("Identifier", &token))
    }

    fn expect(&mut self, expected: &Token) -> Result<(), Refused> {
        if self.next == *expected {
            return self.take().map(drop);
        }
        Err(self.unexpected(expected.kind(), &self.next))
    }

    fn take(&mut self) -> Result<Token, Refused> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn deeper(&mut self) -> Result<(), Refused> {
        self.depth += 1;
        if self.depth > EXPRESSION_DEPTH_MAX { Err(Refused::TooDeep) } else { Ok(()) }
    }

    fn unexpected(&self, expected: &'static str, actual: &Token) -> Refused {
        Refused::Token { expression: echo(self.lexer.text), expected, actual: actual.kind() }
    }
}
