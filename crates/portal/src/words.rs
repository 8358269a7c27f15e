//! How things are said on pages: times, counts, ids.

use ids::guid::TenantId;
use jiff::{SignedDuration, Timestamp};

/// A moment as pages show it: how long ago in words, the exact one behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) ago: String,
    /// ISO 8601, UTC.
    pub(crate) exact: String,
}

impl Moment {
    pub(crate) fn new(at: Timestamp, now: Timestamp) -> Self {
        let exact = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self { ago: ago(now.duration_since(at)), exact }
    }
}

/// How long ago something was, or how soon it will be.
fn ago(passed: SignedDuration) -> String {
    let (length, later) = (passed.abs(), passed.is_negative());
    let seconds = length.as_secs();
    if seconds < 45 {
        return if later { "in a moment" } else { "just now" }.to_owned();
    }
    let units = [
        (86_400 * 365, "year"),
        (86_400 * 30, "month"),
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
    ];
    let found = units.into_iter().find(|(unit, _)| seconds >= *unit);
    let (unit, name) = found.unwrap_or((60, "minute"));
    let count = (seconds / unit).max(1);
    let words = counted(usize::try_from(count).unwrap_or(usize::MAX), name);
    if later { format!("in {words}") } else { format!("{words} ago") }
}

/// `1 subscription`, `2 subscriptions`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => {
            format!("{count} {stem}ies")
        }
        _ => format!("{count} {noun}s"),
    }
}

/// Text as one word of a shell, whatever it holds.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// An id of which a page shows the beginning, the whole on hover, and a button that copies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Id {
    pub(crate) short: String,
    pub(crate) whole: String,
}

impl Id {
    pub(crate) fn new(whole: impl ToString) -> Self {
        let whole = whole.to_string();
        Self { short: whole.chars().take(8).collect(), whole }
    }
}

impl From<TenantId> for Id {
    fn from(tenant: TenantId) -> Self {
        Self::new(tenant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_the_largest_unit_that_fits() {
        let cases = [
            (0, "just now"),
            (44, "just now"),
            (45, "1 minute ago"),
            (119, "1 minute ago"),
            (120, "2 minutes ago"),
            (7_199, "1 hour ago"),
            (86_400 * 3, "3 days ago"),
            (86_400 * 60, "2 months ago"),
            (86_400 * 800, "2 years ago"),
            (-10, "in a moment"),
            (-7_200, "in 2 hours"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(ago(SignedDuration::from_secs(seconds)), expected, "{seconds}");
        }
    }

    #[test]
    fn whatever_a_text_holds_is_one_word_of_a_command() {
        assert_eq!(quoted("it's; rm -rf $HOME"), r"'it'\''s; rm -rf $HOME'");
    }

    #[test]
    fn nouns_are_counted() {
        let cases = [
            (0, "offer", "0 offers"),
            (1, "entry", "1 entry"),
            (2, "entry", "2 entries"),
            (2, "day", "2 days"),
        ];
        for (count, noun, expected) in cases {
            assert_eq!(counted(count, noun), expected);
        }
    }
}
