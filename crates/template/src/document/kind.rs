//! What a parameter or an output may be.

use serde_json::Value;

/// The type of a parameter or output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    String,
    SecureString,
    Int,
    Bool,
    Object,
    SecureObject,
    Array,
}

impl Kind {
    pub(crate) fn read(name: &str) -> Option<Self> {
        let kinds = [
            Kind::String,
            Kind::SecureString,
            Kind::Int,
            Kind::Bool,
            Kind::Object,
            Kind::SecureObject,
            Kind::Array,
        ];
        kinds.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// As ARM's answers spell it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::String => "String",
            Kind::SecureString => "SecureString",
            Kind::Int => "Int",
            Kind::Bool => "Bool",
            Kind::Object => "Object",
            Kind::SecureObject => "SecureObject",
            Kind::Array => "Array",
        }
    }

    /// Whether values of it are never shown again.
    pub fn is_secure(self) -> bool {
        matches!(self, Kind::SecureString | Kind::SecureObject)
    }

    /// The JSON types it takes, in the words of ARM's messages.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Kind::String | Kind::SecureString => "String, Uri",
            Kind::Int => "Integer",
            Kind::Bool => "Boolean",
            Kind::Object | Kind::SecureObject => "Object",
            Kind::Array => "Array",
        }
    }

    pub(crate) fn takes(self, value: &Value) -> bool {
        match self {
            Kind::String | Kind::SecureString => value.is_string(),
            Kind::Int => value.is_i64(),
            Kind::Bool => value.is_boolean(),
            Kind::Object | Kind::SecureObject => value.is_object(),
            Kind::Array => value.is_array(),
        }
    }
}
