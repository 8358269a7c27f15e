//! `scheduleInfo`: from when on, and until when.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::time;
use crate::arm::{
    content::{BadContent, Field, Fields},
    duration,
};

/// From when on, and until when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// At once, where nothing is said.
    pub start: Option<Timestamp>,
    pub end: End,
}

/// How it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Nothing is said.
    #[default]
    Unsaid,
    Never,
    /// So long after its start.
    After(SignedDuration),
    At(Timestamp),
}

impl Schedule {
    /// The moment from which it no longer counts, if it ends, for what starts then.
    pub fn until(&self, start: Timestamp) -> Option<Timestamp> {
        match self.end {
            End::Unsaid | End::Never => None,
            End::After(length) => Some(start.saturating_add(length).unwrap_or(Timestamp::MAX)),
            End::At(at) => Some(at),
        }
    }

    /// How long it lasts, if it ends, for what starts then.
    pub fn length(&self, start: Timestamp) -> Option<SignedDuration> {
        match self.end {
            End::Unsaid | End::Never => None,
            End::After(length) => Some(length),
            End::At(at) => Some(at.duration_since(start)),
        }
    }
}

/// The schedule of a body, if it has one.
pub fn read(properties: &Fields<'_>) -> Result<Option<Schedule>, BadContent> {
    let Some(field) = properties.find("scheduleInfo") else { return Ok(None) };
    let it = field.fields()?;
    let start = it.find("startDateTime").map(|field| moment(&field)).transpose()?;
    let end = it.find("expiration").map(end).transpose()?.unwrap_or_default();
    Ok(Some(Schedule { start, end }))
}

fn moment(field: &Field<'_>) -> Result<Timestamp, BadContent> {
    let refused = |_| field.refused("must be a time, such as '2026-01-01T00:00:00Z'");
    field.text()?.parse().map_err(refused)
}

/// What contradicts the type that is said is refused rather than passed over.
fn end(field: Field<'_>) -> Result<End, BadContent> {
    let it = field.fields()?;
    let kind = it.get("type")?;
    let (length, at) = (it.find("duration"), it.find("endDateTime"));
    let none = |field: Option<Field<'_>>, kind: &str| match field {
        Some(field) => Err(field.refused(format!("must not stand beside type '{kind}'"))),
        None => Ok(()),
    };
    match kind.text()? {
        text if text.eq_ignore_ascii_case("AfterDuration") => {
            none(at, "AfterDuration")?;
            Ok(End::After(duration::read(&it.get("duration")?)?))
        }
        text if text.eq_ignore_ascii_case("AfterDateTime") => {
            none(length, "AfterDateTime")?;
            Ok(End::At(moment(&it.get("endDateTime")?)?))
        }
        text if text.eq_ignore_ascii_case("NoExpiration") => {
            none(length, "NoExpiration")?;
            none(at, "NoExpiration")?;
            Ok(End::Never)
        }
        _ => Err(kind.refused("must be 'AfterDuration', 'AfterDateTime' or 'NoExpiration'")),
    }
}

/// A schedule as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleBody {
    start_date_time: Option<String>,
    expiration: ExpirationBody,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExpirationBody {
    r#type: &'static str,
    end_date_time: Option<String>,
    duration: Option<String>,
}

impl From<Schedule> for ScheduleBody {
    fn from(schedule: Schedule) -> Self {
        let (kind, at, length) = match schedule.end {
            End::Unsaid | End::Never => ("NoExpiration", None, None),
            End::After(length) => ("AfterDuration", None, Some(duration::write(length))),
            End::At(at) => ("AfterDateTime", Some(time(at)), None),
        };
        Self {
            start_date_time: schedule.start.map(time),
            expiration: ExpirationBody { r#type: kind, end_date_time: at, duration: length },
        }
    }
}
