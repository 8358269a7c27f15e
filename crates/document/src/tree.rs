//! A text as a tree whose every node knows where it stands. Bounded; without anchors and tags,
//! which no file of ours needs and an attacker would like.

use std::collections::BTreeSet;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use serde_json::{Map, Number, Value as Json};

use crate::{
    fault::{Faults, quoted},
    place::Position,
    section::Section,
};

/// Our schemas need about ten; properties of a resource may nest deeper.
const DEPTH_MAX: usize = 48;
/// Keeps the tree of the largest file within memory.
const NODES_MAX: usize = 500_000;

/// One kind of file.
#[derive(Debug)]
pub struct Kind {
    /// What the file as a whole is.
    pub root: &'static Section,
    /// The longest text that is read.
    pub bytes_max: usize,
}

/// One value of the file.
#[derive(Debug)]
pub struct Node {
    pub at: Position,
    pub value: Value,
}

/// What a node holds.
#[derive(Debug)]
pub enum Value {
    /// `plain`: written without quotes, so that `true` and `1` are what they look like.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    /// In the order of the file.
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Debug)]
pub struct Entry {
    pub key: String,
    /// Where the key stands.
    pub at: Position,
    pub value: Node,
}

impl Node {
    /// Whether it was written as nothing, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it is that word, letters without regard to case.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.value, Value::Scalar { text, .. } if text.eq_ignore_ascii_case(word))
    }

    /// What kind of value it is, as a person would say it.
    pub fn describe(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "nothing",
            Value::Scalar { .. } => "a plain value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// Where the value of a path stands: keys, and places in lists in decimal. Where the tree ends
    /// before the path does, that is the last value on it.
    pub fn locate(&self, path: &[&str]) -> Position {
        let Some((first, rest)) = path.split_first() else { return self.at };
        self.member(first).map_or(self.at, |node| node.locate(rest))
    }

    fn member(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Scalar { .. } => None,
            Value::List(items) => items.get(name.parse::<usize>().ok()?),
            Value::Map(entries) => {
                let entry = entries.iter().find(|entry| entry.key == name)?;
                Some(&entry.value)
            }
        }
    }

    /// The value as JSON, by YAML's core schema.
    pub fn json(&self) -> Json {
        match &self.value {
            Value::Scalar { text, plain: false } => Json::String(text.clone()),
            Value::Scalar { text, plain: true } => scalar(text),
            Value::List(items) => items.iter().map(Self::json).collect(),
            Value::Map(entries) => Json::Object(object(entries)),
        }
    }
}

/// A mapping as a JSON object.
pub fn object(entries: &[Entry]) -> Map<String, Json> {
    entries.iter().map(|entry| (entry.key.clone(), entry.value.json())).collect()
}

fn scalar(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Json::Null,
        "true" | "True" | "TRUE" => return Json::Bool(true),
        "false" | "False" | "FALSE" => return Json::Bool(false),
        _ => {}
    }
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let whole = || text.parse::<i64>().ok().map(Number::from);
    let natural = || text.parse::<u64>().ok().map(Number::from);
    let real = || text.parse::<f64>().ok().and_then(Number::from_f64);
    let number = if numeric { whole().or_else(natural).or_else(real) } else { None };
    number.map_or_else(|| Json::String(text.to_owned()), Json::Number)
}

/// The file's one document; a key given twice is a fault. `None`: it is no YAML, or out of bounds, as
/// the faults say.
pub fn parse(text: &str, kind: &Kind, faults: &mut Faults) -> Option<Node> {
    let whole = kind.root.one();
    if text.len() > kind.bytes_max {
        let message = format!("{whole} has at most {} bytes", kind.bytes_max);
        faults.add(Position { line: 1, column: 1 }, message);
        return None;
    }
    let mut builder = Builder { whole, open: Vec::new(), root: None, nodes: 0, faults };
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let step = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => Err((position(*error.marker()), error.info().to_owned())),
        };
        if let Err((at, message)) = step {
            builder.faults.add(at, message);
            return None;
        }
    }
    if builder.root.is_none() {
        builder.faults.add(Position { line: 1, column: 1 }, "the file is empty");
    }
    builder.root
}

fn position(marker: Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

type Refused = (Position, String);

/// A list or mapping whose end has not come yet.
enum Open {
    List(Position, Vec<Node>),
    Map(Position, Vec<Entry>, Option<(String, Position)>),
}

struct Builder<'f> {
    /// What a message calls the file.
    whole: String,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    faults: &'f mut Faults,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Refused> {
        let at = position(span.start);
        let refuse = |message: &str| Err((at, message.to_owned()));
        match event {
            Event::Alias(_) => return refuse("aliases are not supported"),
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _)
                if anchor != 0 =>
            {
                return refuse("anchors are not supported");
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => return refuse("tags are not supported"),
            Event::DocumentStart(_) if self.root.is_some() => {
                return refuse(&format!("{} is one document", self.whole));
            }
            Event::Scalar(text, style, ..) => {
                let plain = style == ScalarStyle::Plain;
                let value = Value::Scalar { text: text.into_owned(), plain };
                return self.place(Node { at, value });
            }
            Event::SequenceStart(..) => self.open.push(Open::List(at, Vec::new())),
            Event::MappingStart(..) => self.open.push(Open::Map(at, Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => return self.close(),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        if self.open.len() > DEPTH_MAX {
            return Err((at, format!("{} nests at most {DEPTH_MAX} deep", self.whole)));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refused> {
        match self.open.pop() {
            Some(Open::List(at, items)) => self.place(Node { at, value: Value::List(items) }),
            Some(Open::Map(at, entries, _)) => {
                self.compare(&entries);
                self.place(Node { at, value: Value::Map(entries) })
            }
            None => Ok(()),
        }
    }

    /// A key given twice would mean one thing to us and another to who reads the file next.
    fn compare(&mut self, entries: &[Entry]) {
        let mut seen = BTreeSet::new();
        for entry in entries.iter().filter(|entry| !seen.insert(&entry.key)) {
            self.faults.add(entry.at, format!("{} is given twice", quoted(&entry.key)));
        }
    }

    fn place(&mut self, node: Node) -> Result<(), Refused> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err((node.at, format!("{} has at most {NODES_MAX} values", self.whole)));
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, entries, waiting)) => match waiting.take() {
                Some((key, at)) => entries.push(Entry { key, at, value: node }),
                None => match node.value {
                    Value::Scalar { text, .. } => *waiting = Some((text, node.at)),
                    Value::List(_) | Value::Map(_) => {
                        return Err((node.at, "a key must be a plain word".to_owned()));
                    }
                },
            },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
