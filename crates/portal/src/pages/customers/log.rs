//! *My customers ▸ Activity log*: what was delegated to the tenant, and what of it ended.

use askama::Template;
use axum::http::StatusCode;
use ids::guid::TenantId;
use jiff::{SignedDuration, Timestamp};
use model::activity::{Activity, Log, Outcome};
use operations::{activity::Asked, page::Paged};
use serde_json::Value;
use store::activity::ActivityFilter;

use super::To;
use crate::{
    answer::Answer,
    ask::{Answered, Ask, Visitor},
    frame::{Frame, Place},
    log::{self, Bound, VERSION},
    trouble::Trouble,
    words::{Id, Moment, quoted},
};

/// How many records of the log a page looks at: those of delegations are among others.
const PAGE: usize = 200;
const HOURS: i64 = 24;
/// How many days back may be asked for; as far as the log goes.
const DAYS: [i64; 4] = [1, 7, 30, 90];
const DAYS_DEFAULT: i64 = 30;
const BEGUN: &str = "Microsoft.Resources/tenants/register/action";
const ENDED: &str = "Microsoft.Resources/tenants/unregister/action";

#[derive(Template)]
#[template(path = "customers/activity.html")]
struct View {
    frame: Frame,
    tabs: Vec<Place>,
    days: Vec<Choice>,
    events: Vec<Choice>,
    outcomes: Vec<Choice>,
    q: String,
    lines: Vec<Line>,
    next: Option<String>,
    /// Why nothing of the log is shown, and what would open it.
    refusal: Option<(String, String)>,
}

struct Choice {
    value: String,
    words: String,
    is_chosen: bool,
}

/// One event of a delegation.
struct Line {
    at: Moment,
    event: &'static str,
    has_ended: bool,
    has_failed: bool,
    customer: Id,
    customer_link: String,
    scope: Id,
    correlation: Id,
    by: String,
}

/// What is looked for.
struct Wanted {
    days: i64,
    event: Option<String>,
    outcome: Option<String>,
    q: String,
}

impl Wanted {
    fn of(ask: &Ask) -> Self {
        let text = |name| ask.query.get(name).map(str::to_owned);
        let days = ask.query.get("days").and_then(|it| it.parse().ok());
        Self {
            days: days.filter(|it| DAYS.contains(it)).unwrap_or(DAYS_DEFAULT),
            event: text("event"),
            outcome: text("outcome"),
            q: text("q").unwrap_or_default().trim().to_lowercase(),
        }
    }

    fn asked(&self, now: Timestamp) -> Asked {
        let back = SignedDuration::from_hours(self.days.saturating_mul(HOURS));
        let outcomes = match self.outcome.as_deref() {
            Some("succeeded") => Some(vec![Outcome::Succeeded]),
            Some("failed") => Some(vec![Outcome::Failed]),
            Some(_) | None => None,
        };
        let filter = ActivityFilter {
            namespace: "Microsoft.Resources".parse().ok(),
            ..ActivityFilter::default()
        };
        Asked { from: now.checked_sub(back).ok(), filter, outcomes, ..Asked::default() }
    }

    fn meets(&self, line: &Line) -> bool {
        let event = match self.event.as_deref() {
            Some("delegated") => !line.has_ended,
            Some("ended") => line.has_ended,
            Some(_) | None => true,
        };
        let texts = [&line.customer.whole, &line.scope.whole, &line.correlation.whole];
        event && texts.iter().any(|text| text.to_lowercase().contains(&self.q))
    }
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let (wanted, own) = (Wanted::of(&ask), ask.tenant()?);
        let now = ask.plane().store.now();
        let (asked, log) = (wanted.asked(now), Log::Tenant(own));
        let since = asked.from.unwrap_or(now);
        let (after, bound) = (ask.page(PAGE)?.after, Bound { count: PAGE, stretches: 1 });
        let found = log::records(&ask, (log, &asked), after, bound, |_| true).await;
        let (found, refused) = match found {
            Ok(found) => (found, None),
            Err(refused @ Trouble::Refused(_)) => {
                (Paged { items: Vec::new(), next: None }, Some(refused.told()))
            }
            Err(other) => return Err(other),
        };
        let lines = found.items.into_iter().filter_map(|it| line(it, now));
        let lines = lines.filter(|it| wanted.meets(it)).collect();
        let url = format!(
            "{}?api-version={VERSION}&$filter=eventTimestamp ge '{}'",
            log::path(log),
            since.strftime("%Y-%m-%dT%H:%M:%SZ")
        );
        let frame = ask.under_customers("Activity log").await?.command(
            "Read the directory's activity log",
            format!("az rest --url {}", quoted(&url)),
        );
        let status = refused.as_ref().map_or(StatusCode::OK, |it| it.status);
        let view = View {
            frame,
            tabs: ask.tabs(&To::Activity)?,
            days: DAYS.map(|it| days(it, wanted.days)).into(),
            events: choices(
                &[("delegated", "Delegated or changed"), ("ended", "Ended")],
                wanted.event.as_deref(),
            ),
            outcomes: choices(
                &[("succeeded", "Succeeded"), ("failed", "Failed")],
                wanted.outcome.as_deref(),
            ),
            q: wanted.q,
            lines,
            next: found.next.map(|place| ask.next(&place)),
            refusal: refused.map(|it| (it.words, opening(ask.visitor.as_deref()))),
        };
        Answer::with(status, &view)
    })
}

/// What opens the log to the visitor: done by whoever has elevated their access.
fn opening(visitor: Option<&Visitor>) -> String {
    let who = visitor.map(|it| it.principal().object.to_string()).unwrap_or_default();
    format!(
        "az role assignment create --role {} --scope / --assignee-object-id {} --assignee-principal-type User",
        quoted("Monitoring Reader"),
        quoted(&who)
    )
}

fn days(count: i64, chosen: i64) -> Choice {
    let words = if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
    Choice { value: count.to_string(), words, is_chosen: count == chosen }
}

fn choices(all: &[(&str, &str)], chosen: Option<&str>) -> Vec<Choice> {
    let choice = |(value, words): &(&str, &str)| Choice {
        value: (*value).to_owned(),
        words: (*words).to_owned(),
        is_chosen: chosen == Some(value),
    };
    all.iter().map(choice).collect()
}

/// A record as a line, if it is of a delegation's coming or going.
fn line(it: Activity, now: Timestamp) -> Option<Line> {
    let has_ended = it.action.as_str().eq_ignore_ascii_case(ENDED);
    if !has_ended && !it.action.as_str().eq_ignore_ascii_case(BEGUN) {
        return None;
    }
    let described: Value = serde_json::from_str(&it.description).ok()?;
    let text = |name| described.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let customer: TenantId = text("subscriptionTenantId").parse().ok()?;
    let scope = text("delegationResourceId");
    let short = scope.rsplit('/').next().unwrap_or_default().chars().take(24).collect();
    Some(Line {
        at: Moment::new(it.at, now),
        event: if has_ended { "Delegation ended" } else { "Delegated or changed" },
        has_ended,
        has_failed: it.outcome == Outcome::Failed,
        customer: Id::new(customer),
        customer_link: To::Customer(customer).to_string(),
        scope: Id { short, whole: scope },
        correlation: Id::new(it.correlation),
        by: it.caller.map_or_else(|| "The customer".to_owned(), |it| it.name),
    })
}
