//! What a write left behind.

/// The new state of what was written, and whether it is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put<T> {
    Created(T),
    Updated(T),
    /// It stood there just so; nothing was written.
    Unchanged(T),
}

impl<T> Put<T> {
    /// The state, whichever way it came about.
    pub fn into_inner(self) -> T {
        match self {
            Self::Created(it) | Self::Updated(it) | Self::Unchanged(it) => it,
        }
    }

    /// 201 for what is new, else 200.
    pub fn status(&self) -> u16 {
        match self {
            Self::Created(_) => 201,
            Self::Updated(_) | Self::Unchanged(_) => 200,
        }
    }
}
