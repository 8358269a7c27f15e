//! A filter's words.

use std::{fmt, iter::Peekable, str::Chars};

use super::BadFilter;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    /// What stood between quotes, a doubled quote undone.
    Text(String),
    Word(String),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("("),
            Self::Close => f.write_str(")"),
            Self::Comma => f.write_str(","),
            Self::Text(text) | Self::Word(text) => f.write_str(text),
        }
    }
}

/// What may stand in a bare word: fields with their path, GUIDs, numbers, times.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || "_-./:$@".contains(c)
}

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, BadFilter> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        tokens.push(match c {
            c if c.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '\'' => Token::Text(quoted(&mut rest)?),
            c if in_word(c) => {
                let mut word = String::from(c);
                while let Some(more) = rest.next_if(|c| in_word(*c)) {
                    word.push(more);
                }
                Token::Word(word)
            }
            other => return Err(BadFilter::Unexpected(other.to_string())),
        });
    }
    Ok(tokens)
}

fn quoted(rest: &mut Peekable<Chars<'_>>) -> Result<String, BadFilter> {
    let mut text = String::new();
    loop {
        match rest.next().ok_or(BadFilter::OpenText)? {
            '\'' if rest.next_if_eq(&'\'').is_some() => text.push('\''),
            '\'' => return Ok(text),
            other => text.push(other),
        }
    }
}
