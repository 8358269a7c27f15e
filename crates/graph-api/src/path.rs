//! What a path names.

use crate::failure::Failure;

/// More segments than any path of Graph's that is served.
const SEGMENTS_MAX: usize = 12;
/// The longest segment: a sign-in name, or a role assignment's id.
const SEGMENT_BYTES_MAX: usize = 256;

/// The one version that is served.
const VERSION: &str = "v1.0";

/// A path without its version: names and keys, decoded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(pub(crate) Vec<String>);

/// A key that stands in parentheses by a name of its own: `applications(appId='…')`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Id(String),
    Named(String, String),
}

impl Path {
    /// Reads `/v1.0/…`.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let mut raw = text.split('/').filter(|it| !it.is_empty());
        match raw.next() {
            Some(version) if version.eq_ignore_ascii_case(VERSION) => {}
            Some(_) | None => return Err(Failure::NoVersion),
        }
        let mut segments = Vec::new();
        for segment in raw {
            let bad = || Failure::NoSegment(segment.chars().take(80).collect());
            let segment = decoded(segment).ok_or_else(bad)?;
            match segment.strip_suffix(')').and_then(|it| it.split_once('(')) {
                Some((name, key)) => segments.extend([name.to_owned(), unquoted(key)]),
                None => segments.push(segment),
            }
            if segments.len() > SEGMENTS_MAX {
                return Err(bad());
            }
        }
        Ok(Self(segments))
    }
}

impl Key {
    /// What a segment in a key's place says.
    pub(crate) fn read(segment: &str) -> Self {
        match segment.split_once('=') {
            Some((name, value)) => Self::Named(name.to_owned(), unquoted(value)),
            None => Self::Id(segment.to_owned()),
        }
    }
}

fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    inner.map_or_else(|| text.to_owned(), |it| it.replace("''", "'"))
}

/// The segment with its percent signs undone, if that is text of a sane length.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high << 4 | low).ok()?
            }
            plain => plain,
        });
    }
    let text = String::from_utf8(bytes).ok()?;
    let sane = text.len() <= SEGMENT_BYTES_MAX && !text.chars().any(|c| c.is_control() || c == '/');
    sane.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(text: &str) -> Option<Vec<String>> {
        Path::parse(text).ok().map(|it| it.0)
    }

    #[test]
    fn keys_stand_between_slashes_or_in_parentheses() {
        for (text, expected) in [
            ("/v1.0/users", vec!["users"]),
            ("/V1.0//users/a%40b.c/", vec!["users", "a@b.c"]),
            ("/v1.0/users('a@b.c')/memberOf", vec!["users", "a@b.c", "memberOf"]),
            ("/v1.0/applications(appId='7')", vec!["applications", "appId='7'"]),
            ("/v1.0/users('o''neil@b.c')", vec!["users", "o'neil@b.c"]),
            ("/v1.0/groups/1/members/$ref", vec!["groups", "1", "members", "$ref"]),
        ] {
            let expected = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(segments(text), Some(expected), "{text}");
        }
        assert_eq!(Key::read("appId='7'"), Key::Named("appId".to_owned(), "7".to_owned()));
        assert_eq!(Key::read("7"), Key::Id("7".to_owned()));
    }

    #[test]
    fn what_is_no_path_of_this_version_is_refused() {
        let long = format!("/v1.0/{}", "a".repeat(300));
        let deep = format!("/v1.0/{}", "a/".repeat(40));
        for text in [
            "",
            "/",
            "/beta/users",
            "/users",
            "/v1.0/a%2fb",
            "/v1.0/%zz",
            "/v1.0/%ff",
            "/v1.0/a%00",
            &long,
            &deep,
        ] {
            assert_eq!(segments(text), None, "{text}");
        }
    }
}
