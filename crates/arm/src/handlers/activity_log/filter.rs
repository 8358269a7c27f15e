//! `$filter` of the activity log: times, and what the records are about (ARM contract, §5).

use ids::{guid::TenantId, scope::Scope};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use model::activity::{Level, Outcome};
use operations::activity::Asked;
use wire::{
    arm::activity::{level, word},
    odata::{Comparison, Filter as Clause, Operator},
};

use crate::{
    failure::Failure,
    handlers::roles::filter::{bad, clauses, unknown},
    route::Ask,
};

const OUTCOMES: [Outcome; 4] =
    [Outcome::Started, Outcome::Accepted, Outcome::Succeeded, Outcome::Failed];

const LEVELS: [Level; 3] = [Level::Informational, Level::Warning, Level::Error];

/// Which records a request asks for. `home` is the tenant that a path without one is of.
pub(super) fn asked(ask: &Ask<'_>, home: TenantId) -> Result<Asked, Failure> {
    read(&clauses(ask)?, home).map_err(bad)
}

fn read(clauses: &[Clause], home: TenantId) -> Result<Asked, String> {
    let mut asked = Asked::default();
    for clause in clauses {
        let Clause::Compare(it) = clause else { return Err(unknown()) };
        if it.field.eq_ignore_ascii_case("eventTimestamp") {
            bound(it, &mut asked)?;
        } else {
            about(it, home, &mut asked)?;
        }
    }
    Ok(asked)
}

/// One end of the time that counts. The log's own bounds count as inside.
fn bound(it: &Comparison, asked: &mut Asked) -> Result<(), String> {
    let at = time(it.value.as_str())?;
    let step = SignedDuration::from_micros(1);
    match it.operator {
        Operator::Ge => asked.from = Some(at),
        Operator::Gt => asked.from = Some(at.saturating_add(step).unwrap_or(at)),
        Operator::Le => asked.to = Some(at),
        Operator::Lt => asked.to = Some(at.saturating_sub(step).unwrap_or(at)),
        Operator::Eq | Operator::Ne => return Err(unknown()),
    }
    Ok(())
}

/// `az` writes a time without its zone, and means UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let local = || text.parse::<DateTime>().ok()?.to_zoned_datetime(TimeZone::UTC).ok();
    let parsed = text.parse().ok().or_else(|| Some(local()?.timestamp()));
    parsed.ok_or_else(|| "a time is written like `2026-01-31T12:00:00Z`".to_owned())
}

fn about(it: &Comparison, home: TenantId, asked: &mut Asked) -> Result<(), String> {
    if it.operator != Operator::Eq {
        return Err(unknown());
    }
    let text = it.value.as_str();
    let no = |bad: &dyn std::fmt::Display| bad.to_string();
    match it.field.to_ascii_lowercase().as_str() {
        "resourcegroupname" => {
            asked.filter.resource_group = Some(text.parse().map_err(|bad| no(&as_name(bad)))?);
        }
        "resourceuri" | "resourceid" => {
            asked.filter.scope = Some(Scope::parse(text, home).map_err(|bad| no(&bad))?);
        }
        "resourceprovider" => {
            asked.filter.namespace = Some(text.parse().map_err(|bad| no(&as_name(bad)))?);
        }
        "correlationid" => {
            let parsed = text.parse().map_err(|bad: ids::guid::NotAGuid| no(&bad))?;
            asked.filter.correlation = Some(parsed);
        }
        "caller" => asked.caller = Some(text.to_owned()),
        "status" => asked.outcomes = Some(named(text, OUTCOMES, word)),
        "level" | "levels" => asked.levels = Some(named(text, LEVELS, level)),
        "eventchannels" => {} // every record of ours is on the channel that clients ask for
        _ => return Err(unknown()),
    }
    Ok(())
}

fn as_name(bad: ids::name::BadName) -> ids::name::BadName {
    bad
}

/// Which of these the list of words names.
fn named<T: Copy, const N: usize>(text: &str, all: [T; N], word: fn(T) -> &'static str) -> Vec<T> {
    let named = |it: &T| text.split(',').any(|name| name.trim().eq_ignore_ascii_case(word(*it)));
    all.into_iter().filter(named).collect()
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, now, resource_group};
    use wire::odata;

    use super::*;

    fn parsed(text: &str) -> Result<Asked, String> {
        read(odata::parse(text).map_err(|bad| bad.to_string())?.conjuncts(), CUSTOMER)
    }

    #[test]
    fn times_are_read_in_every_form_that_clients_send() {
        for text in [
            "eventTimestamp ge '2026-01-01T00:00:00Z'",
            "eventTimestamp ge '2026-01-01T00:00:00.0000000Z'",
            "eventTimestamp ge 2026-01-01T00:00:00.000000",
            "eventTimestamp ge '2026-01-01T01:00:00+01:00'",
        ] {
            assert_eq!(parsed(text).unwrap().from, Some(now()), "{text}");
        }
        let both =
            "eventTimestamp ge 2026-01-01T00:00:00 and eventTimestamp le 2026-01-01T00:00:00";
        let both = parsed(both).unwrap();
        assert_eq!((both.from, both.to), (Some(now()), Some(now())));
        for bad in ["eventTimestamp ge 'yesterday'", "eventTimestamp eq '2026-01-01T00:00:00Z'"] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn records_are_told_by_what_they_are_about() {
        let app = resource_group("app");
        let asked = parsed(&format!("resourceUri eq '{app}'")).unwrap();
        assert_eq!(asked.filter.scope, Some(app));
        let asked = parsed("resourceProvider eq Microsoft.Authorization").unwrap();
        assert_eq!(asked.filter.namespace.unwrap().as_str(), "Microsoft.Authorization");
        let asked = parsed("resourceGroupName eq 'app' and eventChannels eq 'Admin, Operation'");
        assert_eq!(asked.unwrap().filter.resource_group.unwrap().as_str(), "app");
        let asked = parsed("caller eq 'ada@x' and status eq 'Failed'").unwrap();
        assert_eq!(asked.caller.as_deref(), Some("ada@x"));
        assert_eq!(asked.outcomes, Some(vec![Outcome::Failed]));
        let levels = parsed("levels eq 'Critical,Error'").unwrap();
        assert_eq!(levels.levels, Some(vec![Level::Error]));
        let levels = parsed("level eq 'Warning' and status eq 'Succeeded'").unwrap();
        assert_eq!(levels.levels, Some(vec![Level::Warning]));
        assert_eq!(levels.outcomes, Some(vec![Outcome::Succeeded]));
        for bad in ["color eq 'red'", "correlationId eq 'x'", "resourceUri eq '%'", "atScope()"] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }
}
