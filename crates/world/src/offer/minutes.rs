//! Durations in whole minutes, as ARM writes them: `PT4H`, `PT30M`.

use jiff::SignedDuration;

/// The minutes of an ISO 8601 duration. How many they may be is not for a reader.
pub(super) fn read(text: &str) -> Option<u32> {
    let duration: SignedDuration = text.parse().ok()?;
    let is_whole = duration.as_secs() % 60 == 0 && duration.subsec_nanos() == 0;
    if is_whole { u32::try_from(duration.as_mins()).ok() } else { None }
}

/// The duration of so many minutes.
pub(super) fn write(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_read_as_they_are_written_and_in_other_ways() {
        for minutes in [0, 1, 30, 59, 60, 61, 240, 480, 481, u32::MAX] {
            assert_eq!(read(&write(minutes)), Some(minutes));
        }
        for (text, minutes) in [("PT4H", 240), ("PT240M", 240), ("PT14400S", 240)] {
            assert_eq!(read(text), Some(minutes), "{text}");
        }
        for text in ["", "PT", "PT1S", "-PT4H", "4", "PT0.5M", "P1M"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
