//! Who of the provider's acted in the customer's subscriptions, and by what: as the activity log
//! tells. It keeps what was written, and no reads.

use std::collections::{BTreeMap, BTreeSet};

use ids::{
    guid::{Principal, SubscriptionId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    activity::{Activity, Log, Outcome as Ended},
    delegation::Assignment,
};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    snapshot::Page,
};

use super::{Asked, LOOKED_BACK};
use crate::{error::Error, plane::Plane};

/// So many records of a subscription's log are looked through, the latest first.
const RECORDS_MAX: usize = 50_000;

/// Somebody of the provider's who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub who: Principal,
    /// As the log calls them.
    pub name: String,
    /// How often, of what the log keeps.
    pub count: usize,
    pub last: Timestamp,
    pub last_action: Action,
    pub last_scope: Scope,
}

/// What was found in the log.
#[derive(Debug, Default)]
pub(super) struct Seen {
    people: BTreeMap<Principal, Use>,
    pub(super) deeds: Deeds,
    pub(super) is_cut: bool,
}

/// Somebody's doing the same thing at the same place, in one epoch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deed {
    /// Between which moments at which access changed.
    pub(super) epoch: usize,
    pub(super) who: Principal,
    pub(super) action: String,
    pub(super) scope: Scope,
}

/// When each was done last.
pub(super) type Deeds = BTreeMap<Deed, Timestamp>;

/// Looks through the logs of the subscriptions where something is delegated; `turns` are the
/// moments at which access changed, in their order.
pub(super) async fn seen(
    plane: &Plane,
    asked: Asked,
    (assignments, turns): (&[Assignment], &[Timestamp]),
    now: Timestamp,
) -> Result<Seen, Error> {
    let all = assignments.iter().filter_map(|it| it.id.scope().subscription());
    let subscriptions: BTreeSet<SubscriptionId> = all.collect();
    let from = now.saturating_sub(LOOKED_BACK).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut seen = Seen::default();
    for id in subscriptions {
        let filter = ActivityFilter::default();
        let query = ActivityQuery { log: Log::Subscription(id), from, to: now, filter };
        let (mut page, mut looked_at) = (Page::first(), 0_usize);
        loop {
            let rows = plane.store.activity(&query, page).await?;
            looked_at = looked_at.saturating_add(rows.items.len());
            for it in rows.items {
                seen.note(asked, it, turns);
            }
            let Some(next) = rows.next else { break };
            if looked_at >= RECORDS_MAX {
                seen.is_cut = true;
                break;
            }
            page = Page { after: Some(next), ..Page::first() };
        }
    }
    Ok(seen)
}

impl Seen {
    /// Those who acted, the last first.
    pub(super) fn people(&self) -> Vec<Use> {
        let mut people: Vec<Use> = self.people.values().cloned().collect();
        people.sort_by(|one, other| (other.last, one.who).cmp(&(one.last, other.who)));
        people
    }

    fn note(&mut self, asked: Asked, it: Activity, turns: &[Timestamp]) {
        let Activity { at, caller, action, scope, outcome, .. } = it;
        let Some(caller) = caller.filter(|caller| caller.principal.tenant == asked.provider) else {
            return;
        };
        if outcome != Ended::Succeeded {
            return;
        }
        let who = caller.principal;
        let epoch = turns.partition_point(|turn| *turn <= at);
        let deed = Deed { epoch, who, action: action.to_string(), scope: scope.clone() };
        let last = self.deeds.entry(deed).or_insert(at);
        *last = (*last).max(at);
        let new = Use {
            who,
            name: caller.name,
            count: 0,
            last: at,
            last_action: action.clone(),
            last_scope: scope.clone(),
        };
        let known = self.people.entry(who).or_insert(new);
        known.count = known.count.saturating_add(1);
        if known.last < at {
            (known.last, known.last_action, known.last_scope) = (at, action, scope);
        }
    }
}
