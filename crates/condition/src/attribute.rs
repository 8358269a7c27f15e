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
pub enum Part {
    /// All of it.
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
    /// The attribute as a whole, named by the program itself: `@source[path:name]`, or
    /// `@source[path]` where the name is empty.
    ///
    /// # Panics
    ///
    /// Where no condition can name it. What comes from outside is for [`Attribute::whole`].
    pub fn new(source: Source, path: &str, name: &str) -> Self {
        let name = Some(name).filter(|name| !name.is_empty());
        let attribute = Self::of(source, path, name, Part::Whole);
        assert!(attribute.is_sound(), "`{attribute}`, which no condition can name");
        attribute
    }

    /// `@source[path:name]`, or `@source[path]`; none where no condition can name it.
    pub fn whole(source: Source, path: &str, name: Option<&str>) -> Option<Self> {
        Self::sound(source, path, name, Part::Whole)
    }

    /// The value under a key, in whatever case that is asked for: `@source[path:key<$key$>]`; none
    /// where no condition can name it.
    pub fn key(source: Source, path: &str, key: &str) -> Option<Self> {
        Self::sound(source, path, Some(key), Part::Key)
    }

    /// The value under a key that is asked for letter by letter:
    /// `@source[path:key<$key_case_sensitive$>]`; none where no condition can name it.
    pub fn exact_key(source: Source, path: &str, key: &str) -> Option<Self> {
        Self::sound(source, path, Some(key), Part::ExactKey)
    }

    /// All keys: `@source[path&$keys$&]`; none where no condition can name them.
    pub fn keys(source: Source, path: &str) -> Option<Self> {
        Self::sound(source, path, None, Part::Keys)
    }

    /// Where it belongs.
    pub fn source(&self) -> Source {
        self.source
    }

    /// A resource type, mostly; or all there is.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What follows the colon: a name, or a key.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What of it is meant.
    pub fn part(&self) -> Part {
        self.part
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
        Self::sound(source, path, name, part)
    }

    fn sound(source: Source, path: &str, name: Option<&str>, part: Part) -> Option<Self> {
        Some(Self::of(source, path, name, part)).filter(Self::is_sound)
    }

    fn of(source: Source, path: &str, name: Option<&str>, part: Part) -> Self {
        Self { source, path: path.to_owned(), name: name.map(str::to_owned), part }
    }

    fn is_sound(&self) -> bool {
        let fits = match self.part {
            Part::Whole => true,
            Part::Key | Part::ExactKey => self.name.is_some(),
            Part::Keys => self.name.is_none(),
        };
        fits && is_path(&self.path) && self.name().is_none_or(is_name)
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

#[cfg(test)]
mod tests;
