//! What a browser sends: the fields of a query or a form, and files.

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::trouble::Trouble;

/// More fields than any page of ours has.
const FIELDS_MAX: usize = 4_000;

/// Fields in order; one name may stand several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    pairs: Vec<(String, String)>,
    files: Vec<File>,
}

/// A file that came with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    field: String,
    /// What it was called where it came from; anybody's text.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Fields {
    /// The fields of a query, or of a form that is sent like one.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Trouble> {
        let pairs = form_urlencoded::parse(text).into_owned().take(FIELDS_MAX.saturating_add(1));
        let pairs: Vec<_> = pairs.collect();
        if pairs.len() > FIELDS_MAX {
            return Err(Trouble::Garbled("it has too many fields"));
        }
        Ok(Self { pairs, files: Vec::new() })
    }

    /// The form in a body.
    pub(crate) async fn of_body(
        headers: &HeaderMap,
        body: Body,
        bytes_max: usize,
    ) -> Result<Self, Trouble> {
        let collected = Limited::new(body, bytes_max).collect().await;
        let bytes = collected.map_err(|error| {
            if error.is::<LengthLimitError>() {
                Trouble::TooLarge(bytes_max)
            } else {
                Trouble::Garbled("it did not arrive whole")
            }
        })?;
        let bytes = bytes.to_bytes();
        let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
        match kind.map(|kind| (kind, multer::parse_boundary(kind))) {
            Some((_, Ok(boundary))) => Self::of_parts(bytes.to_vec(), boundary).await,
            Some((kind, Err(_))) if kind.starts_with("application/x-www-form-urlencoded") => {
                Self::parse(&bytes)
            }
            Some(_) | None => Err(Trouble::Garbled("it is no form")),
        }
    }

    /// A form with files; the bytes are bounded already.
    async fn of_parts(bytes: Vec<u8>, boundary: String) -> Result<Self, Trouble> {
        let bad = |_| Trouble::Garbled("its parts cannot be told apart");
        let mut parts = multer::Multipart::new(Body::from(bytes).into_data_stream(), boundary);
        let mut fields = Self::default();
        while let Some(part) = parts.next_field().await.map_err(bad)? {
            if fields.pairs.len().saturating_add(fields.files.len()) >= FIELDS_MAX {
                return Err(Trouble::Garbled("it has too many fields"));
            }
            let field = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(bad)?;
            if let Some(name) = file {
                fields.files.push(File { field, name, bytes: bytes.to_vec() });
            } else {
                let text = String::from_utf8(bytes.to_vec());
                let text = text.map_err(|_| Trouble::Garbled("a field is not text"))?;
                fields.pairs.push((field, text));
            }
        }
        Ok(fields)
    }

    /// The value of a field; an empty one counts as absent. Of several, the first.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every field, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same without files, where it is no more than so many bytes.
    pub(crate) fn light(self, bytes_max: usize) -> Option<Self> {
        let bytes = self.pairs().map(|(name, value)| name.len().saturating_add(value.len()));
        let bytes = bytes.fold(0_usize, usize::saturating_add);
        (bytes <= bytes_max).then_some(Self { files: Vec::new(), ..self })
    }

    /// The file of a field; one that nobody chose is none.
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|it| it.field == name && !it.bytes.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_light_without_its_files_up_to_a_bound() {
        let mut fields = Fields::parse(b"a=12&bc=3").unwrap();
        let file = File { field: "f".to_owned(), name: "n".to_owned(), bytes: vec![0; 99] };
        fields.files.push(file);
        assert_eq!(fields.clone().light(5), None);
        let light = fields.light(6).unwrap();
        assert_eq!((light.get("a"), light.file("f")), (Some("12"), None));
    }
}
