//! What was made of eligible rights: who asked for them, why, who agreed, and what counts now.

use std::collections::{BTreeMap, BTreeSet};

use access::index::Index;
use ids::{
    guid::{Principal, SubscriptionId},
    resource::ActivationId,
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    activation::{Activation, Basis, Eligibility, State},
    delegation::Assignment,
    period::{Period, Phase},
};
use store::{error::StoreError, records::ranges, snapshot::Snapshot};

use super::{
    Asked,
    rights::{self, Hold, Right},
};
use crate::{activation::Shown, around};

/// So many activations are told of, those that were asked for last.
const ACTIVATIONS_MAX: usize = 2_000;

/// What was asked for just in time, as far as it is kept: what waits or counts, and for 90 days
/// what is over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activations {
    /// What was asked for last comes first.
    pub all: Vec<Shown>,
    /// What those are called who asked and who decided, where they still are.
    pub names: BTreeMap<Principal, String>,
    pub(super) is_cut: bool,
}

/// What was made of one eligible right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// How often somebody held it.
    pub count: usize,
    /// When somebody began to hold it last.
    pub last: Option<Timestamp>,
    /// Until when somebody holds it now.
    pub active_until: Option<Timestamp>,
}

impl Activations {
    /// All by the provider's people in the subscriptions where something is delegated.
    pub(super) async fn of(
        snapshot: &Snapshot,
        index: &Index,
        asked: Asked,
        (assignments, now): (&[Assignment], Timestamp),
    ) -> Result<Self, StoreError> {
        let places = assignments.iter().filter_map(|it| it.id.scope().subscription());
        let (mut found, mut names) = (Vec::new(), BTreeMap::new());
        for id in places.collect::<BTreeSet<SubscriptionId>>() {
            let range = ranges::activations_below(&Scope::Subscription(id));
            around::each(snapshot, &range, |it: Activation| {
                if it.who.tenant == asked.provider {
                    found.push(it);
                }
            })
            .await?;
        }
        found.sort_by(|one, other| (other.asked.on, &one.id).cmp(&(one.asked.on, &other.id)));
        let is_cut = found.len() > ACTIVATIONS_MAX;
        found.truncate(ACTIVATIONS_MAX);
        for who in found.iter().flat_map(parties).collect::<BTreeSet<Principal>>() {
            if let Some(name) = rights::person(snapshot, who).await? {
                names.insert(who, name);
            }
        }
        let all = found.into_iter().map(|it| Shown::of(it, index, now)).collect();
        Ok(Self { all, names, is_cut })
    }

    /// What was made of it; none of a right that needs no activation.
    pub(super) fn taken(&self, right: &Right, now: Timestamp) -> Option<Taken> {
        match right.hold {
            Hold::Standing | Hold::Void => return None,
            Hold::Eligible => {}
        }
        let mut taken = Taken::default();
        for shown in self.all.iter().filter(|it| is_of(&it.it, right)) {
            let Some(period) = held(&shown.it).filter(|it| it.phase(now) != Phase::Ahead) else {
                continue;
            };
            taken.count = taken.count.saturating_add(1);
            taken.last = taken.last.max(Some(period.from()));
            if shown.standing == activation::standing::Standing::Active {
                taken.active_until = taken.active_until.max(Some(period.until()));
            }
        }
        Some(taken)
    }

    /// What that one is from.
    pub(super) fn eligibility(&self, id: &ActivationId) -> Option<&Eligibility> {
        self.all.iter().find(|it| it.it.id == *id).map(|it| &it.it.eligibility)
    }

    /// The moments at which something began or ceased to count.
    pub(super) fn edges(&self) -> impl Iterator<Item = Timestamp> {
        let periods = self.all.iter().filter_map(|shown| held(&shown.it));
        periods.flat_map(|it| [it.from(), it.until()])
    }
}

/// Whoever asked, and whoever decided.
fn parties(it: &Activation) -> Vec<Principal> {
    let denial = match &it.state {
        State::Denied { denial, .. } => Some(denial.by),
        State::Waiting(_)
        | State::Granted { .. }
        | State::Cancelled { .. }
        | State::Deactivated { .. } => None,
    };
    let agreed = it.approvals().all().iter().map(|it| it.by);
    [it.who].into_iter().chain(agreed).chain(denial).collect()
}

fn is_of(it: &Activation, right: &Right) -> bool {
    let of = &it.eligibility;
    let is_from = match &of.basis {
        Basis::Delegation(id) => *id == right.assignment,
        Basis::Own(_) => false,
    };
    is_from && (of.principal, of.role) == (right.grantee, right.role)
}

/// When it counts, or counted, if it ever came to that. It ceased to when it was given back.
pub fn held(it: &Activation) -> Option<Period> {
    match &it.state {
        State::Granted { period, .. } => Some(*period),
        State::Deactivated { on, period, .. } => Period::new(period.from(), *on),
        State::Waiting(_) | State::Denied { .. } | State::Cancelled { .. } => None,
    }
}
