//! What a condition asks about: `@Source[kind:name]`.

use std::fmt;

/// Where an attribute belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// What is asked for.
    Request,
    /// What it is asked of.
    Resource,
    /// Who asks.
    Principal,
    /// When, and from where.
    Environment,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 4] = [Self::Request, Self::Resource, Self::Principal, Self::Environment];

    /// As Azure's documentation spells it, without `@`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Resource => "Resource",
            Self::Principal => "Principal",
            Self::Environment => "Environment",
        }
    }
}

/// What of an attribute is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Whole,
    /// `<$key$>`: the value under the key that the name is, whatever its case.
    Key,
    /// `<$key_case_sensitive$>`: the same, letter by letter.
    ExactKey,
    /// `&$keys$&`: all keys, no values.
    Keys,
}

const KEY: &str = "<$key$>";
const EXACT_KEY: &str = "<$key_case_sensitive$>";
const KEYS: &str = "&$keys$&";

/// An attribute, as it was spelled. Whether two spellings mean one is for [`Attribute::means`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    source: Source,
    /// A resource type, mostly; or all there is.
    path: String,
    /// What follows the colon.
    name: Option<String>,
    part: Part,
}

impl Attribute {
    /// The attribute as a whole: `@source[path:name]`, or `@source[path]` where the name is empty.
    pub fn new(source: Source, path: &str, name: &str) -> Self {
        let name = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
        Self { source, path: path.to_owned(), name, part: Part::Whole }
    }

    /// What stands in brackets; none where it is no attribute.
    pub(crate) fn read(source: Source, inner: &str) -> Option<Self> {
        let inner = inner.trim_matches(is_space);
        let (inner, part) = [(KEY, Part::Key), (EXACT_KEY, Part::ExactKey), (KEYS, Part::Keys)]
            .into_iter()
            .find_map(|(mark, part)| Some((inner.strip_suffix(mark)?, part)))
            .unwrap_or((inner, Part::Whole));
        let (path, name) = match inner.split_once(':') {
            Some((path, name)) => (path, Some(name)),
            None => (inner, None),
        };
        let fits = match part {
            Part::Whole => true,
            Part::Key | Part::ExactKey => name.is_some(),
            Part::Keys => name.is_none(),
        };
        let is_sound = fits && is_path(path) && name.is_none_or(is_name);
        let name = name.map(str::to_owned);
        is_sound.then(|| Self { source, path: path.to_owned(), name, part })
    }

    /// Whether both spellings mean one attribute: types and names compare without case, and keys
    /// where the mark says so.
    pub fn means(&self, other: &Self) -> bool {
        let is_name = match (&self.name, &other.name) {
            (Some(one), Some(two)) if self.part == Part::ExactKey => one == two,
            (Some(one), Some(two)) => one.eq_ignore_ascii_case(two),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        is_name
            && self.source == other.source
            && self.part == other.part
            && self.path.eq_ignore_ascii_case(&other.path)
    }
}

pub(crate) fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

fn is_path(text: &str) -> bool {
    let is_letter = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_');
    text.split('/').all(|segment| !segment.is_empty() && segment.chars().all(is_letter))
}

/// A tag's key may hold nearly anything; not what would be taken for the end, or for a mark.
fn is_name(text: &str) -> bool {
    let is_ours =
        |it: char| matches!(it, '[' | ']' | '<' | '>' | '$' | '&' | '\'') || it.is_control();
    !text.is_empty() && text.trim() == text && !text.contains(is_ours)
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}[{}", self.source.name(), self.path)?;
        if let Some(name) = &self.name {
            write!(f, ":{name}")?;
        }
        f.write_str(match self.part {
            Part::Whole => "]",
            Part::Key => "<$key$>]",
            Part::ExactKey => "<$key_case_sensitive$>]",
            Part::Keys => "&$keys$&]",
        })
    }
}
