//! Reading a request's body so that a refusal can say which field is wrong.
//!
//! ARM reads names without regard to case, takes `null` for absence and passes over what it does
//! not know; so does this.

use std::{fmt::Display, str::FromStr};

use serde_json::{Map, Value};

/// The most of somebody's text that an error repeats.
const QUOTED_CHARS_MAX: usize = 80;

/// Why a body is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadContent {
    #[error("{0}")]
    NotJson(String),
    #[error("Required property '{0}' not found in JSON. Path '{0}'.")]
    Missing(String),
    #[error("The value of property '{path}' must be {expected}. Path '{path}'.")]
    Kind { path: String, expected: &'static str },
    #[error("The value '{value}' of property '{path}' {must}. Path '{path}'.")]
    Value { path: String, value: String, must: String },
}

/// A body, taken apart field by field.
#[derive(Clone, Debug)]
pub struct Content(Value);

/// One value of a body, and where it stands.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    value: &'a Value,
    path: String,
}

/// An object of a body.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    members: &'a Map<String, Value>,
    path: String,
}

impl Content {
    /// Reads JSON; a byte order mark before it counts for nothing.
    pub fn parse(body: &[u8]) -> Result<Self, BadContent> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(BadContent::NotJson("The request content is empty".to_owned()));
        }
        let read = serde_json::from_slice(body);
        read.map(Self).map_err(|error| BadContent::NotJson(error.to_string()))
    }

    /// The body as the object that it must be.
    pub fn fields(&self) -> Result<Fields<'_>, BadContent> {
        Field { value: &self.0, path: String::new() }.fields()
    }
}

impl<'a> Fields<'a> {
    /// The member of that name, if there is one and it is not null.
    pub fn find(&self, name: &str) -> Option<Field<'a>> {
        let exact = self.members.get(name);
        let value = exact.or_else(|| {
            let folded = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
            self.members.iter().find(folded).map(|(_, value)| value)
        })?;
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        (!value.is_null()).then_some(Field { value, path })
    }

    /// The names of all members.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.members.keys().map(String::as_str)
    }

    /// The member of that name.
    pub fn get(&self, name: &str) -> Result<Field<'a>, BadContent> {
        let missing = || {
            let dot = if self.path.is_empty() { "" } else { "." };
            BadContent::Missing(format!("{}{dot}{name}", self.path))
        };
        self.find(name).ok_or_else(missing)
    }
}

impl<'a> Field<'a> {
    fn kind(&self, expected: &'static str) -> BadContent {
        BadContent::Kind { path: self.path.clone(), expected }
    }

    /// A refusal of this value: it `must` be something else.
    pub fn refused(&self, must: impl Display) -> BadContent {
        let shown = self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned);
        let value = shown.chars().filter(|c| !c.is_control()).take(QUOTED_CHARS_MAX).collect();
        BadContent::Value { path: self.path.clone(), value, must: must.to_string() }
    }

    pub fn fields(self) -> Result<Fields<'a>, BadContent> {
        let members = self.value.as_object().ok_or_else(|| self.kind("an object"))?;
        Ok(Fields { members, path: self.path })
    }

    pub fn text(&self) -> Result<&'a str, BadContent> {
        self.value.as_str().ok_or_else(|| self.kind("a string"))
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Result<bool, BadContent> {
        self.value.as_bool().ok_or_else(|| self.kind("true or false"))
    }

    /// A whole number that is not negative.
    pub fn number(&self) -> Result<u64, BadContent> {
        self.value.as_u64().ok_or_else(|| self.kind("a whole number"))
    }

    /// A GUID of the kind that is wanted.
    pub fn guid<T: FromStr>(&self) -> Result<T, BadContent> {
        self.text()?.parse().map_err(|_| self.refused("must be a valid Guid"))
    }

    /// Each item, in order.
    pub fn items(&self) -> Result<Vec<Field<'a>>, BadContent> {
        let items = self.value.as_array().ok_or_else(|| self.kind("an array"))?;
        let at = |(n, value)| Field { value, path: format!("{}[{n}]", self.path) };
        Ok(items.iter().enumerate().map(at).collect())
    }

    /// Whether it says nothing that the whole does not: what it has of it is the same, names
    /// without regard to case. Absent, `null` and an empty list are one.
    pub fn is_within(&self, whole: &Value) -> bool {
        is_within(self.value, whole)
    }

    /// What `read` makes of each item.
    pub fn each<T>(
        &self,
        read: impl Fn(Field<'a>) -> Result<T, BadContent>,
    ) -> Result<Vec<T>, BadContent> {
        self.items()?.into_iter().map(read).collect()
    }
}

fn is_within(part: &Value, whole: &Value) -> bool {
    if let (Value::Object(part), Value::Object(whole)) = (part, whole) {
        let of = |name: &String| whole.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        return part
            .iter()
            .all(|(name, it)| is_within(it, of(name).map_or(&Value::Null, |it| it.1)));
    }
    if let (Value::Array(part), Value::Array(whole)) = (part, whole) {
        return part.len() == whole.len() && part.iter().zip(whole).all(|(a, b)| is_within(a, b));
    }
    part == whole || (is_nothing(part) && is_nothing(whole))
}

fn is_nothing(it: &Value) -> bool {
    it.is_null() || it.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn read(body: &str) -> Result<Vec<Uuid>, BadContent> {
        let content = Content::parse(body.as_bytes())?;
        let items = content.fields()?.get("properties")?.fields()?.get("ids")?;
        items.each(|item| item.fields()?.get("id")?.guid())
    }

    #[track_caller]
    fn refuses(body: &str, expected: &str) {
        assert_eq!(read(body).unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_refusal_names_the_field() {
        refuses("{}", "Required property 'properties' not found in JSON. Path 'properties'.");
        refuses(
            r#"{"properties":{"ids":null}}"#,
            "Required property 'properties.ids' not found in JSON. Path 'properties.ids'.",
        );
        refuses(
            r#"{"properties":{"ids":7}}"#,
            "The value of property 'properties.ids' must be an array. Path 'properties.ids'.",
        );
        refuses(
            r#"{"properties":{"ids":[{"id":"00000000-0000-0000-0000-000000000000"},{"id":"ada"}]}}"#,
            "The value 'ada' of property 'properties.ids[1].id' must be a valid Guid. Path 'properties.ids[1].id'.",
        );
    }

    #[test]
    fn names_are_read_without_regard_to_case_and_strangers_passed_over() {
        let body = "\u{feff}{\"more\":1,\"Properties\":{\"IDS\":[{\"Id\":\"00000000-0000-0000-0000-000000000000\"}]}}";
        assert_eq!(read(body), Ok(vec![Uuid::nil()]));
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_refused() {
        for bad in ["", "  ", "{", "nope", &"[".repeat(100_000)] {
            assert!(matches!(read(bad), Err(BadContent::NotJson(_))), "{bad:.9}");
        }
        assert!(matches!(read("[]"), Err(BadContent::Kind { .. })));
    }
}
