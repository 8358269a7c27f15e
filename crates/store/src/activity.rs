//! The activity log: kept for 90 days, written with the unit that it tells of. Refusals come
//! in by a queue of their own, bounded per principal.

use std::collections::HashMap;

use ids::{
    guid::{CorrelationId, EventId, Principal},
    name::{GroupName, Name},
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::activity::{Activity, Log};

use crate::{
    key::{Entry, Key, Range, Tuple},
    record::Record,
};

/// How long Azure keeps its activity log.
const RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Enough for ARM's longest error; a caller's own text may not fill the log.
const TEXT_CHARS_MAX: usize = 4_096;

const LOG: &str = "activity.log";
pub(crate) const AGE: &str = "activity.age";

impl Record for Activity {
    const KIND: &'static str = "activity";
    type Id = EventId;

    fn id(&self) -> EventId {
        self.id
    }

    fn key(id: &EventId) -> Key {
        Key::exact("activity", &id.to_string())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![
            Entry::new(LOG, of(self.log).latest_first(self.at)),
            Entry::new(AGE, Tuple::new().time(self.at)),
        ]
    }
}

fn of(log: Log) -> Tuple {
    match log {
        Log::Subscription(id) => Tuple::new().text("subscription").text(id),
        Log::Tenant(id) => Tuple::new().text("tenant").text(id),
    }
}

/// Which records of one log are asked for; the latest come first.
#[derive(Clone, Debug)]
pub struct ActivityQuery {
    pub log: Log,
    /// The earliest time that counts.
    pub from: Timestamp,
    /// The latest time that counts.
    pub to: Timestamp,
    pub filter: ActivityFilter,
}

/// What a record must be about; all that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct ActivityFilter {
    pub correlation: Option<CorrelationId>,
    pub resource_group: Option<GroupName>,
    /// At this scope or below it.
    pub scope: Option<Scope>,
    /// The resource provider of the action.
    pub namespace: Option<Name>,
}

impl ActivityQuery {
    pub(crate) fn range(&self) -> Range {
        Range {
            index: LOG,
            from: of(self.log).latest_first(self.to),
            to: Some(of(self.log).latest_first(self.from - SignedDuration::from_micros(1))),
        }
    }

    pub(crate) fn wants(&self, it: &Activity) -> bool {
        let ActivityFilter { correlation, resource_group, scope, namespace } = &self.filter;
        self.from <= it.at
            && it.at <= self.to
            && correlation.is_none_or(|id| it.correlation == id)
            && resource_group.as_ref().is_none_or(|name| it.scope.resource_group() == Some(name))
            && scope.as_ref().is_none_or(|scope| scope.contains(&it.scope))
            && namespace.as_ref().is_none_or(|name| {
                it.action.as_str().split('/').next().is_some_and(|first| name.is(first))
            })
    }
}

/// The records that are older than the log keeps them.
pub(crate) fn outdated(now: Timestamp) -> Range {
    Range::between(AGE, Tuple::new(), Tuple::new().time(now - RETENTION))
}

/// The record with a caller's text cut to size and free of control characters.
pub(crate) fn bounded(activity: Activity) -> Activity {
    let clean = |text: String| -> String {
        text.chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect()
    };
    Activity {
        method: clean(activity.method),
        client_request: activity.client_request.map(clean),
        client_address: activity.client_address.map(clean),
        description: clean(activity.description),
        message: activity.message.map(clean),
        ..activity
    }
}

/// So many refusals of one principal are kept one by one in a window; more are counted.
const REFUSALS_PER_PRINCIPAL_MAX: u32 = 20;
/// How long refusals of one principal are counted together.
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// So many refusals wait for the next commit; more are lost, since a flood of them says no
/// more than its beginning.
const WAITING_MAX: usize = 1_024;
/// So many principals are counted at a time; past it everyone is counted as one,
/// and nobody is told how many those were.
const PRINCIPALS_MAX: usize = 10_000;

/// Refusals on their way into the log.
#[derive(Default)]
pub(crate) struct Refusals {
    waiting: Vec<Activity>,
    /// By whom was refused and in whose log: what is counted in one log says nothing of another.
    counted: HashMap<Option<(Principal, Log)>, Counted>,
}

struct Counted {
    since: Timestamp,
    kept: u32,
    /// How many more there were, and the last of them.
    more: Option<(u32, Activity)>,
}

impl Refusals {
    /// Takes a refusal in. Answers whether it is the first to wait: somebody should come.
    pub(crate) fn note(&mut self, refused: Principal, refusal: Activity) -> bool {
        let refusal = bounded(refusal);
        let none_waited = self.waiting.is_empty();
        let mut whose = Some((refused, refusal.log));
        if self.counted.len() >= PRINCIPALS_MAX && !self.counted.contains_key(&whose) {
            whose = None;
        }
        let new = || Counted { since: refusal.at, kept: 0, more: None };
        let counted = self.counted.entry(whose).or_insert_with(new);
        if refusal.at.duration_since(counted.since) >= WINDOW {
            let over = std::mem::replace(counted, new());
            self.waiting.extend(over.summary());
        }
        if counted.kept < REFUSALS_PER_PRINCIPAL_MAX {
            counted.kept = counted.kept.saturating_add(1);
            if self.waiting.len() < WAITING_MAX {
                self.waiting.push(refusal);
            }
        } else if whose.is_some() {
            let before = counted.more.take().map_or(0, |(count, _)| count);
            counted.more = Some((before.saturating_add(1), refusal));
        }
        none_waited && !self.waiting.is_empty()
    }

    /// Everything to be written by now: what waits, and the counts of windows that are over.
    pub(crate) fn drain(&mut self, now: Timestamp) -> Vec<Activity> {
        let over = |it: &Counted| now.duration_since(it.since) >= WINDOW;
        let ended = self.counted.extract_if(|_, it| over(it));
        self.waiting.extend(ended.filter_map(|(_, it)| it.summary()));
        std::mem::take(&mut self.waiting)
    }
}

impl Counted {
    fn summary(self) -> Option<Activity> {
        let (count, last) = self.more?;
        let more = format!("{count} more refusals, of which this is the last");
        // Scripts read a tenant's log by its descriptions.
        Some(match last.log {
            Log::Subscription(_) => Activity { description: more, ..last },
            Log::Tenant(_) => Activity { message: Some(more), ..last },
        })
    }
}
