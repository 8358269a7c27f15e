//! What is known of one request when a condition is held against it.

use crate::{attribute::Attribute, value::Value};

/// How much is known of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// It is this.
    Is(T),
    /// There certainly is none.
    Absent,
    /// There may be one.
    Unknown,
}

/// What is done, and the attributes of the one who does it, of what it is done to, and of the
/// request. Of an attribute that is not listed nothing is known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    action: &'a str,
    sub_operation: Known<&'a str>,
    attributes: Vec<(Attribute, Known<Vec<Value>>)>,
}

impl<'a> Facts<'a> {
    /// That this is done, in a way that is not known.
    pub fn new(action: &'a str) -> Self {
        Self { action, sub_operation: Known::Unknown, attributes: Vec::new() }
    }

    /// In which way it is done.
    #[must_use]
    pub fn done_by(self, sub_operation: Known<&'a str>) -> Self {
        Self { sub_operation, ..self }
    }

    /// What is known of an attribute, whatever was said of it before.
    #[must_use]
    pub fn with(mut self, attribute: Attribute, known: Known<Vec<Value>>) -> Self {
        self.attributes.retain(|(other, _)| !attribute.means(other));
        self.attributes.push((attribute, known));
        self
    }

    pub(crate) fn action(&self) -> &str {
        self.action
    }

    pub(crate) fn sub_operation(&self) -> &Known<&'a str> {
        &self.sub_operation
    }

    /// An attribute without values is none.
    pub(crate) fn attribute(&self, attribute: &Attribute) -> Known<&[Value]> {
        match self.attributes.iter().find(|(listed, _)| attribute.means(listed)) {
            Some((_, Known::Is(values))) if values.is_empty() => Known::Absent,
            Some((_, Known::Is(values))) => Known::Is(values),
            Some((_, Known::Absent)) => Known::Absent,
            Some((_, Known::Unknown)) | None => Known::Unknown,
        }
    }
}
