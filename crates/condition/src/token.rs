//! The words and signs of a condition.

use crate::{
    attribute::{Attribute, Source, is_space},
    refused::{ConditionError, Problem, shown},
};

/// A word or sign, and the number of its first character, counted from 1.
pub(crate) type Placed<'a> = (usize, Token<'a>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    Open,
    Close,
    OpenSet,
    CloseSet,
    Comma,
    And,
    Or,
    Not,
    /// What stood in quotes. There is no way to write a quote in it.
    Text(&'a str),
    /// A name, a number, a GUID: what it is, its place tells.
    Word(&'a str),
    Attribute(Attribute),
    End,
}

impl Token<'_> {
    /// As a refusal repeats it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Open => "(".to_owned(),
            Self::Close => ")".to_owned(),
            Self::OpenSet => "{".to_owned(),
            Self::CloseSet => "}".to_owned(),
            Self::Comma => ",".to_owned(),
            Self::And => "AND".to_owned(),
            Self::Or => "OR".to_owned(),
            Self::Not => "!".to_owned(),
            Self::Text(text) => format!("'{}'", shown(text)),
            Self::Word(word) => shown(word),
            Self::Attribute(attribute) => shown(&attribute.to_string()),
            Self::End => "the end".to_owned(),
        }
    }
}

/// All of a text, without its end.
pub(crate) fn tokens(text: &str) -> Result<Vec<Placed<'_>>, ConditionError> {
    let mut reader = Reader { rest: text, at: 1 };
    let mut found = Vec::new();
    loop {
        reader.take_while(is_space);
        let at = reader.at;
        let Some(token) = reader.token()? else { return Ok(found) };
        found.push((at, token));
    }
}

struct Reader<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn token(&mut self) -> Result<Option<Token<'a>>, ConditionError> {
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        let sign = match first {
            '(' => Token::Open,
            ')' => Token::Close,
            '{' => Token::OpenSet,
            '}' => Token::CloseSet,
            ',' => Token::Comma,
            '!' => Token::Not,
            '&' => return self.double('&', Token::And).map(Some),
            '|' => return self.double('|', Token::Or).map(Some),
            '\'' => return self.text().map(Some),
            '@' => return self.attribute().map(Some),
            it if is_word(it) => return Ok(Some(word(self.take_while(is_word)))),
            other => return Err(self.refused(Problem::Character(other))),
        };
        self.take(first);
        Ok(Some(sign))
    }

    fn double(&mut self, letter: char, sign: Token<'a>) -> Result<Token<'a>, ConditionError> {
        let at = self.at;
        self.take(letter);
        if self.take(letter) {
            Ok(sign)
        } else {
            Err(ConditionError { at, what: Problem::Character(letter) })
        }
    }

    fn text(&mut self) -> Result<Token<'a>, ConditionError> {
        let start = self.at;
        self.take('\'');
        let text = self.take_while(|it| it != '\'' && !it.is_control());
        self.close('\'', (start, '\''))?;
        Ok(Token::Text(text))
    }

    fn attribute(&mut self) -> Result<Token<'a>, ConditionError> {
        let start = self.at;
        self.take('@');
        let name = self.take_while(is_word);
        let source = Source::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(name));
        let unknown = || Problem::UnknownSource(shown(name));
        let source = source.ok_or_else(|| ConditionError { at: start, what: unknown() })?;
        let open = self.at;
        if !self.take('[') {
            let found = self.rest.chars().next().map(String::from);
            let found = found.map_or_else(|| Token::End.shown(), |it| shown(&it));
            return Err(self.refused(Problem::Unexpected { wanted: "`[`", found }));
        }
        let inner = self.take_while(|it| it != ']' && (!it.is_control() || is_space(it)));
        self.close(']', (open, '['))?;
        let none = || ConditionError { at: open, what: Problem::NoAttribute(shown(inner.trim())) };
        Attribute::read(source, inner).map(Token::Attribute).ok_or_else(none)
    }

    /// Takes what closes the one that stands there.
    fn close(&mut self, letter: char, (at, open): (usize, char)) -> Result<(), ConditionError> {
        if self.take(letter) {
            return Ok(());
        }
        match self.rest.chars().next() {
            Some(other) => Err(self.refused(Problem::Character(other))),
            None => Err(ConditionError { at, what: Problem::Unclosed(open) }),
        }
    }

    fn take(&mut self, letter: char) -> bool {
        let Some(rest) = self.rest.strip_prefix(letter) else { return false };
        (self.rest, self.at) = (rest, self.at + 1);
        true
    }

    fn take_while(&mut self, is_of_it: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|it| !is_of_it(it)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        (self.rest, self.at) = (rest, self.at + taken.chars().count());
        taken
    }

    fn refused(&self, what: Problem) -> ConditionError {
        ConditionError { at: self.at, what }
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':')
}

fn word(word: &str) -> Token<'_> {
    let names = [("and", Token::And), ("or", Token::Or), ("not", Token::Not)];
    let known = names.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
    known.map_or(Token::Word(word), |(_, token)| token)
}
