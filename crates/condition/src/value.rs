//! What is compared.

use jiff::Timestamp;
use uuid::Uuid;

/// One value, of an attribute or as a condition states it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    Moment(Timestamp),
    Guid(Uuid),
}

/// What kind of values an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Integer,
    Boolean,
    Moment,
    Guid,
}

impl Value {
    /// What kind it is of.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Integer(_) => Kind::Integer,
            Self::Boolean(_) => Kind::Boolean,
            Self::Moment(_) => Kind::Moment,
            Self::Guid(_) => Kind::Guid,
        }
    }
}

/// A GUID with or without dashes, and nothing else that could be taken for one.
pub(crate) fn guid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| matches!(text.len(), 32 | 36))
}
