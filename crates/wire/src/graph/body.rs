//! What is read of a body. What would be lost is refused by its name: nothing is called done that
//! was not.

use serde_json::{Map, Value};

/// Why a body is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBody {
    #[error("The request body is not a JSON object.")]
    NotAnObject,
    #[error("The property '{0}' is required.")]
    Missing(&'static str),
    #[error("Invalid value specified for property '{0}' of the resource.")]
    Invalid(&'static str),
    #[error("The property '{0}' is not kept here. Leave it out.")]
    NotKept(String),
}

/// The most of somebody's text that an error repeats.
const QUOTED_CHARS_MAX: usize = 80;

/// A body's properties that nobody has read yet.
#[derive(Clone, Debug)]
pub struct Body(Map<String, Value>);

impl Body {
    /// Reads an object; nothing at all is an empty one.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadBody> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(map)) => Ok(Self(map)),
            Ok(_) | Err(_) => Err(BadBody::NotAnObject),
        }
    }

    /// The property as it is; none where it is absent or null.
    pub fn value(&mut self, name: &str) -> Option<Value> {
        self.0.shift_remove(name).filter(|it| !it.is_null())
    }

    /// Whether the property is there, be it null.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, BadBody> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(BadBody::Invalid(name)),
        }
    }

    /// A text that must be there.
    pub fn required(&mut self, name: &'static str) -> Result<String, BadBody> {
        self.text(name)?.filter(|it| !it.is_empty()).ok_or(BadBody::Missing(name))
    }

    /// True or false.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>, BadBody> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(BadBody::Invalid(name)),
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, BadBody> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let Value::Array(items) = value else { return Err(BadBody::Invalid(name)) };
        let text = |item: Value| match item {
            Value::String(text) => Ok(text),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => Err(BadBody::Invalid(name)),
        };
        items.into_iter().map(text).collect::<Result<_, _>>().map(Some)
    }

    /// An object inside.
    pub fn object(&mut self, name: &'static str) -> Result<Option<Self>, BadBody> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Self(map))),
            Some(_) => Err(BadBody::Invalid(name)),
        }
    }

    /// A list of objects.
    pub fn objects(&mut self, name: &'static str) -> Result<Option<Vec<Self>>, BadBody> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let Value::Array(items) = value else { return Err(BadBody::Invalid(name)) };
        let object = |item: Value| match item {
            Value::Object(map) => Ok(Self(map)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Err(BadBody::Invalid(name)),
        };
        items.into_iter().map(object).collect::<Result<_, _>>().map(Some)
    }

    /// Ends the reading. What is left and says something would be lost.
    pub fn finish(self) -> Result<(), BadBody> {
        let says = |(name, value): &(String, Value)| {
            let annotation = name.starts_with("@odata.");
            let empty = match value {
                Value::Null => true,
                Value::Bool(flag) => !flag,
                Value::Array(items) => items.is_empty(),
                Value::Object(map) => map.is_empty(),
                Value::String(_) | Value::Number(_) => false,
            };
            !annotation && !empty
        };
        match self.0.into_iter().find(says) {
            Some((name, _)) => Err(BadBody::NotKept(name.chars().take(QUOTED_CHARS_MAX).collect())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_lost_is_refused_by_its_name_and_what_says_nothing_is_not() {
        let body = |text: &str| Body::parse(text.as_bytes()).unwrap().finish();
        for silent in ["", " ", "{}", r#"{"a":null,"b":[],"c":{},"d":false,"@odata.type":"x"}"#] {
            assert_eq!(body(silent), Ok(()), "{silent}");
        }
        assert_eq!(body(r#"{"city":"Oslo"}"#), Err(BadBody::NotKept("city".to_owned())));
        for no_object in ["[]", "1", "{", "\"a\""] {
            assert_eq!(Body::parse(no_object.as_bytes()).err(), Some(BadBody::NotAnObject));
        }
    }

    #[test]
    fn a_property_is_of_its_type_or_refused() {
        let body = || Body::parse(br#"{"t":"x","f":true,"l":["a"],"n":null,"m":[1]}"#).unwrap();
        assert_eq!(body().text("t"), Ok(Some("x".to_owned())));
        assert_eq!(body().text("n"), Ok(None));
        assert_eq!(body().text("f"), Err(BadBody::Invalid("f")));
        assert_eq!(body().flag("f"), Ok(Some(true)));
        assert_eq!(body().flag("t"), Err(BadBody::Invalid("t")));
        assert_eq!(body().texts("l"), Ok(Some(vec!["a".to_owned()])));
        assert_eq!(body().texts("m"), Err(BadBody::Invalid("m")));
        assert_eq!(body().required("z"), Err(BadBody::Missing("z")));
        assert!(body().has("n") && !body().has("z"));
    }
}
