//! Resource groups.

use ids::{guid::SubscriptionId, name::GroupName};
use model::tree::{ResourceGroup, Tags};

use crate::{error::Error, plane::Plane, regions};

pub mod delete;
pub mod put;
pub mod read;

/// Azure's bounds on tags (ARM contract, §1.10).
const TAGS_MAX: usize = 50;
const TAG_KEY_CHARS_MAX: usize = 512;
const TAG_VALUE_CHARS_MAX: usize = 256;

/// Longer than any region's name.
const LOCATION_CHARS_MAX: usize = 64;

/// Why a resource group was not written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The location property is required for this definition.")]
    NoLocation,
    #[error(
        "Invalid resource group location '{wanted}'. The Resource group already exists in location '{is}'."
    )]
    OtherLocation { wanted: String, is: String },
    #[error("Resource group '{0}' could not be found.")]
    NotFound(GroupName),
    #[error(transparent)]
    Location(#[from] BadLocation),
    #[error(transparent)]
    Tags(#[from] BadTags),
}

/// Why tags cannot be kept.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTags {
    #[error("A resource can have at most {TAGS_MAX} tags.")]
    TooMany,
    #[error(
        "The tag name '{0}' is not valid: 1 to {TAG_KEY_CHARS_MAX} characters, none of < > % & \\ ? /."
    )]
    Name(String),
    #[error("The value of the tag '{0}' is longer than {TAG_VALUE_CHARS_MAX} characters.")]
    Value(String),
    #[error("The tag names '{0}' and '{1}' differ in case only.")]
    Twice(String, String),
}

/// Tags as they may be kept.
pub(crate) fn tags(tags: Tags) -> Result<Tags, BadTags> {
    let mut seen = std::collections::BTreeMap::new();
    for (key, value) in &tags {
        let length = key.chars().count();
        let legal = key.chars().all(|c| !c.is_control() && !"<>%&\\?/".contains(c));
        if length == 0 || length > TAG_KEY_CHARS_MAX || !legal {
            return Err(BadTags::Name(key.chars().take(80).collect()));
        }
        if value.chars().count() > TAG_VALUE_CHARS_MAX {
            return Err(BadTags::Value(key.clone()));
        }
        if let Some(other) = seen.insert(key.to_ascii_lowercase(), key) {
            return Err(BadTags::Twice(other.clone(), key.clone()));
        }
    }
    if tags.len() > TAGS_MAX { Err(BadTags::TooMany) } else { Ok(tags) }
}

/// A location that no region has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "The provided location '{0}' is not available. `az account list-locations` lists those that are."
)]
pub struct BadLocation(String);

/// A location as it is compared and kept: lower-case, without spaces, and known. Absent where it
/// is empty.
pub(crate) fn location(text: Option<&str>) -> Result<Option<String>, BadLocation> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let folded: String = text.chars().filter(|c| *c != ' ').collect();
    let folded = folded.to_ascii_lowercase();
    if regions::is_known(&folded) { Ok(Some(folded)) } else { Err(unknown(text)) }
}

/// The place of a group, which is one region.
pub(crate) fn region(text: Option<&str>) -> Result<Option<String>, BadLocation> {
    let known = location(text)?;
    match known {
        Some(wider) if !regions::is_region(&wider) => Err(unknown(&wider)),
        Some(_) | None => Ok(known),
    }
}

fn unknown(text: &str) -> BadLocation {
    BadLocation(text.chars().filter(char::is_ascii_graphic).take(LOCATION_CHARS_MAX).collect())
}

/// The id of a group, as the store knows it.
pub type GroupId = (SubscriptionId, GroupName);

/// Whether the group is there, for a request that has passed the front door's judgement.
pub async fn exists(
    plane: &Plane,
    subscription: SubscriptionId,
    name: &GroupName,
) -> Result<bool, Error> {
    let found = plane.store.find::<ResourceGroup>(&(subscription, name.clone())).await?;
    found.open(&plane.store, |_, group| Ok(group.is_some())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_keep_to_their_bounds() {
        let one = |key: &str, value: &str| tags(Tags::from([(key.to_owned(), value.to_owned())]));
        assert!(one("cost center", "42").is_ok());
        assert_eq!(one("a/b", ""), Err(BadTags::Name("a/b".to_owned())));
        assert_eq!(one("", ""), Err(BadTags::Name(String::new())));
        assert_eq!(one("k", &"v".repeat(257)), Err(BadTags::Value("k".to_owned())));
        let many = (0..51).map(|n| (format!("k{n}"), String::new())).collect();
        assert_eq!(tags(many), Err(BadTags::TooMany));
        let twice = Tags::from([("A".to_owned(), String::new()), ("a".to_owned(), String::new())]);
        assert_eq!(tags(twice), Err(BadTags::Twice("A".to_owned(), "a".to_owned())));
    }

    #[test]
    fn a_location_is_the_same_with_and_without_spaces() {
        assert_eq!(location(Some("West Europe")), Ok(Some("westeurope".to_owned())));
        assert_eq!(location(Some(" ")), Ok(None));
        let long = "a".repeat(65);
        for bad in ["mars", "\u{202e}mars", "mars\0", "a/b", "west\neurope", long.as_str()] {
            assert!(location(Some(bad)).is_err(), "{bad:?}");
        }
        assert_eq!(location(Some("Global")), Ok(Some("global".to_owned())));
        assert!(region(Some("Global")).is_err(), "a group lies in one region");
    }
}
