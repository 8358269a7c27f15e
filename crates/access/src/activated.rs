//! What is held just in time: activations as far as access depends on them, who is eligible for
//! one, and who decides about it.
//!
//! An activation is a grant in its period only, and only as long as what it is from stands: the
//! delegation in its own period, what its definition says today, and the group that makes its
//! holder eligible. With the delegation, or the eligible authorization, it ends for good. A tenant
//! may let its own people activate something, too (`own`).

use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    resource::{ActivationId, ActivationPolicyId, AssignmentId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    activation::{Activation, Basis, Eligibility, State, Waiting, policy::ActivationPolicy},
    period::{OpenPeriod, Period, Phase},
    question::Eligible,
};
use serde::{Deserialize, Serialize};

use crate::{
    anchor::{Anchor, EligibleEntry},
    delegation::Delegation,
    index::Index,
    late::Part,
    offer::{Offer, Source, Subject, Void, Worth},
    role::Delegated,
};

mod own;
mod party;

pub(crate) use self::own::Entitlement;

/// An activation that nobody has ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Activated {
    pub(crate) id: ActivationId,
    pub(crate) who: Principal,
    pub(crate) eligibility: Eligibility,
    stage: Stage,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Stage {
    /// Somebody has to decide, before then.
    Waiting(Timestamp),
    Granted(Period),
}

/// Who has to agree for the customer to a role's activations, at a scope and within.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Demand {
    pub(crate) id: ActivationPolicyId,
    role: RoleId,
    approvers: Vec<ObjectId>,
}

/// What stands at one scope just in time.
#[derive(Clone, Debug, Default)]
pub(crate) struct InTime {
    /// Sorted by id.
    pub(crate) activations: Vec<Activated>,
    /// Sorted by id.
    pub(crate) demands: Vec<Demand>,
    /// Sorted by id.
    pub(crate) entitlements: Vec<Entitlement>,
}

impl InTime {
    pub(crate) fn is_empty(&self) -> bool {
        self.activations.is_empty() && self.demands.is_empty() && self.entitlements.is_empty()
    }
}

impl Activated {
    fn of(it: &Activation) -> Option<Self> {
        let stage = match &it.state {
            State::Waiting(Waiting { until, .. }) => Stage::Waiting(*until),
            State::Granted { period, .. } => Stage::Granted(*period),
            State::Denied { .. } | State::Cancelled { .. } | State::Deactivated { .. } => {
                return None;
            }
        };
        let (id, eligibility) = (it.id.clone(), it.eligibility.clone());
        Some(Self { id, who: it.who, eligibility, stage })
    }

    /// From when on nothing of it is left.
    fn end(&self) -> Timestamp {
        match self.stage {
            Stage::Waiting(until) => until,
            Stage::Granted(period) => period.until(),
        }
    }

    fn granted(&self) -> Option<Period> {
        match self.stage {
            Stage::Waiting(_) => None,
            Stage::Granted(period) => Some(period),
        }
    }

    /// Whom that names that it is from.
    pub(crate) fn grantee(&self) -> Principal {
        Principal { tenant: self.who.tenant, object: self.eligibility.principal }
    }
}

impl From<&ActivationPolicy> for Demand {
    fn from(it: &ActivationPolicy) -> Self {
        let approvers = it.approvers.iter().map(|it| it.principal).collect();
        Self { id: it.id.clone(), role: it.role, approvers }
    }
}

impl Anchor {
    /// The activations at this scope, whatever they have come to.
    pub(crate) fn activations(&self) -> &[Activated] {
        self.in_time().map_or(&[], |it| &it.activations)
    }

    pub(crate) fn demands(&self) -> &[Demand] {
        self.in_time().map_or(&[], |it| &it.demands)
    }

    fn change_in_time(&mut self, edit: impl FnOnce(&mut InTime)) {
        self.change_more(|more| edit(&mut more.in_time));
    }
}

/// How the facts change.
impl Index {
    /// Takes note of an activation, and forgets those in the same subscription, or outside of any,
    /// that were over before it was asked for: nobody asks of a time gone by, and scopes are many.
    pub(crate) fn activate(&mut self, activation: &Activation) {
        let scope = activation.id.scope();
        let home = || self.home(scope).map(Scope::Tenant);
        let whole = scope.subscription().map(Scope::Subscription).or_else(home);
        let anchors = whole.iter().flat_map(|whole| self.anchors.standing_in(whole));
        let all = anchors.flat_map(|anchor| anchor.activations());
        let over = all.filter(|it| it.end() <= activation.asked.on).map(|it| it.id.clone());
        for id in over.collect::<Vec<_>>() {
            self.deactivate(&id);
        }
        self.deactivate(&activation.id);
        if let Some(it) = Activated::of(activation) {
            self.add_activated(it);
            self.reline(activation.id.scope());
        }
    }

    /// Adds an activation that is not there yet, unless its delegation has ended it already.
    pub(crate) fn add_activated(&mut self, it: Activated) {
        match it.eligibility.basis {
            Basis::Delegation(_) if !self.is_borne(&it) => return,
            Basis::Delegation(_) | Basis::Own(_) => {}
        }
        let scope = it.id.scope().clone();
        self.stand(&scope, |anchor| {
            anchor.change_in_time(|held| {
                let place = held.activations.partition_point(|other| other.id < it.id);
                held.activations.insert(place, it);
            });
        });
    }

    pub(crate) fn deactivate(&mut self, id: &ActivationId) {
        let anchor = self.anchors.get(id.scope());
        if !anchor.is_some_and(|it| it.activations().iter().any(|it| it.id == *id)) {
            return;
        }
        self.at(id.scope(), |anchor| {
            anchor.change_in_time(|held| held.activations.retain(|it| it.id != *id));
        });
    }

    /// Ends the activations that a delegation no longer bears.
    pub(crate) fn lapse(&mut self, delegation: &AssignmentId) {
        let Some(whole) = delegation.scope().subscription().map(Scope::Subscription) else {
            return;
        };
        let anchors = self.anchors.standing_in(&whole);
        let all = anchors.flat_map(|anchor| anchor.activations());
        let from_it = all.filter(|it| match &it.eligibility.basis {
            Basis::Delegation(id) => id == delegation,
            Basis::Own(_) => false,
        });
        let gone = from_it.filter(|it| !self.is_borne(it)).map(|it| it.id.clone());
        for id in gone.collect::<Vec<_>>() {
            self.deactivate(&id);
        }
    }

    pub(crate) fn demand(&mut self, it: Demand) {
        let scope = it.id.scope().clone();
        self.stand(&scope, |anchor| {
            anchor.change_in_time(|held| {
                held.demands.retain(|other| other.id != it.id);
                let place = held.demands.partition_point(|other| other.id < it.id);
                held.demands.insert(place, it);
            });
        });
    }

    pub(crate) fn waive(&mut self, id: &ActivationPolicyId) {
        self.at(id.scope(), |anchor| {
            anchor.change_in_time(|held| held.demands.retain(|it| it.id != *id));
        });
    }

    /// Whether there is what it is from, and still says so; a delegation around it.
    fn is_borne(&self, it: &Activated) -> bool {
        match &it.eligibility.basis {
            Basis::Delegation(id) => self.delegation_of(id).is_some_and(|delegation| {
                delegation.managed_by() == it.who.tenant
                    && id.scope().contains(it.id.scope())
                    && entry_of(delegation, it.eligibility.eligible()).is_some()
            }),
            Basis::Own(id) => self.entitlement(id).is_some_and(|own| Self::entitles(own, it)),
        }
    }

    /// One that something bears.
    fn activated(&self, id: &ActivationId) -> Option<&Activated> {
        let all = self.anchors.get(id.scope())?.activations();
        all.iter().find(|it| it.id == *id).filter(|it| self.is_borne(it))
    }

    /// When time alone ends what it is from, if it does.
    fn end_of_basis(&self, it: &Activated) -> Option<Timestamp> {
        match &it.eligibility.basis {
            Basis::Delegation(id) => self.delegation_of(id).and_then(Delegation::end),
            Basis::Own(id) => self.entitlement(id).and_then(Entitlement::end),
        }
    }
}

/// What an activation gives.
impl Index {
    /// What the one who asks has activated here.
    pub(crate) fn activated_offers<'a>(
        &'a self,
        subject: Subject<'a>,
        home: TenantId,
        anchor: &'a Anchor,
    ) -> impl Iterator<Item = Offer<'a>> {
        let mine = anchor.activations().iter().filter(move |it| it.who == subject.who);
        mine.filter_map(move |it| {
            let period = it.granted()?;
            Some(match &it.eligibility.basis {
                Basis::Delegation(id) => self.held(subject, it, (id, period), home),
                Basis::Own(id) => self.own_held(subject, it, (id, period), home),
            })
        })
    }

    fn held<'a>(
        &'a self,
        subject: Subject<'a>,
        it: &'a Activated,
        (id, period): (&AssignmentId, Period),
        home: TenantId,
    ) -> Offer<'a> {
        let delegation = self.delegation_of(id);
        let worth = || {
            let delegation = delegation.ok_or(Void::NoDefinition)?;
            Self::in_force((id.scope(), delegation), subject, home)?;
            if period.phase(subject.now) != Phase::Within {
                return Err(Void::OutsidePeriod);
            }
            if !self.is_meant(subject, it.grantee()) {
                return Err(Void::NotEligible);
            }
            let role = self.catalogue.get(it.eligibility.role).ok_or(Void::NotDelegable)?;
            match role.delegated() {
                Delegated::Nothing | Delegated::UserAccess => Err(Void::NotDelegable),
                Delegated::Actions => Ok(Worth::Actions(role)),
            }
        };
        let around = delegation.and_then(Delegation::end);
        Offer {
            source: Source::Activated(&it.id),
            grantee: it.grantee(),
            role: it.eligibility.role,
            terms: None,
            until: around.into_iter().chain([period.until()]).min(),
            worth: worth(),
        }
    }

    /// Whether a delegation counts at all for who asks, and now.
    fn in_force(
        (at, delegation): (&Scope, &Delegation),
        subject: Subject<'_>,
        home: TenantId,
    ) -> Result<(), Void> {
        if delegation.managed_by() == home {
            return Err(Void::OwnTenant);
        }
        if !delegation.is_sound(at) {
            return Err(Void::NoDefinition);
        }
        if !delegation.counts_at(subject.now) {
            return Err(Void::OutsidePeriod);
        }
        let is_new = subject
            .waiting
            .is_some_and(|waiting| waiting.is_late(&Part::Delegation(delegation.id(at))));
        if is_new { Err(Void::Late) } else { Ok(()) }
    }

    /// Whether that principal means the one who asks: it is that one, or a group of theirs.
    fn is_meant(&self, subject: Subject<'_>, name: Principal) -> bool {
        subject.names().any(|it| it == name) && self.is_in(subject, name)
    }
}

fn entry_of(delegation: &Delegation, eligible: Eligible) -> Option<&EligibleEntry> {
    let mut all = delegation.manifest()?.eligible().iter();
    all.find(|it| it.object == eligible.principal && it.role == eligible.role)
}

impl Delegation {
    /// When time alone ends it, if it does.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        self.period().and_then(OpenPeriod::until)
    }

    pub(crate) fn counts_at(&self, now: Timestamp) -> bool {
        self.period().is_none_or(|it| it.phase(now) == Phase::Within)
    }
}
