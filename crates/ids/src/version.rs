//! The number of a manifest.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Which manifest of a plan: three numbers, of which later ones are higher
/// (<https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-plans>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version([u32; 3]);

/// A text that numbers no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a manifest's version is three numbers, as in `1.2.5`, each without leading zeros and at most {}",
    u32::MAX
)]
pub struct BadVersion;

impl Version {
    /// Major, minor and patch.
    pub fn numbers(self) -> [u32; 3] {
        self.0
    }
}

impl FromStr for Version {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let mut numbers = text.split('.').map(number);
        let mut next = || numbers.next().flatten().ok_or(BadVersion);
        let version = Self([next()?, next()?, next()?]);
        if numbers.next().is_some() { Err(BadVersion) } else { Ok(version) }
    }
}

/// One of the three: written in the only way that there is.
fn number(text: &str) -> Option<u32> {
    let parsed: u32 = text.parse().ok()?;
    (parsed.to_string() == text).then_some(parsed)
}

impl TryFrom<String> for Version {
    type Error = BadVersion;

    fn try_from(text: String) -> Result<Self, BadVersion> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_are_a_version_and_nothing_else_is() {
        for text in ["0.0.0", "1.2.5", "10.0.4294967295"] {
            assert_eq!(text.parse::<Version>().map(|it| it.to_string()).as_deref(), Ok(text));
        }
        for text in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "1.2.",
            "v1.2.3",
            "1.2.3-beta",
            "01.2.3",
            "+1.2.3",
            "1.2.4294967296",
            " 1.2.3",
            "1.2.-3",
            "１.2.3",
        ] {
            assert_eq!(text.parse::<Version>(), Err(BadVersion), "{text:?}");
        }
    }

    #[test]
    fn versions_are_ordered_by_number_and_not_by_letter() {
        let parse = |text: &str| text.parse::<Version>().unwrap();
        assert!(parse("1.10.0") > parse("1.9.9"));
        assert!(parse("2.0.0") > parse("1.99.99"));
    }
}
