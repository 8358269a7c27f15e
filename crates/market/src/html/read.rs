//! From a text to a tree, or to all that is wrong with it.

use super::{
    DEPTH_MAX, ELEMENTS, Element, FAULTS_MAX, Fault, Html, Node, Problem, is_seen, reference,
};

/// The longest piece of a text that a fault repeats.
const QUOTED_CHARS_MAX: usize = 20;
/// The longest reference that is looked up; those that exist are shorter.
const REFERENCE_CHARS_MAX: usize = 12;
/// What HTML takes for space in a tag.
const SPACE: [char; 5] = [' ', '\t', '\n', '\r', '\u{C}'];

/// Reads a description. Every fault is told, up to [`FAULTS_MAX`] of them, in the text's order.
pub fn parse(text: &str) -> Result<Html, Vec<Fault>> {
    let mut reader = Reader { text, rest: text, ..Reader::default() };
    while let Some(first) = reader.rest.chars().next() {
        match first {
            '<' => reader.tag(),
            '&' => reader.reference(),
            _ => reader.run(),
        }
        if reader.is_over {
            break;
        }
    }
    reader.end()
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    /// What was not read yet.
    rest: &'a str,
    /// What is outside of every element.
    nodes: Vec<Node>,
    open: Vec<Open>,
    faults: Vec<Fault>,
    /// Whether nothing that follows could be told apart any more, or be told.
    is_over: bool,
}

/// An element that is not closed yet.
struct Open {
    element: Element,
    at: usize,
    nodes: Vec<Node>,
}

/// What a tag says.
enum Tag {
    Break,
    Opens(Element),
    Closes(Element),
}

impl<'a> Reader<'a> {
    fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn fault(&mut self, at: usize, problem: Problem) {
        self.faults.push(Fault { at, problem });
        self.is_over |= self.faults.len() >= FAULTS_MAX;
    }

    fn add(&mut self, node: Node) {
        let nodes = self.open.last_mut().map_or(&mut self.nodes, |it| &mut it.nodes);
        match (nodes.last_mut(), node) {
            (Some(Node::Text(before)), Node::Text(more)) => before.push_str(&more),
            (_, node) => nodes.push(node),
        }
    }

    /// Text up to what may be markup.
    fn run(&mut self) {
        let at = self.at();
        let run = self.take(self.rest.find(['<', '&']).unwrap_or(self.rest.len()));
        let text = run.replace("\r\n", "\n").replace('\r', "\n");
        if let Some((offset, letter)) =
            run.char_indices().find(|(_, letter)| *letter != '\r' && !is_seen(*letter))
        {
            self.fault(at + offset, Problem::Unseen(letter));
        }
        self.add(Node::Text(text));
    }

    fn reference(&mut self) {
        let at = self.at();
        let after = self.rest.get(1..).unwrap_or_default();
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '#';
        let end = after.find(|letter| !is_part(letter)).unwrap_or(after.len());
        let (name, beyond) = after.split_at_checked(end).unwrap_or_default();
        let letter = match (name.is_empty(), beyond.starts_with(';')) {
            (true, _) => Some('&'),
            (false, true) if end <= REFERENCE_CHARS_MAX => reference::letter(name),
            // Without the semicolon a browser decodes some and leaves others: neither is meant.
            (false, _) => None,
        };
        let length = 1 + end + usize::from(!name.is_empty() && beyond.starts_with(';'));
        let written = self.take(length);
        match letter {
            Some(letter) => self.add(Node::Text(letter.to_string())),
            None => self.fault(at, Problem::Reference(quoted(written))),
        }
    }

    fn tag(&mut self) {
        let at = self.at();
        let after = self.rest.get(1..).unwrap_or_default();
        if after.starts_with(['!', '?']) {
            let end = if after.starts_with("!--") { "-->" } else { ">" };
            self.take(self.rest.find(end).map_or(self.rest.len(), |found| found + end.len()));
            return self.fault(at, Problem::Comment);
        }
        if !after.trim_start_matches('/').starts_with(|it: char| it.is_ascii_alphabetic()) {
            self.take(1);
            return self.fault(at, Problem::NoTag);
        }
        let end = after.find(['<', '>']).unwrap_or(after.len());
        let (inside, beyond) = after.split_at_checked(end).unwrap_or_default();
        let is_whole = beyond.starts_with('>');
        self.take(1 + end + usize::from(is_whole));
        match read_tag(inside) {
            Err(problem) => self.fault(at, problem),
            Ok(_) if !is_whole => self.fault(at, Problem::Endless),
            Ok(Tag::Break) => self.add(Node::Break),
            Ok(Tag::Opens(_)) if self.open.len() >= DEPTH_MAX => {
                self.fault(at, Problem::TooDeep);
                self.is_over = true;
            }
            Ok(Tag::Opens(element)) => self.open.push(Open { element, at, nodes: Vec::new() }),
            Ok(Tag::Closes(element)) => self.close(element, at),
        }
    }

    fn close(&mut self, element: Element, at: usize) {
        if !self.open.iter().any(|it| it.element == element) {
            return self.fault(at, Problem::ClosesNothing(element.name()));
        }
        while let Some(innermost) = self.open.pop() {
            let is_it = innermost.element == element;
            if !is_it {
                self.fault(innermost.at, Problem::Unclosed(innermost.element.name()));
            }
            self.add(Node::Element(innermost.element, innermost.nodes));
            if is_it {
                return;
            }
        }
    }

    fn end(mut self) -> Result<Html, Vec<Fault>> {
        if !self.is_over {
            for it in std::mem::take(&mut self.open) {
                self.fault(it.at, Problem::Unclosed(it.element.name()));
            }
        }
        if self.faults.is_empty() {
            return Ok(Html { nodes: self.nodes });
        }
        self.faults.sort_by_key(|it| it.at);
        self.faults.truncate(FAULTS_MAX);
        Err(self.faults)
    }
}

/// What stands between the angle brackets.
fn read_tag(inside: &str) -> Result<Tag, Problem> {
    let (closes, name) = inside.strip_prefix('/').map_or((false, inside), |name| (true, name));
    let end = name.find(SPACE).unwrap_or(name.len());
    let (name, more) = name.split_at_checked(end).unwrap_or_default();
    let more = more.trim_matches(SPACE);
    let is_break = |name: &str| name.eq_ignore_ascii_case("br");
    if !closes && (is_break(name) || is_break(name.trim_end_matches('/'))) {
        let is_bare = more.is_empty() || more == "/";
        return if is_bare { Ok(Tag::Break) } else { Err(Problem::Attribute("br")) };
    }
    if closes && is_break(name) {
        return Err(Problem::ClosesNothing("br"));
    }
    let letters = name.split('/').next().unwrap_or_default();
    let known = ELEMENTS.into_iter().find(|it| it.name().eq_ignore_ascii_case(letters));
    let element = known.ok_or_else(|| Problem::Forbidden(quoted(name)))?;
    if !more.is_empty() || letters != name {
        return Err(Problem::Attribute(element.name()));
    }
    Ok(if closes { Tag::Closes(element) } else { Tag::Opens(element) })
}

/// A piece of the text that is short and can be shown.
fn quoted(text: &str) -> String {
    text.chars().filter(|letter| is_seen(*letter)).take(QUOTED_CHARS_MAX).collect()
}
