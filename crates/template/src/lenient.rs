//! Reads the JSON that clients really send for deployments.
//!
//! `az` puts a template file into its request as it lies on disk, behind an unquoted key: with
//! comments, line breaks inside strings and trailing commas. Azure reads that with Newtonsoft's
//! reader, whose leniency this one copies as far as templates use it. What strict JSON says, it
//! says here too. Where a key comes twice, the last one counts.

use serde_json::{Map, Number, Value};

use crate::limits::READ_DEPTH_MAX;

/// Where something stands in a text; both count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Why a text is not readable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at line {}, position {}", .position.line, .position.column)]
pub struct Refused {
    pub problem: Problem,
    pub position: Position,
}

/// What is wrong at that place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("unexpected end of the document")]
    End,
    #[error("unexpected character")]
    Character,
    #[error("malformed number")]
    Number,
    #[error("malformed escape sequence")]
    Escape,
    #[error("unknown literal")]
    Literal,
    #[error("text after the end of the document")]
    Trailing,
    #[error("nesting deeper than {READ_DEPTH_MAX} levels")]
    Depth,
}

/// Reads one document.
pub fn read(text: &str) -> Result<Value, Refused> {
    Reader::new(text, &[]).document()
}

/// Finds where the value of `path` (member names, array indices in decimal) begins in a readable
/// text. Names match without regard to case, as ARM reads them.
pub fn locate(text: &str, path: &[&str]) -> Option<Position> {
    let mut reader = Reader::new(text, path);
    reader.document().ok()?;
    reader.found.map(|at| reader.position(at))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    wanted: &'a [&'a str],
    /// How many segments of `wanted` lead to where the reader is.
    matched: usize,
    found: Option<usize>,
}

type Read<T> = Result<T, Refused>;

impl<'a> Reader<'a> {
    fn new(text: &'a str, wanted: &'a [&'a str]) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, depth: 0, wanted, matched: 0, found: None }
    }

    fn document(&mut self) -> Read<Value> {
        let value = self.value()?;
        self.space()?;
        if self.peek().is_some() {
            return self.refuse(Problem::Trailing);
        }
        Ok(value)
    }

    fn value(&mut self) -> Read<Value> {
        self.space()?;
        match self.peek() {
            None => self.refuse(Problem::End),
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::array),
            Some(quote @ ('"' | '\'')) => self.string(quote).map(Value::String),
            Some('-' | '0'..='9') => self.number(),
            Some(c) if c.is_ascii_alphabetic() => self.literal(),
            Some(_) => self.refuse(Problem::Character),
        }
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Read<Value>) -> Read<Value> {
        if self.depth == READ_DEPTH_MAX {
            return self.refuse(Problem::Depth);
        }
        self.depth += 1;
        self.take();
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Read<Value> {
        let mut members = Map::new();
        loop {
            self.space()?;
            let key = match self.peek() {
                Some('}') => break,
                Some(quote @ ('"' | '\'')) => self.string(quote)?,
                Some(c) if is_name(c) => self.name().to_owned(),
                Some(_) => return self.refuse(Problem::Character),
                None => return self.refuse(Problem::End),
            };
            self.space()?;
            self.expect(':')?;
            let value = self.watched(&key)?;
            members.insert(key, value);
            if self.closes('}')? {
                break;
            }
        }
        self.take();
        Ok(Value::Object(members))
    }

    fn array(&mut self) -> Read<Value> {
        let mut elements = Vec::new();
        loop {
            self.space()?;
            if self.peek() == Some(']') {
                break;
            }
            let value = self.watched(&elements.len().to_string())?;
            elements.push(value);
            if self.closes(']')? {
                break;
            }
        }
        self.take();
        Ok(Value::Array(elements))
    }

    /// Reads the value of a member or element, and notes where it begins if that was asked.
    fn watched(&mut self, key: &str) -> Read<Value> {
        let level = self.depth - 1;
        let leads = self.matched == level
            && self.wanted.get(level).is_some_and(|wanted| wanted.eq_ignore_ascii_case(key));
        if leads {
            self.matched += 1;
            self.space()?;
            if self.matched == self.wanted.len() {
                self.found = Some(self.at);
            }
        }
        let value = self.value();
        self.matched = self.matched.min(level);
        value
    }

    /// After a member or element: a comma, or the end.
    fn closes(&mut self, end: char) -> Read<bool> {
        self.space()?;
        if self.peek() == Some(end) {
            return Ok(true);
        }
        self.expect(',').map(|()| false)
    }

    fn string(&mut self, quote: char) -> Read<String> {
        self.take();
        let mut text = String::new();
        loop {
            let plain = self.while_true(|c| c != quote && c != '\\');
            text.push_str(plain);
            match self.peek() {
                None => return self.refuse(Problem::End),
                Some('\\') => text.push(self.escape()?),
                Some(_) => {
                    self.take();
                    return Ok(text);
                }
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        self.take();
        let escaped = match self.peek() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(c @ ('"' | '\'' | '\\' | '/')) => c,
            Some('u') => return self.unicode(),
            Some(_) => return self.refuse(Problem::Escape),
            None => return self.refuse(Problem::End),
        };
        self.take();
        Ok(escaped)
    }

    /// Standing at the `u`: one code unit, or the two of a surrogate pair.
    fn unicode(&mut self) -> Read<char> {
        let first = self.unit()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.take();
            units.push(self.unit()?);
        }
        let mut decoded = char::decode_utf16(units);
        match (decoded.next(), decoded.next()) {
            (Some(Ok(c)), None) => Ok(c),
            _ => self.refuse(Problem::Escape),
        }
    }

    fn unit(&mut self) -> Read<u16> {
        self.take();
        let digits = self.rest().get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(unit) = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) else {
            return self.refuse(Problem::Escape);
        };
        self.at += 4;
        Ok(unit)
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        let text = self.while_true(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
        match serde_json::from_str::<Number>(text) {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) => self.refuse_at(Problem::Number, start),
        }
    }

    fn literal(&mut self) -> Read<Value> {
        let start = self.at;
        match self.name() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" => Ok(Value::Null),
            _ => self.refuse_at(Problem::Literal, start),
        }
    }

    fn name(&mut self) -> &'a str {
        self.while_true(is_name)
    }

    /// Skips white space and comments.
    fn space(&mut self) -> Read<()> {
        loop {
            self.while_true(char::is_whitespace);
            if self.rest().starts_with("//") {
                self.while_true(|c| c != '\n' && c != '\r');
            } else if let Some(comment) = self.rest().strip_prefix("/*") {
                let Some(length) = comment.find("*/") else {
                    return self.refuse(Problem::End);
                };
                self.at += length + 4;
            } else {
                return Ok(());
            }
        }
    }

    fn expect(&mut self, expected: char) -> Read<()> {
        match self.peek() {
            Some(c) if c == expected => {
                self.take();
                Ok(())
            }
            Some(_) => self.refuse(Problem::Character),
            None => self.refuse(Problem::End),
        }
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

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn refuse<T>(&self, problem: Problem) -> Read<T> {
        self.refuse_at(problem, self.at)
    }

    fn refuse_at<T>(&self, problem: Problem, at: usize) -> Read<T> {
        Err(Refused { problem, position: self.position(at) })
    }

    fn position(&self, at: usize) -> Position {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or_default();
        Position { line, column: last.chars().filter(|&c| c != '\u{feff}').count() + 1 }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests;
