//! What publishers, their offers and their plans are called, and how a plan is pointed at.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::version::Version;

/// The longest piece of somebody's text that an error repeats.
const QUOTED_CHARS_MAX: usize = 80;
/// How few and how many characters each of these ids may have (Product Ingestion schema,
/// `^[a-z0-9][a-z0-9-_]{2,49}$`).
const CHARS: std::ops::RangeInclusive<usize> = 3..=50;
/// What tells a preview's product from the live one in a plan and in a marketplace identifier
/// (managed services REST, 2022-10-01).
const PREVIEW: &str = "-preview";

/// Text that names no publisher, offer or plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no id of a publisher, an offer or a plan: it has 3 to 50 of the characters a-z, 0-9, `-` and `_`, and begins with a letter or a digit"
)]
pub struct BadMarketName(pub String);

/// Declares a name of the marketplace that the compiler will not let stand in for another kind.
macro_rules! name {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name, which is always written in one way.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadMarketName;

            fn from_str(text: &str) -> Result<Self, BadMarketName> {
                legal(text).map(|text| Self(text.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadMarketName;

            fn try_from(text: String) -> Result<Self, BadMarketName> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }

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
    )*};
}

name! {
    /// A publisher, unique in the whole marketplace; stands in the address of its listings.
    PublisherId,
    /// An offer, unique within its publisher. Never ends in `-preview`.
    OfferName,
    /// A plan, unique within its offer.
    PlanName,
}

fn legal(text: &str) -> Result<&str, BadMarketName> {
    let first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let rest = |c: char| first(c) || c == '-' || c == '_';
    let fits = CHARS.contains(&text.len()) && text.starts_with(first) && text.chars().all(rest);
    let quoted = || BadMarketName(text.chars().take(QUOTED_CHARS_MAX).collect());
    if fits { Ok(text) } else { Err(quoted()) }
}

impl OfferName {
    /// Whether it would be taken for the preview of another.
    pub fn ends_like_a_preview(&self) -> bool {
        self.0.ends_with(PREVIEW)
    }
}

/// An offer in the whole marketplace: `publisher.offer`, the catalog's `uniqueProductId`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OfferId {
    pub publisher: PublisherId,
    pub name: OfferName,
}

impl fmt::Display for OfferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.publisher, self.name)
    }
}

/// A plan in the whole marketplace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlanId {
    pub offer: OfferId,
    pub name: PlanName,
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.offer, self.name)
    }
}

/// Which of an offer's published contents is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Slot {
    /// What only the preview audience can take.
    Preview,
    /// What stands in the storefront.
    Live,
}

impl Slot {
    pub const ALL: [Self; 2] = [Self::Preview, Self::Live];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Live => "live",
        }
    }

    /// What an offer's product is called there: a preview's ends in `-preview`.
    pub fn product(self, offer: &OfferName) -> String {
        match self {
            Self::Preview => format!("{offer}{PREVIEW}"),
            Self::Live => offer.to_string(),
        }
    }

    /// The offer that such a product is of, and in which slot.
    pub fn of_product(product: &str) -> Result<(OfferName, Self), BadMarketName> {
        match product.strip_suffix(PREVIEW) {
            Some(name) => Ok((name.parse()?, Self::Preview)),
            None => Ok((product.parse()?, Self::Live)),
        }
    }
}

/// A version of a plan's manifest in one of the slots: what `plan` of a registration definition
/// says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlanVersion {
    pub plan: PlanId,
    pub slot: Slot,
    pub version: Version,
}

impl fmt::Display for PlanVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PlanId { offer, name } = &self.plan;
        let product = self.slot.product(&offer.name);
        write!(f, "{}.{product}.{name}.{}", offer.publisher, self.version)
    }
}

/// What a marketplace identifier points at: `publisher[.product[-preview][.plan[.version]]]`
/// (managed services REST, 2022-10-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarketplaceIdentifier {
    /// All that a publisher has live.
    Publisher(PublisherId),
    /// The newest version of each plan of an offer.
    Offer(OfferId, Slot),
    /// The newest version of a plan.
    Plan(PlanId, Slot),
    /// One version of a plan.
    Version(PlanVersion),
}

/// Text that points at nothing in the marketplace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no marketplace identifier: it reads publisher.product.plan.version, publisher.product.plan, publisher.product or publisher"
)]
pub struct BadMarketplaceIdentifier(pub String);

impl FromStr for MarketplaceIdentifier {
    type Err = BadMarketplaceIdentifier;

    fn from_str(text: &str) -> Result<Self, BadMarketplaceIdentifier> {
        let quoted = || text.chars().filter(|c| !c.is_control()).take(QUOTED_CHARS_MAX).collect();
        parse(text).ok_or_else(|| BadMarketplaceIdentifier(quoted()))
    }
}

fn parse(text: &str) -> Option<MarketplaceIdentifier> {
    let mut parts = text.splitn(4, '.');
    let publisher = parts.next()?.parse().ok()?;
    let Some(product) = parts.next() else {
        return Some(MarketplaceIdentifier::Publisher(publisher));
    };
    let (name, slot) = Slot::of_product(product).ok()?;
    let offer = OfferId { publisher, name };
    let Some(plan) = parts.next() else {
        return Some(MarketplaceIdentifier::Offer(offer, slot));
    };
    let plan = PlanId { offer, name: plan.parse().ok()? };
    let Some(version) = parts.next() else {
        return Some(MarketplaceIdentifier::Plan(plan, slot));
    };
    let version = version.parse().ok()?;
    Some(MarketplaceIdentifier::Version(PlanVersion { plan, slot, version }))
}

/// Text that is no partner id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no partner id: it has 1 to 10 digits, and the first is not 0")]
pub struct BadPartnerId(pub String);

/// A company's id in the partner program (formerly MPN id): what its influence is counted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartnerId(u64);

impl FromStr for PartnerId {
    type Err = BadPartnerId;

    fn from_str(text: &str) -> Result<Self, BadPartnerId> {
        let quoted = || BadPartnerId(text.chars().take(QUOTED_CHARS_MAX).collect());
        let plain = (1..=10).contains(&text.len())
            && !text.starts_with('0')
            && text.bytes().all(|b| b.is_ascii_digit());
        if plain { text.parse().map(Self).map_err(|_| quoted()) } else { Err(quoted()) }
    }
}

impl TryFrom<String> for PartnerId {
    type Error = BadPartnerId;

    fn try_from(text: String) -> Result<Self, BadPartnerId> {
        text.parse()
    }
}

impl From<PartnerId> for String {
    fn from(id: PartnerId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for PartnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_the_marketplace_is_lower_case_and_neither_short_nor_long() {
        for good in ["abc", "0a-", "harbor-ops_2", &"a".repeat(50)] {
            assert_eq!(good.parse::<OfferName>().unwrap().as_str(), good);
        }
        for bad in ["", "ab", "Abc", "-ab", "_ab", "a b", "a.b", "åbc", "abc/", &"a".repeat(51)] {
            assert!(bad.parse::<PlanName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_marketplace_identifier_reads_in_four_forms_and_no_other() {
        let (publisher, name): (PublisherId, OfferName) =
            ("harbor".parse().unwrap(), "ops".parse().unwrap());
        let offer = OfferId { publisher: publisher.clone(), name };
        let plan = PlanId { offer: offer.clone(), name: "core".parse().unwrap() };
        let version = "1.2.3".parse().unwrap();
        let whole = PlanVersion { plan: plan.clone(), slot: Slot::Preview, version };
        let cases = [
            ("harbor", MarketplaceIdentifier::Publisher(publisher)),
            ("harbor.ops", MarketplaceIdentifier::Offer(offer, Slot::Live)),
            ("harbor.ops-preview.core", MarketplaceIdentifier::Plan(plan, Slot::Preview)),
            ("harbor.ops-preview.core.1.2.3", MarketplaceIdentifier::Version(whole.clone())),
        ];
        for (text, meant) in cases {
            assert_eq!(text.parse(), Ok(meant));
        }
        assert_eq!(whole.to_string(), "harbor.ops-preview.core.1.2.3");
        for bad in
            ["", ".", "harbor.", "harbor.-preview", "harbor.ops.core.1.2", "harbor.ops.core."]
        {
            assert!(bad.parse::<MarketplaceIdentifier>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_partner_id_is_a_number_written_in_one_way() {
        assert_eq!("6123477".parse::<PartnerId>().unwrap().to_string(), "6123477");
        for bad in ["", "0", "0123", "12345678901", "12a", "-1", "+1", " 1"] {
            assert!(bad.parse::<PartnerId>().is_err(), "{bad:?}");
        }
    }
}
