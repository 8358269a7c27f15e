//! Lengths of time in ISO 8601, as ARM's bodies carry them: `PT8H`, `P1D`.

use jiff::{SignedDuration, SpanRelativeTo, fmt::temporal::SpanParser};

use super::content::{BadContent, Field};

/// ISO 8601 and nothing else that might pass for it.
static PARSER: SpanParser = SpanParser::new();

/// A length that is not negative. Days have 24 hours; months and years have no length of their own.
pub fn parse(text: &str) -> Option<SignedDuration> {
    let legal = |c: char| c.is_ascii_digit() || "PTWDHMS.".contains(c);
    if !text.starts_with('P') || !text.chars().all(legal) {
        return None;
    }
    let span = PARSER.parse_span(text).ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (!length.is_negative()).then_some(length)
}

/// The length in a field of a body.
pub fn read(field: &Field<'_>) -> Result<SignedDuration, BadContent> {
    let refused = || field.refused("must be an ISO 8601 duration, such as 'PT8H'");
    parse(field.text()?).ok_or_else(refused)
}

/// The form that Azure's own examples use: `PT8H`, `PT30M`, `PT1H30M`.
pub fn write(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let part = |number: i64, unit: &str| {
        if number == 0 { String::new() } else { format!("{number}{unit}") }
    };
    let text = format!("PT{}{}{}", part(hours, "H"), part(minutes, "M"), part(seconds, "S"));
    if text == "PT" { "PT0S".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_length_is_iso_8601_and_nothing_that_looks_like_it() {
        for (text, minutes) in [
            ("PT30M", 30),
            ("PT8H", 480),
            ("PT1H30M", 90),
            ("P1D", 1440),
            ("P1DT1H", 1500),
            ("P1W", 10_080),
            ("PT0S", 0),
        ] {
            let found = parse(text).map(|it| it.as_secs());
            assert_eq!(found, Some(minutes * 60), "{text}");
        }
        for bad in [
            "", "P", "PT", "8H", "8 hours", "PT8", "pt8h", "-PT8H", "+PT8H", "PT-8H", "P1M", "P1Y",
            "PT8H ", " PT8H", "PT8H30", "PT1H1H", "P1H", "PT8H\n", "PT٣H", "08:00:00",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_length_is_written_as_azure_writes_it() {
        for (minutes, text) in [(30, "PT30M"), (480, "PT8H"), (90, "PT1H30M"), (1440, "PT24H")] {
            assert_eq!(write(SignedDuration::from_mins(minutes)), text);
        }
        assert_eq!(write(SignedDuration::ZERO), "PT0S");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(seconds in 0_i64..10_000_000) {
            let length = SignedDuration::from_secs(seconds);
            prop_assert_eq!(parse(&write(length)), Some(length));
        }

        #[test]
        fn no_text_is_more_than_refused(text in "\\PC{0,40}") {
            let _read = parse(&text);
        }
    }
}
