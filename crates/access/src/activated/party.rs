//! Who is what in an activation: eligible for it, its approver on a side, or who asked for it.

use std::sync::Arc;

use ids::{
    guid::{ObjectId, Principal, SubscriptionId},
    resource::ActivationId,
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    activation::{Activation, Basis, Eligibility, Side},
    question::{Eligible, Part},
};

use super::{Activated, Entitlement, Stage, entry_of};
use crate::{
    anchor::{Anchor, Manifest},
    directory::PrincipalKind,
    index::Index,
    judge::Given,
    offer::{Asked, Source, Subject},
    verdict::Refusal,
};

/// What somebody is in an activation.
impl Index {
    /// The answer to a question about an activation: no grant opens any, however wide.
    pub(crate) fn in_activation<'a>(
        &'a self,
        (subject, part): (Option<Subject<'a>>, Part),
        asked: &Asked<'_>,
    ) -> Result<Given<'a>, Refusal> {
        let subject = subject.filter(is_person).ok_or(Refusal::NoGrant)?;
        let given = match part {
            Part::Eligible(eligible) => self.eligible_for(subject, eligible, asked.scope()),
            Part::Approver(side) => self.approving(subject, side, asked.scope()),
            Part::Requestor => self.requesting(subject, asked.scope()),
        };
        given.ok_or(Refusal::NoGrant)
    }

    fn eligible_for(
        &self,
        subject: Subject<'_>,
        eligible: Eligible,
        scope: &Scope,
    ) -> Option<Given<'_>> {
        let home = self.home(scope)?;
        let name = Principal { tenant: subject.who.tenant, object: eligible.principal };
        if !self.is_meant(subject, name) {
            return None;
        }
        let mut own = self.entitlements_of(subject, scope);
        let is_it = |it: &&Entitlement| it.grantee == name && it.role == eligible.role;
        if let Some(own) = own.find(is_it) {
            return Some(Given { source: Source::Entitled(&own.id), until: own.end() });
        }
        let around = self.lineage(scope);
        let anchors = around.iter().filter_map(|scope| self.anchors.get(scope));
        let mut all =
            anchors.flat_map(|anchor| anchor.delegations.iter().map(|it| (&anchor.scope, it)));
        let (at, found) = all.find(|(at, it)| {
            it.managed_by() == subject.who.tenant
                && Self::in_force((at, it), subject, home).is_ok()
                && entry_of(it, eligible).is_some()
        })?;
        Some(Given { source: Source::Eligible(at, found), until: found.end() })
    }

    fn approving(&self, subject: Subject<'_>, side: Side, scope: &Scope) -> Option<Given<'_>> {
        let it = self.activated(&named(scope)?)?;
        let Stage::Waiting(until) = it.stage else { return None };
        if until <= subject.now || !self.is_approver(subject, side, it) {
            return None;
        }
        let until = self.end_of_basis(it).into_iter().chain([until]).min();
        Some(Given { source: Source::Party(&it.id), until })
    }

    fn requesting(&self, subject: Subject<'_>, scope: &Scope) -> Option<Given<'_>> {
        let it = self.activated(&named(scope)?)?;
        let is_mine = it.who == subject.who && subject.now < it.end();
        is_mine.then_some(Given { source: Source::Party(&it.id), until: Some(it.end()) })
    }

    /// Whether that side has approvers, and the one who asks is one.
    fn is_approver(&self, subject: Subject<'_>, side: Side, it: &Activated) -> bool {
        match side {
            Side::Provider => self.approves_for_provider(subject, it),
            Side::Customer => self.approves_for_customer(subject, it),
        }
    }

    fn approves_for_provider(&self, subject: Subject<'_>, it: &Activated) -> bool {
        let at = match &it.eligibility.basis {
            Basis::Delegation(id) => id,
            Basis::Own(_) => return false,
        };
        let (Some(delegation), Some(home)) = (self.delegation_of(at), self.home(it.id.scope()))
        else {
            return false;
        };
        let approvers = entry_of(delegation, it.eligibility.eligible()).map(|it| &it.approvers);
        subject.who.tenant == it.who.tenant
            && Self::in_force((at.scope(), delegation), subject, home).is_ok()
            && approvers.is_some_and(|approvers| self.is_among(subject, approvers))
    }

    /// Each policy around the scope and within it that names approvers has to name this one.
    fn approves_for_customer(&self, subject: Subject<'_>, it: &Activated) -> bool {
        if self.home(it.id.scope()) != Some(subject.who.tenant) {
            return false;
        }
        let around = self.lineage(it.id.scope());
        let around = around.iter().filter_map(|scope| self.anchors.get(scope));
        let places = self.tree.below(it.id.scope());
        let own = places.iter().filter_map(|place| self.anchors.get(place));
        let within = places.iter().flat_map(|place| self.anchors.standing_in(place));
        let anchors = around.chain(own).chain(within);
        let demands = anchors.flat_map(|anchor| anchor.demands());
        let role = it.eligibility.role;
        let mut asking =
            demands.filter(|it| it.role == role && !it.approvers.is_empty()).peekable();
        asking.peek().is_some() && asking.all(|it| self.is_among(subject, &it.approvers))
    }

    fn is_among(&self, subject: Subject<'_>, list: &[ObjectId]) -> bool {
        let tenant = subject.who.tenant;
        list.iter().any(|&object| self.is_meant(subject, Principal { tenant, object }))
    }
}

/// What operations ask beside the one question.
impl Index {
    /// Whether the activation is known here: somebody may still decide about it, or it was granted,
    /// and what it is from has stood ever since. One that is over may be forgotten.
    pub fn bears(&self, id: &ActivationId) -> bool {
        self.activated(id).is_some()
    }

    /// Whether the principal may activate something at the subscription or within, or has a part in
    /// what somebody asked for there.
    pub fn takes_part(&self, who: Principal, id: SubscriptionId, now: Timestamp) -> bool {
        let Some(subject) = self.subject(who, now).filter(is_person) else { return false };
        let whole = Scope::Subscription(id);
        let is_eligible = |scope: &Scope| !self.eligibilities(who, scope, now).is_empty();
        let is_party = |it: &Activated| {
            let decides = |side: &Side| self.is_approver(subject, *side, it);
            self.is_borne(it) && (it.who == who || Side::ALL.iter().any(decides))
        };
        let is_in = |anchor: &Arc<Anchor>| {
            let may_say =
                anchor.delegations.iter().next().is_some() || !anchor.entitlements().is_empty();
            anchor.activations().iter().any(is_party) || may_say && is_eligible(&anchor.scope)
        };
        is_eligible(&whole) || self.anchors.standing_in(&whole).any(is_in)
    }

    /// The sides for which the principal could decide about such an activation today, whatever has
    /// become of it.
    pub fn sides_of(&self, who: Principal, it: &Activation, now: Timestamp) -> Vec<Side> {
        let Some(subject) = self.subject(who, now).filter(is_person) else { return Vec::new() };
        let (id, eligibility) = (it.id.clone(), it.eligibility.clone());
        let it = Activated { id, who: it.who, eligibility, stage: Stage::Waiting(Timestamp::MAX) };
        if !self.is_borne(&it) {
            return Vec::new();
        }
        Side::ALL.into_iter().filter(|side| self.is_approver(subject, *side, &it)).collect()
    }

    /// What the principal may activate at the scope, by what the scope's own tenant lets it, or by
    /// the delegations in force there and around; in a fixed order.
    pub fn eligibilities(&self, who: Principal, scope: &Scope, now: Timestamp) -> Vec<Eligibility> {
        let subject = self.subject(who, now).filter(is_person);
        let (Some(subject), Some(home)) = (subject, self.home(scope)) else { return Vec::new() };
        let own = self.entitlements_of(subject, scope).map(|it| Eligibility {
            basis: Basis::Own(it.id.clone()),
            principal: it.grantee.object,
            role: it.role,
        });
        let around = self.lineage(scope);
        let anchors = around.iter().filter_map(|scope| self.anchors.get(scope));
        let all = anchors
            .flat_map(|anchor| anchor.delegations.iter().map(|it| (&anchor.scope, it)))
            .filter(|(_, it)| it.managed_by() == who.tenant)
            .filter(|it| Self::in_force(*it, subject, home).is_ok());
        let mine = all.flat_map(|(at, it)| {
            let entries = it.manifest().into_iter().flat_map(Manifest::eligible);
            let meant = entries.filter(|entry| {
                self.is_meant(subject, Principal { tenant: who.tenant, object: entry.object })
            });
            meant.map(|entry| Eligibility {
                basis: Basis::Delegation(it.id(at)),
                principal: entry.object,
                role: entry.role,
            })
        });
        own.chain(mine).collect()
    }

    /// Who somebody is at home: whose guest account that is, or they themselves.
    pub fn person(&self, who: Principal) -> Principal {
        match self.principal(who).map(|it| it.kind) {
            Some(PrincipalKind::Guest { home }) => home,
            Some(
                PrincipalKind::User
                | PrincipalKind::Group(_)
                | PrincipalKind::Application
                | PrincipalKind::ManagedIdentity,
            )
            | None => who,
        }
    }
}

/// Applications do not activate anything, and approve nothing (B69, B74).
fn is_person(it: &Subject<'_>) -> bool {
    match it.facts.kind {
        PrincipalKind::User | PrincipalKind::Guest { .. } => true,
        PrincipalKind::Group(_) | PrincipalKind::Application | PrincipalKind::ManagedIdentity => {
            false
        }
    }
}

/// The activation that a question is about.
fn named(scope: &Scope) -> Option<ActivationId> {
    let Scope::Resource(id) = scope else { return None };
    ActivationId::try_from(id.clone()).ok()
}
