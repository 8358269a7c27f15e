//! Where something stands in a file.

/// A place in the file; both count from one. The default is nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// A value and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    pub at: Position,
    pub it: T,
}

/// A word of the file, such as a name.
pub type Word = Spanned<String>;
