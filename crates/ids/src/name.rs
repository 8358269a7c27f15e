//! Names in a path: compared without regard to ASCII case, shown as they were written.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::{Arc, LazyLock},
};

use unicode_normalization::is_nfc;
use uuid::Uuid;

/// Azure's bound on a resource's name.
const NAME_CHARS_MAX: usize = 260;
/// Azure's bound on a resource group's name.
const GROUP_NAME_CHARS_MAX: usize = 90;
/// The longest piece of somebody's text that an error repeats.
const QUOTED_CHARS_MAX: usize = 80;

/// Words of types that stand in ids by the million; sorted.
const WORDS: [&str; 7] = [
    "Microsoft.Authorization",
    "Microsoft.ManagedServices",
    "denyAssignments",
    "locks",
    "registrationAssignments",
    "registrationDefinitions",
    "roleAssignments",
];

/// The same as names: each is kept once, whichever ids it stands in.
static SHARED: LazyLock<[Name; WORDS.len()]> = LazyLock::new(|| WORDS.map(|it| Name(it.into())));

/// A segment that cannot stand in an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot stand in an id")]
pub struct BadName(pub String);

impl BadName {
    fn quoting(text: &str) -> Self {
        Self(text.chars().filter(|c| !c.is_control()).take(QUOTED_CHARS_MAX).collect())
    }
}

/// The name of a resource, a type, a namespace or a management group.
///
/// At most 260 characters, in normalization form C, without control characters, without the
/// marks that turn the writing direction, and without any of `< > % & : \ ? /`
/// (Azure's resource provider contract, v2).
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(Arc<str>);

impl Name {
    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name is this word, letters without regard to case.
    pub fn is(&self, word: &str) -> bool {
        self.0.eq_ignore_ascii_case(word)
    }

    /// The form that keys and comparisons use.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The GUID that it is, letters without regard to case.
    pub fn guid(&self) -> Option<Uuid> {
        // Of the forms of a GUID, names have the hyphenated one.
        (self.0.len() == 36).then(|| Uuid::try_parse(&self.0).ok()).flatten()
    }

    /// Reads a word of a type, of which the usual ones are kept once for all.
    pub(crate) fn word(text: &str) -> Result<Self, BadName> {
        let known = WORDS.binary_search(&text).ok().and_then(|place| SHARED.get(place));
        known.map_or_else(|| text.parse(), |known| Ok(known.clone()))
    }
}

impl From<Uuid> for Name {
    fn from(guid: Uuid) -> Self {
        Self(Arc::from(&*guid.hyphenated().encode_lower(&mut Uuid::encode_buffer())))
    }
}

/// Whether the character makes what follows it read the other way round, so that text can look like
/// what it is not.
pub fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What no name has, of what ASCII has to offer besides control characters.
const FORBIDDEN: &[u8] = b"<>%&:\\?/";

fn legal_ascii(byte: u8) -> bool {
    !byte.is_ascii_control() && !FORBIDDEN.contains(&byte)
}

fn legal(c: char) -> bool {
    u8::try_from(c)
        .ok()
        .filter(u8::is_ascii)
        .map_or_else(|| !c.is_control() && !turns_direction(c), legal_ascii)
}

/// Whether all of it may stand in a name, and is as normalization form C has it.
fn is_legal(text: &str) -> bool {
    if text.is_ascii() {
        return text.bytes().all(legal_ascii);
    }
    text.chars().all(legal) && is_nfc(text)
}

impl FromStr for Name {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let length = text.chars().count();
        let fits = (1..=NAME_CHARS_MAX).contains(&length) && is_legal(text);
        if !fits || text == "." || text == ".." {
            return Err(BadName::quoting(text));
        }
        Ok(Self(text.into()))
    }
}

/// The name of a resource group: at most 90 letters, digits and `-_().`, not ending in `.`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(Name);

impl GroupName {
    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The form that keys and comparisons use.
    pub fn folded(&self) -> String {
        self.0.folded()
    }
}

impl FromStr for GroupName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let legal = |c: char| c.is_alphanumeric() || "-_().".contains(c);
        let fits = text.chars().count() <= GROUP_NAME_CHARS_MAX && text.chars().all(legal);
        if !fits || text.ends_with('.') {
            return Err(BadName::quoting(text));
        }
        text.parse().map(Self)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        let folded = |byte: u8| byte.to_ascii_lowercase();
        self.0.bytes().map(folded).cmp(other.0.bytes().map(folded))
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Eight letters at a time: access checks hash names by the million.
        let (words, rest) = self.0.as_bytes().as_chunks::<8>();
        for word in words {
            state.write_u64(u64::from_le_bytes(word.map(|b| b.to_ascii_lowercase())));
        }
        let last = rest.iter().fold(0xff, |sum, b| sum << 8 | u64::from(b.to_ascii_lowercase()));
        state.write_u64(last);
    }
}

/// What both kinds of name can be turned into, and out of.
macro_rules! textual {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.as_str())
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadName;

            fn try_from(text: String) -> Result<Self, BadName> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }
    )*};
}

textual!(Name, GroupName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_kept_but_does_not_count() {
        let (a, b): (Name, Name) = ("Vault".parse().unwrap(), "vAULT".parse().unwrap());
        assert_eq!((&a, a.cmp(&b)), (&b, Ordering::Equal));
        assert_eq!(a.to_string(), "Vault");
    }

    #[test]
    fn the_usual_words_are_kept_once_as_they_are_spelled() {
        assert!(WORDS.is_sorted());
        for word in WORDS {
            let (one, other) = (Name::word(word).unwrap(), Name::word(word).unwrap());
            assert!(Arc::ptr_eq(&one.0, &other.0) && one.as_str() == word);
            let loud = Name::word(&word.to_uppercase()).unwrap();
            assert_eq!((loud.as_str(), &loud), (&*word.to_uppercase(), &one));
        }
        assert!(Name::word("a/b").is_err());
    }

    #[test]
    fn a_name_has_no_path_in_it_and_no_disguise() {
        let long = "n".repeat(261);
        let decomposed = "re\u{301}sume";
        for bad in ["", ".", "..", "a/b", "a\\b", "a%b", "a\u{202e}b", "a\nb", decomposed, &long] {
            assert!(bad.parse::<Name>().is_err(), "{bad:?}");
        }
        for good in ["a b", "résumé", "a.b", "...", "$web", &"n".repeat(260)] {
            assert!(good.parse::<Name>().is_ok(), "{good:?}");
        }
    }

    #[test]
    fn a_group_name_keeps_to_its_few_letters() {
        for bad in ["", "a b", "a.", "a$", &"g".repeat(91)] {
            assert!(bad.parse::<GroupName>().is_err(), "{bad:?}");
        }
        for good in ["rg1", "Rg_(1).x-y", "gruppå"] {
            assert!(good.parse::<GroupName>().is_ok(), "{good:?}");
        }
    }
}
