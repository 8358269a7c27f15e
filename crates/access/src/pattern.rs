//! Patterns of actions, as roles write them.
//!
//! Whole strings are compared, ASCII letters without regard to case; `*` stands for any run of
//! characters, `/` too; everything else stands for itself. Blanks around a pattern count for
//! nothing, since the built-in roles have some
//! (<https://learn.microsoft.com/azure/role-based-access-control/role-definitions#actions-format>).

/// The longest action that is folded without allocating; real ones have at most about 120 bytes.
const SHORT_BYTES_MAX: usize = 160;

/// What is folded at once.
const PIECE_BYTES: usize = 32;

/// An action's name in lower case, folded once for many patterns.
#[derive(Debug)]
pub struct Folded {
    short: [u8; SHORT_BYTES_MAX],
    length: usize,
    long: Vec<u8>,
}

impl Folded {
    /// Folds the name of an action.
    pub fn new(action: &str) -> Self {
        let mut folded = Self { short: [0; SHORT_BYTES_MAX], length: 0, long: Vec::new() };
        if let Some(short) = folded.short.get_mut(..action.len()) {
            short.copy_from_slice(action.as_bytes());
            // By pieces, since a length that is known beforehand folds several times as fast.
            let (pieces, _) = folded.short.as_chunks_mut::<PIECE_BYTES>();
            let pieces = pieces.iter_mut().take(action.len().div_ceil(PIECE_BYTES));
            pieces.for_each(|piece| piece.make_ascii_lowercase());
            folded.length = action.len();
        } else {
            folded.long = action.as_bytes().to_ascii_lowercase();
        }
        folded
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        if self.long.is_empty() {
            self.short.get(..self.length).unwrap_or_default()
        } else {
            &self.long
        }
    }
}

/// A pattern, taken apart at its stars and folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Shape);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Everything,
    Exactly(Box<[u8]>),
    /// One star: what stands before it, and what behind. All built-in roles need no more.
    Around(Box<[u8]>, Box<[u8]>),
    /// Several stars: the first and the last piece are anchored, those between float.
    Pieces(Box<[u8]>, Box<[Box<[u8]>]>, Box<[u8]>),
}

impl Pattern {
    /// Reads a pattern; any text is one.
    pub fn new(text: &str) -> Self {
        let folded = text.trim().to_ascii_lowercase();
        let mut pieces: Vec<Box<[u8]>> =
            folded.split('*').map(|piece| piece.as_bytes().into()).collect();
        let last = pieces.pop().unwrap_or_default();
        if pieces.is_empty() {
            return Self(Shape::Exactly(last));
        }
        let first = pieces.remove(0);
        pieces.retain(|piece| !piece.is_empty());
        Self(match (pieces.is_empty(), first.is_empty() && last.is_empty()) {
            (true, true) => Shape::Everything,
            (true, false) => Shape::Around(first, last),
            (false, _) => Shape::Pieces(first, pieces.into(), last),
        })
    }

    /// Whether the action is one that the pattern means.
    pub fn matches(&self, action: &Folded) -> bool {
        let action = action.bytes();
        match &self.0 {
            Shape::Everything => true,
            Shape::Exactly(text) => **text == *action,
            Shape::Around(first, last) => between(action, first, last).is_some(),
            Shape::Pieces(first, pieces, last) => {
                between(action, first, last).is_some_and(|middle| floats(middle, pieces))
            }
        }
    }
}

/// What stands between the two ends, where the text has both and they do not overlap.
fn between<'a>(text: &'a [u8], first: &[u8], last: &[u8]) -> Option<&'a [u8]> {
    text.strip_prefix(first)?.strip_suffix(last)
}

/// Whether the pieces stand in the text, in this order: each may take the first place it finds.
fn floats(text: &[u8], pieces: &[Box<[u8]>]) -> bool {
    let mut rest = text;
    pieces.iter().all(|piece| {
        let found = rest.windows(piece.len()).position(|window| window == &**piece);
        let behind = found.and_then(|at| rest.get(at + piece.len()..));
        rest = behind.unwrap_or_default();
        behind.is_some()
    })
}

#[cfg(test)]
mod tests;
