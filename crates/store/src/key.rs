//! Where rows are kept, and in which order lists find them.

use std::{fmt, ops::Bound, str::FromStr, sync::Arc};

use jiff::Timestamp;

/// Where a row is kept: its kind and its whole name. A bare GUID cannot become one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Arc<str>);

impl Key {
    /// The key of a thing whose name ignores ASCII case.
    pub fn folded(kind: &str, name: &str) -> Self {
        Self(format!("{kind}:{}", name.to_ascii_lowercase()).into())
    }

    /// The key of a thing whose name counts to the letter.
    pub fn exact(kind: &str, name: &str) -> Self {
        Self(format!("{kind}:{name}").into())
    }

    /// A key that an engine had kept.
    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// The text an engine keeps.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an index sorts a row by: parts, one after the other, so that comparing bytes compares
/// parts, and what begins with a part's bytes begins with that part.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tuple(Vec<u8>);

/// Ends a part of text. A zero inside text is followed by 255, so that no text holds this.
const END: [u8; 2] = [0, 1];

impl Tuple {
    /// No parts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A tuple that an engine had kept.
    pub fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes an engine keeps.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// One more part: text, folded.
    #[must_use]
    pub fn text(mut self, part: impl fmt::Display) -> Self {
        for byte in part.to_string().bytes() {
            self.0.push(byte.to_ascii_lowercase());
            if byte == 0 {
                self.0.push(u8::MAX);
            }
        }
        self.0.extend(END);
        self
    }

    /// As many parts as the path has segments, so that `rg1` is no beginning of `rg10`.
    #[must_use]
    pub fn path(self, path: &str) -> Self {
        path.split('/').filter(|segment| !segment.is_empty()).fold(self, Self::text)
    }

    /// One more part: a time, earlier first.
    #[must_use]
    pub fn time(mut self, at: Timestamp) -> Self {
        self.0.extend(ordinal(at).to_be_bytes());
        self
    }

    /// One more part: a time, later first.
    #[must_use]
    pub fn latest_first(mut self, at: Timestamp) -> Self {
        self.0.extend((!ordinal(at)).to_be_bytes());
        self
    }

    /// The first bytes after everything that begins with these; none after all-255.
    fn end(&self) -> Option<Self> {
        let mut bytes = self.0.clone();
        while let Some(last) = bytes.pop() {
            if let Some(next) = last.checked_add(1) {
                bytes.push(next);
                return Some(Self(bytes));
            }
        }
        None
    }
}

/// Microseconds as an unsigned number in the same order.
fn ordinal(at: Timestamp) -> u64 {
    at.as_microsecond().cast_unsigned() ^ (1 << 63)
}

/// That an index finds a row by a tuple.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    pub index: &'static str,
    pub tuple: Tuple,
}

impl Entry {
    /// An entry of that index.
    pub fn new(index: &'static str, tuple: Tuple) -> Self {
        Self { index, tuple }
    }
}

/// A stretch of one index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    pub index: &'static str,
    /// The first tuple that belongs to it.
    pub from: Tuple,
    /// The first tuple past it; none where it reaches to the index's end.
    pub to: Option<Tuple>,
}

impl Range {
    /// Everything whose tuple begins with these parts.
    pub fn under(index: &'static str, parts: Tuple) -> Self {
        Self { index, to: parts.end(), from: parts }
    }

    /// Everything whose tuple begins with these parts and has more.
    pub fn beyond(index: &'static str, parts: Tuple) -> Self {
        let to = parts.end();
        let mut from = parts;
        from.0.push(0);
        Self { index, from, to }
    }

    /// From one tuple up to, and without, what begins with the other.
    pub fn between(index: &'static str, from: Tuple, to: Tuple) -> Self {
        Self { index, from, to: Some(to) }
    }

    /// Where a page begins among places in order: behind the cursor, if that is not before all.
    pub(crate) fn start(&self, after: Option<&Cursor>) -> Bound<(Tuple, Key)> {
        let first = (self.from.clone(), Key::stored(""));
        match after.map(|it| (it.tuple.clone(), it.key.clone())) {
            Some(last) if last >= first => Bound::Excluded(last),
            Some(_) | None => Bound::Included(first),
        }
    }

    /// Whether the tuple lies in it.
    pub fn holds(&self, tuple: &Tuple) -> bool {
        *tuple >= self.from && self.to.as_ref().is_none_or(|to| tuple < to)
    }
}

/// Where a page ended: the next begins after it. Opaque to whoever carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub tuple: Tuple,
    pub key: Key,
}

/// Text that is no cursor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the end of any page")]
pub struct BadCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tuple.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, ".{}", self.key.as_str())
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (digits, key) = text.split_once('.').ok_or(BadCursor)?;
        let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
        if !odd.is_empty() {
            return Err(BadCursor);
        }
        let bytes =
            pairs.iter().copied().map(byte).collect::<Option<Vec<u8>>>().ok_or(BadCursor)?;
        Ok(Self { tuple: Tuple(bytes), key: Key::stored(key) })
    }
}

fn byte([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |d: u8| char::from(d).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

#[cfg(test)]
mod tests;
