//! Who of the provider's acted in the customer's subscriptions, and by what: as the activity log
//! tells. It keeps what was written, and no reads.

use std::collections::{BTreeMap, BTreeSet};

use access::{explain::Outcome, index::Index, verdict::Through};
use ids::{
    guid::{ObjectId, Principal, RoleId, SubscriptionId},
    resource::AssignmentId,
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    activity::{Activity, Log, Outcome as Ended},
    delegation::Assignment,
    question::Question,
};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    snapshot::Page,
};

use super::{Asked, Insight, LOOKED_BACK};
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

/// One authorization of one delegation.
pub(super) type Given = (AssignmentId, ObjectId, RoleId);

/// What was found in the log.
#[derive(Debug, Default)]
pub(super) struct Seen {
    people: BTreeMap<Principal, Use>,
    /// When each was last used, as far as that may be told.
    by: BTreeMap<Given, Timestamp>,
    /// Those by which something may have been done that is not told of them.
    untold: BTreeSet<AssignmentId>,
    pub(super) is_cut: bool,
}

impl Seen {
    /// Those who acted, the last first.
    pub(super) fn people(&self) -> Vec<Use> {
        let mut people: Vec<Use> = self.people.values().cloned().collect();
        people.sort_by(|one, other| (other.last, one.who).cmp(&(one.last, other.who)));
        people
    }

    pub(super) fn last_use(&self, given: &Given) -> Option<Timestamp> {
        self.by.get(given).copied()
    }

    pub(super) fn may_be_used(&self, assignment: &AssignmentId) -> bool {
        self.untold.contains(assignment)
    }
}

/// Looks through the logs of the subscriptions where something is delegated.
pub(super) async fn seen(
    plane: &Plane,
    index: &Index,
    asked: Asked,
    assignments: &[Assignment],
    now: Timestamp,
) -> Result<Seen, Error> {
    let all = assignments.iter().filter_map(|it| it.id.scope().subscription());
    let subscriptions: BTreeSet<SubscriptionId> = all.collect();
    let from = now.saturating_sub(LOOKED_BACK).unwrap_or(Timestamp::UNIX_EPOCH);
    let (mut seen, mut deeds) = (Seen::default(), BTreeMap::new());
    for id in subscriptions {
        let filter = ActivityFilter::default();
        let query = ActivityQuery { log: Log::Subscription(id), from, to: now, filter };
        let (mut page, mut looked_at) = (Page::first(), 0_usize);
        loop {
            let rows = plane.store.activity(&query, page).await?;
            looked_at = looked_at.saturating_add(rows.items.len());
            for it in rows.items {
                seen.note(asked, it, &mut deeds);
            }
            let Some(next) = rows.next else { break };
            if looked_at >= RECORDS_MAX {
                seen.is_cut = true;
                break;
            }
            page = Page { after: Some(next), ..Page::first() };
        }
    }
    for ((who, action, scope), last) in deeds {
        seen.attribute(index, asked, (who, &Question::any(Action::named(action), scope)), last);
    }
    Ok(seen)
}

/// Who did what where, and when last.
type Deeds = BTreeMap<(Principal, String, Scope), Timestamp>;

impl Seen {
    fn note(&mut self, asked: Asked, it: Activity, deeds: &mut Deeds) {
        let Activity { at, caller, action, scope, outcome, .. } = it;
        let Some(caller) = caller.filter(|caller| caller.principal.tenant == asked.provider) else {
            return;
        };
        if outcome != Ended::Succeeded {
            return;
        }
        let who = caller.principal;
        let deed = deeds.entry((who, action.to_string(), scope.clone())).or_insert(at);
        *deed = (*deed).max(at);
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

    /// By which authorizations it may be done now is by which it was done, as far as is told: a
    /// group's use tells who is in it.
    fn attribute(
        &mut self,
        index: &Index,
        asked: Asked,
        (who, question): (Principal, &Question),
        last: Timestamp,
    ) {
        let explained = index.explain(who, question, last);
        for grant in explained.grants.into_iter().filter(|it| it.outcome == Outcome::Allows) {
            let Through::Delegation(assignment) = grant.through else { continue };
            if grant.grantee != who && asked.insight == Insight::Customers {
                self.untold.insert(assignment);
                continue;
            }
            let given = (assignment, grant.grantee.object, grant.role);
            let known = self.by.entry(given).or_insert(last);
            *known = (*known).max(last);
        }
    }
}
