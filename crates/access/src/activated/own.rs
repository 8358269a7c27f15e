//! What a tenant lets its own people activate, and what that gives.
//!
//! It ends with what it is from, and is not looked for: an activation of a tenant's own counts only
//! while what lets somebody activate it stands, which no request makes anew under its name.

use ids::{
    guid::{Principal, RoleId, TenantId},
    resource::EligibleAssignmentId,
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    activation::eligible::EligibleAssignment,
    period::{OpenPeriod, Period, Phase},
};
use serde::{Deserialize, Serialize};

use super::Activated;
use crate::{
    anchor::Anchor,
    index::Index,
    offer::{Offer, Source, Subject, Void, Worth},
};

/// An eligible assignment that nobody has removed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Entitlement {
    pub(crate) id: EligibleAssignmentId,
    pub(crate) grantee: Principal,
    pub(crate) role: RoleId,
    period: OpenPeriod,
}

impl Entitlement {
    fn of(it: &EligibleAssignment) -> Option<Self> {
        let EligibleAssignment { id, principal, role, period, removed, .. } = it;
        let (id, grantee, role, period) = (id.clone(), *principal, *role, *period);
        removed.is_none().then_some(Self { id, grantee, role, period })
    }

    /// When time alone ends it, if it does.
    pub(super) fn end(&self) -> Option<Timestamp> {
        self.period.until()
    }

    fn counts_at(&self, now: Timestamp) -> bool {
        self.period.phase(now) == Phase::Within
    }
}

impl Anchor {
    /// What the tenant's own people may activate here.
    pub(crate) fn entitlements(&self) -> &[Entitlement] {
        self.in_time().map_or(&[], |it| &it.entitlements)
    }
}

/// How the facts change.
impl Index {
    pub(crate) fn entitle(&mut self, it: &EligibleAssignment) {
        self.disentitle(&it.id);
        if let Some(entitlement) = Entitlement::of(it) {
            self.add_entitlement(entitlement);
            self.reline(it.id.scope());
        }
    }

    /// Adds one that is not there yet.
    pub(crate) fn add_entitlement(&mut self, it: Entitlement) {
        let scope = it.id.scope().clone();
        self.stand(&scope, |anchor| {
            anchor.change_in_time(|held| {
                let place = held.entitlements.partition_point(|other| other.id < it.id);
                held.entitlements.insert(place, it);
            });
        });
    }

    pub(crate) fn disentitle(&mut self, id: &EligibleAssignmentId) {
        if self.entitlement(id).is_none() {
            return;
        }
        self.at(id.scope(), |anchor| {
            anchor.change_in_time(|held| held.entitlements.retain(|it| it.id != *id));
        });
    }
}

/// What they give.
impl Index {
    pub(super) fn entitlement(&self, id: &EligibleAssignmentId) -> Option<&Entitlement> {
        self.anchors.get(id.scope())?.entitlements().iter().find(|it| it.id == *id)
    }

    /// Whether it is what that activation is from.
    pub(super) fn entitles(it: &Entitlement, activated: &Activated) -> bool {
        (it.grantee, it.role) == (activated.grantee(), activated.eligibility.role)
    }

    /// What lets the one who asks activate something at the scope, by what stands there and around.
    pub(super) fn entitlements_of<'a, 'b>(
        &'a self,
        subject: Subject<'b>,
        scope: &Scope,
    ) -> impl Iterator<Item = &'a Entitlement> + use<'a, 'b> {
        let is_member = self.home(scope) == Some(subject.who.tenant);
        let around = if is_member { self.lineage(scope) } else { Vec::new() };
        let anchors = around.into_iter().filter_map(|scope| self.anchors.get(&scope));
        let all = anchors.flat_map(|anchor| anchor.entitlements());
        all.filter(move |it| it.counts_at(subject.now) && self.is_meant(subject, it.grantee))
    }

    /// What somebody has activated in their own tenant.
    pub(super) fn own_held<'a>(
        &'a self,
        subject: Subject<'a>,
        it: &'a Activated,
        (id, period): (&'a EligibleAssignmentId, Period),
        home: TenantId,
    ) -> Offer<'a> {
        let own = self.entitlement(id).filter(|own| Self::entitles(own, it));
        let worth = || {
            let own = own.ok_or(Void::NotEligible)?;
            if own.grantee.tenant != home {
                return Err(Void::ForeignTenant);
            }
            if period.phase(subject.now) != Phase::Within || !own.counts_at(subject.now) {
                return Err(Void::OutsidePeriod);
            }
            let is_around = self.lineage(it.id.scope()).contains(own.id.scope());
            if !is_around || !self.is_meant(subject, own.grantee) {
                return Err(Void::NotEligible);
            }
            self.find_role(home, own.role).map(|it| Worth::Whole(it)).ok_or(Void::UnknownRole)
        };
        Offer {
            source: Source::OwnActivated(&it.id),
            grantee: it.grantee(),
            role: it.eligibility.role,
            terms: None,
            until: own.and_then(Entitlement::end).into_iter().chain([period.until()]).min(),
            worth: worth(),
        }
    }
}
