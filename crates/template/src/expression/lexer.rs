//! Cuts an expression into tokens.

use crate::{expression::Refused, json::echo};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Identifier(String),
    Text(String),
    Integer(i64),
    Open,
    Close,
    OpenIndex,
    CloseIndex,
    Comma,
    Dot,
    End,
}

impl Token {
    /// ARM's name for the token, as its error messages show it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Token::Identifier(_) => "Identifier",
            Token::Text(_) => "StringLiteral",
            Token::Integer(_) => "Integer",
            Token::Open => "LeftParenthesis",
            Token::Close => "RightParenthesis",
            Token::OpenIndex => "LeftSquareBracket",
            Token::CloseIndex => "RightSquareBracket",
            Token::Comma => "Comma",
            Token::Dot => "Dot",
            Token::End => "EndOfData",
        }
    }
}

/// Reads tokens from left to right; at the end there are only [`Token::End`]s.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn next(&mut self) -> Result<Token, Refused> {
        self.while_true(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
        let Some(first) = self.rest().chars().next() else {
            return Ok(Token::End);
        };
        let single = match first {
            '(' => Token::Open,
            ')' => Token::Close,
            '[' => Token::OpenIndex,
            ']' => Token::CloseIndex,
            ',' => Token::Comma,
            '.' => Token::Dot,
            '\'' => return self.string(),
            '-' | '0'..='9' => return self.integer(),
            c if c.is_ascii_alphabetic() || c == '_' => {
                let name = self.while_true(|c| c.is_ascii_alphanumeric() || c == '_');
                return Ok(Token::Identifier(name.to_owned()));
            }
            _ => {
                return Err(Refused::Character {
                    expression: echo(self.text),
                    position: self.column(self.at),
                });
            }
        };
        self.at += 1;
        Ok(single)
    }

    fn string(&mut self) -> Result<Token, Refused> {
        let start = self.at;
        let mut text = String::new();
        loop {
            self.at += 1;
            text.push_str(self.while_true(|c| c != '\''));
            if self.rest().is_empty() {
                let (expression, position) = (echo(self.text), self.column(start));
                return Err(Refused::OpenString { expression, position });
            }
            self.at += 1;
            if !self.rest().starts_with('\'') {
                return Ok(Token::Text(text));
            }
            text.push('\'');
        }
    }

    fn integer(&mut self) -> Result<Token, Refused> {
        let start = self.at;
        if self.rest().starts_with('-') {
            self.at += 1;
        }
        self.while_true(|c| c.is_ascii_digit());
        let digits = self.text.get(start..self.at).unwrap_or_default();
        let malformed =
            || Refused::Number { expression: echo(self.text), position: self.column(start) };
        digits.parse().map(Token::Integer).map_err(|_| malformed())
    }

    fn while_true(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn column(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or_default().chars().count()
    }
}
