//! How things are said on pages: times, counts, ids.

use ids::guid::TenantId;
use jiff::{SignedDuration, Timestamp};
use model::period::OpenPeriod;

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

    /// The exact one as people write it: `2026-01-31 18:00 UTC`.
    pub(crate) fn said(&self) -> String {
        let minutes: String = self.exact.chars().take("2026-01-31T18:00".len()).collect();
        format!("{} UTC", minutes.replace('T', " "))
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

/// How many roles are given, always and once activated: `3 role assignments, 1 eligible`.
pub(crate) fn assigned((always, eligible): (usize, usize)) -> String {
    let all = counted(always.saturating_add(eligible), "role assignment");
    if eligible == 0 { all } else { format!("{all}, {eligible} eligible") }
}

/// When a delegation counts that does not always: `from … UTC (in 2 days) until … UTC (in 3 months)`.
pub(crate) fn counts(period: OpenPeriod, now: Timestamp) -> String {
    let said = |at: Timestamp| {
        let moment = Moment::new(at, now);
        format!("{} ({})", moment.said(), moment.ago)
    };
    let from = (period.from() > now).then(|| format!("from {}", said(period.from())));
    let until = period.until().map(|at| format!("until {}", said(at)));
    let all: Vec<String> = from.into_iter().chain(until).collect();
    if all.is_empty() { "without an end".to_owned() } else { all.join(" ") }
}

/// `1 hour 30 minutes`; parts of a minute are left out.
pub(crate) fn lasting(length: SignedDuration) -> String {
    let minutes = usize::try_from(length.as_mins()).unwrap_or_default();
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, _) => counted(rest, "minute"),
        (_, 0) => counted(hours, "hour"),
        (_, _) => format!("{} {}", counted(hours, "hour"), counted(rest, "minute")),
    }
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
    fn eligible_roles_are_counted_among_all() {
        assert_eq!(assigned((2, 0)), "2 role assignments");
        assert_eq!(assigned((0, 1)), "1 role assignment, 1 eligible");
        assert_eq!(assigned((2, 1)), "3 role assignments, 1 eligible");
    }

    #[test]
    fn a_period_says_what_is_still_ahead_of_it() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let period = |from, until: Option<i64>| OpenPeriod::new(at(from), until.map(at)).unwrap();
        let said = |from, until| counts(period(from, until), at(7_200));
        assert_eq!(said(0, None), "without an end");
        assert_eq!(said(0, Some(10_800)), "until 1970-01-01 03:00 UTC (in 1 hour)");
        let ahead = "from 1970-01-01 03:00 UTC (in 1 hour) until 1970-01-01 04:00 UTC (in 2 hours)";
        assert_eq!(said(10_800, Some(14_400)), ahead);
    }

    #[test]
    fn lengths_are_said_in_hours_and_minutes() {
        let cases = [(1, "1 minute"), (60, "1 hour"), (90, "1 hour 30 minutes"), (480, "8 hours")];
        for (minutes, expected) in cases {
            assert_eq!(lasting(SignedDuration::from_mins(minutes)), expected);
        }
        assert_eq!(lasting(SignedDuration::from_secs(-5)), "0 minutes");
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
