//! YAML as a tree whose every node knows where it stands. Bounded; without anchors and tags,
//! which a world does not need and an attacker would like.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use serde_json::{Map, Number, Value as Json};

use crate::fault::{Faults, Position};

/// A world of 10,000 subscriptions is about 2 MiB.
pub(crate) const BYTES_MAX: usize = 8 * 1024 * 1024;
/// The schema needs about ten; properties of a resource may nest deeper.
const DEPTH_MAX: usize = 48;
/// Keeps the tree of the largest file within memory.
const NODES_MAX: usize = 500_000;

/// One value of the file.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    /// `plain`: written without quotes, so that `true` and `1` are what they look like.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: Position,
    pub(crate) value: Node,
}

impl Node {
    /// Whether it was written as nothing, `~` or `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// What kind of value it is, as a person would say it.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "nothing",
            Value::Scalar { .. } => "a plain value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The value as JSON, by YAML's core schema.
    pub(crate) fn json(&self) -> Json {
        match &self.value {
            Value::Scalar { text, plain: false } => Json::String(text.clone()),
            Value::Scalar { text, plain: true } => scalar(text),
            Value::List(items) => items.iter().map(Self::json).collect(),
            Value::Map(entries) => Json::Object(object(entries)),
        }
    }
}

/// A mapping as a JSON object.
pub(crate) fn object(entries: &[Entry]) -> Map<String, Json> {
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
    let real = || text.parse::<f64>().ok().and_then(Number::from_f64);
    let number = if numeric { whole().or_else(real) } else { None };
    number.map_or_else(|| Json::String(text.to_owned()), Json::Number)
}

/// The file's one document. `None`: it is no YAML, or out of bounds, as the faults say.
pub(crate) fn parse(text: &str, faults: &mut Faults) -> Option<Node> {
    if text.len() > BYTES_MAX {
        let message = format!("a world has at most {BYTES_MAX} bytes");
        faults.add(Position { line: 1, column: 1 }, message);
        return None;
    }
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let step = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => Err((position(*error.marker()), error.info().to_owned())),
        };
        if let Err((at, message)) = step {
            faults.add(at, message);
            return None;
        }
    }
    if builder.root.is_none() {
        faults.add(Position { line: 1, column: 1 }, "the file is empty");
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

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

impl Builder {
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
                return refuse("a world is one document");
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
            return Err((at, format!("a world nests at most {DEPTH_MAX} deep")));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refused> {
        match self.open.pop() {
            Some(Open::List(at, items)) => self.place(Node { at, value: Value::List(items) }),
            Some(Open::Map(at, entries, _)) => self.place(Node { at, value: Value::Map(entries) }),
            None => Ok(()),
        }
    }

    fn place(&mut self, node: Node) -> Result<(), Refused> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err((node.at, format!("a world has at most {NODES_MAX} values")));
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
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        let mut faults = Faults::default();
        let node = parse(text, &mut faults);
        let shown = faults.settle(node.map(|it| it.json().to_string()));
        let shown = shown.map(Option::unwrap_or_default).map_err(|all| all[0].to_string());
        assert_eq!(shown, expected.map(str::to_owned).map_err(str::to_owned), "{text:?}");
    }

    #[test]
    fn plain_words_are_what_they_look_like_and_quoted_ones_are_text() {
        check(
            "{a: 1, b: '1', c: true, d: no, e: ~}",
            Ok(r#"{"a":1,"b":"1","c":true,"d":"no","e":null}"#),
        );
        check("[1.5, -3, 1e3, 10.0.0.1, inf, .]", Ok(r#"[1.5,-3,1000.0,"10.0.0.1","inf","."]"#));
        check("text: |\n  one\n  two\n", Ok(r#"{"text":"one\ntwo\n"}"#));
    }

    #[test]
    fn what_a_world_does_not_need_is_refused_where_it_stands() {
        check("a: &x 1\nb: *x\n", Err("1:4: anchors are not supported"));
        check("a: !!str 1\n", Err("1:4: tags are not supported"));
        check("a: 1\n---\nb: 1\n", Err("2:1: a world is one document"));
        check("", Err("1:1: the file is empty"));
        check("[1]: 2\n", Err("1:1: a key must be a plain word"));
    }

    #[test]
    fn a_file_without_end_has_one() {
        let deep = "[".repeat(60);
        let wide = format!("[{}]", "1,".repeat(NODES_MAX + 1));
        for text in [deep, wide, "a".repeat(BYTES_MAX + 1)] {
            let mut faults = Faults::default();
            assert!(parse(&text, &mut faults).is_none());
            assert_eq!(faults.settle(()).unwrap_err().len(), 1);
        }
    }
}
