//! The little HTML that a description may hold.
//!
//! What is read is kept as a tree of known elements and text, and what is shown is written from
//! that tree: nothing that an author typed reaches a page as it is. So `<scr<script>ipt>` has no
//! way around a filter; there is none.

mod read;
mod reference;

use std::fmt::{self, Write as _};

pub use read::parse;

/// How deep elements stand in each other at most: lists in lists are deep at five.
pub const DEPTH_MAX: usize = 16;
/// How many faults of one text are told.
pub const FAULTS_MAX: usize = 20;

/// An element that stands around something. None has an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    B,
    I,
    Em,
    P,
    Ul,
    Ol,
    Li,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
}

/// The elements that there are, besides `br`
/// (<https://learn.microsoft.com/partner-center/marketplace-offers/supported-html-tags>; `em` is
/// accepted by another guideline).
pub const ELEMENTS: [Element; 13] = [
    Element::B,
    Element::I,
    Element::Em,
    Element::P,
    Element::Ul,
    Element::Ol,
    Element::Li,
    Element::H1,
    Element::H2,
    Element::H3,
    Element::H4,
    Element::H5,
    Element::H6,
];

impl Element {
    /// As it is written between the angle brackets.
    pub fn name(self) -> &'static str {
        match self {
            Self::B => "b",
            Self::I => "i",
            Self::Em => "em",
            Self::P => "p",
            Self::Ul => "ul",
            Self::Ol => "ol",
            Self::Li => "li",
            Self::H1 => "h1",
            Self::H2 => "h2",
            Self::H3 => "h3",
            Self::H4 => "h4",
            Self::H5 => "h5",
            Self::H6 => "h6",
        }
    }

    fn is_inline(self) -> bool {
        matches!(self, Self::B | Self::I | Self::Em)
    }
}

/// A piece of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// As a reader sees it: nothing in it is markup.
    Text(String),
    Break,
    Element(Element, Vec<Node>),
}

/// A description that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html {
    pub nodes: Vec<Node>,
}

impl Html {
    /// The words alone, with a space where an element or a line ends: `managed <b>services</b>` are
    /// managed services.
    pub fn words(&self) -> String {
        let mut words = String::new();
        add_words(&self.nodes, &mut words);
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn add_words(nodes: &[Node], words: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => words.push_str(text),
            Node::Break => words.push(' '),
            Node::Element(element, inner) => {
                let space = if element.is_inline() { "" } else { " " };
                words.push_str(space);
                add_words(inner, words);
                words.push_str(space);
            }
        }
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.nodes.iter().try_for_each(|node| write!(f, "{node}"))
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => escape(text, f),
            Self::Break => f.write_str("<br>"),
            Self::Element(element, inner) => {
                let name = element.name();
                write!(f, "<{name}>")?;
                inner.iter().try_for_each(|node| write!(f, "{node}"))?;
                write!(f, "</{name}>")
            }
        }
    }
}

/// Text in which nothing is markup any more, in an element or in a quoted attribute.
pub fn escape(text: &str, into: &mut impl fmt::Write) -> fmt::Result {
    text.chars().try_for_each(|letter| match letter {
        '<' => into.write_str("&lt;"),
        '>' => into.write_str("&gt;"),
        '&' => into.write_str("&amp;"),
        '"' => into.write_str("&quot;"),
        '\'' => into.write_str("&#39;"),
        other => into.write_char(other),
    })
}

/// Something that a description must not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes from the start.
    pub at: usize,
    pub problem: Problem,
}

/// What is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("`<{0}>` is none of {list}", list = list())]
    Forbidden(String),
    #[error("`<{0}>` takes nothing besides its name")]
    Attribute(&'static str),
    #[error("`<` begins no tag: write `&lt;`")]
    NoTag,
    #[error("a tag has no end")]
    Endless,
    #[error("comments and declarations are not shown: leave them out")]
    Comment,
    #[error("`<{0}>` is not closed")]
    Unclosed(&'static str),
    #[error("`</{0}>` closes nothing")]
    ClosesNothing(&'static str),
    #[error("elements stand in each other deeper than {DEPTH_MAX}")]
    TooDeep,
    #[error("`{0}` is no character reference that is known: write `&amp;` for an ampersand")]
    Reference(String),
    #[error("the character U+{:04X} cannot be seen", u32::from(*.0))]
    Unseen(char),
}

fn list() -> String {
    let mut list = String::new();
    for element in ELEMENTS {
        // Writing to a string does not fail.
        let _ = write!(list, "`{}`, ", element.name());
    }
    list + "`br`"
}

/// Whether a letter may stand in a text: no control characters but those that end lines and set
/// apart, and nothing else without ink of its own: what turns the direction of what is around it,
/// what joins or parts without a width, fillers, tags (<https://www.unicode.org/reports/tr36/>). Two
/// texts that look alike are not to differ by such.
pub(crate) fn is_seen(letter: char) -> bool {
    match letter {
        '\t' | '\n' => true,
        '\u{AD}'
        | '\u{61C}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{FFFE}'
        | '\u{FFFF}'
        | '\u{E0000}'..='\u{E007F}' => false,
        other => !other.is_control(),
    }
}

#[cfg(test)]
mod tests;
