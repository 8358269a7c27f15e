//! Functions of time, all in UTC.

use jiff::{Span, Timestamp, civil::DateTime, tz::Offset};
use serde_json::Value;

use crate::{
    evaluate::{Evaluated, Place, Refused},
    functions::{Calling, Function, Given, pure, scoped},
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("dateTimeAdd", 2, 3, date_time_add),
    pure("dateTimeFromEpoch", 1, 1, date_time_from_epoch),
    pure("dateTimeToEpoch", 1, 1, |given| Ok(instant(given, 0)?.as_second().into())),
    scoped("utcNow", 0, 1, utc_now),
];

const ISO: &str = "yyyy-MM-ddTHH:mm:ssZ";
/// No field of a date is longer.
const RUN_MAX: usize = 16;
const COMPACT: &str = "yyyyMMddTHHmmssZ";

/// The time may be asked for in the default of a parameter only, so that an expansion can be
/// repeated.
fn utc_now(calling: &Calling<'_, '_>) -> Evaluated {
    let values = calling.values()?;
    let format = calling.text_of(&values, 0)?.unwrap_or(COMPACT);
    let fresh = calling.evaluator.fresh.as_ref();
    let fresh = fresh.filter(|_| calling.frame.place == Place::ParameterDefault);
    let now = fresh.ok_or_else(|| calling.not_here())?.now;
    calling.hold(written(utc(now), format).into())
}

fn date_time_add(given: &Given<'_>) -> Result<Value, Refused> {
    let base = utc(instant(given, 0)?);
    let duration: Span = given
        .text(1)?
        .parse()
        .map_err(|_| given.invalid("The value is not a valid ISO 8601 duration."))?;
    let outside = |_| given.invalid("The resulting date is out of range.");
    let sum = base.checked_add(duration).map_err(outside)?;
    let format = given.get(2).map_or(Ok(ISO), |_| given.text(2))?;
    Ok(written(sum, format).into())
}

fn date_time_from_epoch(given: &Given<'_>) -> Result<Value, Refused> {
    let instant = Timestamp::from_second(given.integer(0)?);
    let instant = instant.map_err(|_| given.invalid("The date is out of range."))?;
    Ok(written(utc(instant), ISO).into())
}

fn utc(at: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(at)
}

/// A time without a zone is taken as UTC.
fn instant(given: &Given<'_>, index: usize) -> Result<Timestamp, Refused> {
    let text = given.text(index)?;
    text.parse::<Timestamp>()
        .or_else(|_| text.parse::<DateTime>().and_then(|time| Offset::UTC.to_timestamp(time)))
        .map_err(|_| given.invalid("The value is not a valid date and time."))
}

/// .NET's standard and custom formats, as far as templates use them.
fn written(at: DateTime, format: &str) -> String {
    let format = match format {
        "d" => "MM/dd/yyyy",
        "D" => "dddd, dd MMMM yyyy",
        "g" => "MM/dd/yyyy HH:mm",
        "G" => "MM/dd/yyyy HH:mm:ss",
        "o" | "O" => "yyyy-MM-ddTHH:mm:ss.fffffffZ",
        "r" | "R" => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        "s" => "yyyy-MM-ddTHH:mm:ss",
        "t" => "HH:mm",
        "T" => "HH:mm:ss",
        "u" => "yyyy-MM-dd HH:mm:ssZ",
        other => other,
    };
    let mut text = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let (piece, after) = piece(at, first, rest);
        text.push_str(&piece);
        rest = after;
    }
    text
}

/// What the format begins with (a run of one letter, a quoted text, a character), and the rest.
fn piece(at: DateTime, first: char, format: &str) -> (String, &str) {
    let after = format.strip_prefix(first).unwrap_or_default();
    match first {
        '\'' | '"' => {
            let (quoted, after) = after.split_once(first).unwrap_or((after, ""));
            (quoted.to_owned(), after)
        }
        '\\' | '%' => {
            let mut letters = after.chars();
            let next = letters.next().filter(|_| first == '\\').map(String::from);
            let skipped = if first == '\\' { letters.as_str() } else { after };
            (next.unwrap_or_default(), skipped)
        }
        _ => {
            let after = format.trim_start_matches(first);
            let count = (format.len() - after.len()) / first.len_utf8();
            (run(at, first, count.min(RUN_MAX)), after)
        }
    }
}

fn run(at: DateTime, letter: char, count: usize) -> String {
    let number = |number: i64| format!("{number:0>count$}");
    let name =
        |short: &str, long: &str| at.strftime(if count == 3 { short } else { long }).to_string();
    let twelve = (at.hour() + 11) % 12 + 1;
    match letter {
        'y' if count == 2 => format!("{:02}", at.year() % 100),
        'y' => number(at.year().into()),
        'M' if count > 2 => name("%b", "%B"),
        'M' => number(at.month().into()),
        'd' if count > 2 => name("%a", "%A"),
        'd' => number(at.day().into()),
        'H' => number(at.hour().into()),
        'h' => number(twelve.into()),
        'm' => number(at.minute().into()),
        's' => number(at.second().into()),
        'f' => format!("{:09}", at.subsec_nanosecond()).chars().take(count).collect(),
        't' => at.strftime("%p").to_string().chars().take(count).collect(),
        'K' => "Z".to_owned(),
        'z' => "+00:00".chars().take(count * 3).collect(),
        other => String::from(other).repeat(count),
    }
}
