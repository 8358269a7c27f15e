//! What is compared.

use jiff::Timestamp;
use uuid::Uuid;

/// One value, of an attribute or as a condition states it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    Moment(Timestamp),
    Guid(Uuid),
}

/// What kind of values an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Integer,
    Boolean,
    Moment,
    Guid,
}

impl Value {
    /// What kind it is of.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Integer(_) => Kind::Integer,
            Self::Boolean(_) => Kind::Boolean,
            Self::Moment(_) => Kind::Moment,
            Self::Guid(_) => Kind::Guid,
        }
    }
}

/// A GUID with or without dashes, and nothing else that could be taken for one.
pub(crate) fn guid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| matches!(text.len(), 32 | 36))
}

/// The year that Azure's calendar begins with.
const FIRST: Timestamp = Timestamp::constant(-62_135_596_800, 0);
/// How many digits of a second Azure keeps.
const FRACTION_DIGITS_MAX: usize = 7;

/// A moment in Azure's form, `yyyy-mm-ddThh:mm:ss.mmmmmmmZ`, also with fewer digits behind the point,
/// without any, and with an offset. What else a calendar's library would take is refused: zones in
/// brackets, leap seconds, and finer parts of a second would not mean what they seem to.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let (whole, rest) = text.split_at_checked("yyyy-mm-ddThh:mm:ss".len())?;
    let (fraction, zone) = rest.split_at(rest.find(['Z', '+', '-'])?);
    let is_fraction = |it: &str| {
        (1..=FRACTION_DIGITS_MAX).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit())
    };
    let is_shaped = has_shape(whole, "0000-00-00T00:00:00")
        && !whole.ends_with("60")
        && (fraction.is_empty() || fraction.strip_prefix('.').is_some_and(is_fraction))
        && (zone == "Z" || has_shape(zone, "+00:00") || has_shape(zone, "-00:00"));
    let moment = text.parse().ok().filter(|_| is_shaped);
    moment.filter(|it| *it >= FIRST)
}

/// Whether a text is this one with any digits in the places of zeros.
fn has_shape(text: &str, shape: &str) -> bool {
    let is_so = |(it, place): (u8, u8)| it == place || (place == b'0' && it.is_ascii_digit());
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(is_so)
}
