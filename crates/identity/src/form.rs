//! A form as browsers and OAuth clients send it: `application/x-www-form-urlencoded`.

/// More fields than any client sends.
const FIELDS_MAX: usize = 64;

/// A body, or a query, that is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadForm {
    #[error("the body is not text")]
    NotText,
    #[error("the body has more than {FIELDS_MAX} fields")]
    TooMany,
    /// OAuth forbids it (RFC 6749, section 3.2), since two readers might pick different ones.
    #[error("a field is given twice")]
    Repeated,
}

/// The fields of a form, each given once.
#[derive(Clone)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a body.
    pub fn parse(body: &[u8]) -> Result<Self, BadForm> {
        let text = str::from_utf8(body).map_err(|_| BadForm::NotText)?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(BadForm::Repeated);
            }
            if fields.len() == FIELDS_MAX {
                return Err(BadForm::TooMany);
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    /// The value of a field; an empty one counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(known, _)| known == name)?;
        Some(field.1.as_str()).filter(|value| !value.is_empty())
    }

    /// The same with that field, whatever it was.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same fields as a query.
    pub fn query(&self) -> String {
        let pairs = self.0.iter().map(|(name, value)| (encoded(name), encoded(value)));
        let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// Text as a query or a form carries it.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut safe, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            let _infallible = write!(safe, "%{byte:02X}");
        }
        safe
    })
}

/// Undoes `+` and `%xx`. A `%` that starts no byte stands for itself, as in browsers.
pub(crate) fn decoded(text: &str) -> Result<String, BadForm> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let (byte, after) = match (first, tail) {
            (b'+', _) => (b' ', tail),
            (b'%', [high, low, after @ ..]) => match hex(*high).zip(hex(*low)) {
                Some((high, low)) => (high << 4 | low, after),
                None => (first, tail),
            },
            _ => (first, tail),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| BadForm::NotText)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let form = Form::parse(b"scope=a%2Fb+c%20d&empty=&&flag&odd=100%&caf%C3%A9=x").unwrap();
        assert_eq!(form.get("scope"), Some("a/b c d"));
        assert_eq!(form.get("odd"), Some("100%"));
        assert_eq!(form.get("café"), Some("x"));
        for absent in ["empty", "flag", "other"] {
            assert_eq!(form.get(absent), None, "{absent}");
        }
    }

    #[test]
    fn a_form_is_written_so_that_it_is_read_the_same() {
        let form = Form::parse(b"scope=a%2Fb+c&state=%26%3D%22%3C%C3%A9").unwrap();
        let written = form.query();
        assert_eq!(written, "scope=a%2Fb%20c&state=%26%3D%22%3C%C3%A9");
        let read = Form::parse(written.as_bytes()).unwrap();
        assert_eq!(read.query(), written);
        assert_eq!(read.with("state", "x").query(), "scope=a%2Fb%20c&state=x");
    }

    #[test]
    fn a_field_given_twice_or_without_end_is_refused() {
        let many = (0..=FIELDS_MAX).map(|n| format!("f{n}=1")).collect::<Vec<_>>().join("&");
        let cases: [(&[u8], BadForm); 4] = [
            (b"scope=a&sc%6Fpe=b", BadForm::Repeated),
            (many.as_bytes(), BadForm::TooMany),
            (b"a=%ff", BadForm::NotText),
            (b"\xff", BadForm::NotText),
        ];
        for (body, expected) in cases {
            assert_eq!(Form::parse(body).err(), Some(expected));
        }
    }
}
