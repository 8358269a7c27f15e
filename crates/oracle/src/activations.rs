//! What is held just in time, and who may do what about it, naively.

use ids::{
    guid::{ObjectId, Principal, TenantId},
    resource::{AssignmentId, EligibleAssignmentId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    activation::{
        Activation, Basis, Eligibility, Side, State, eligible::EligibleAssignment,
        policy::ActivationPolicy,
    },
    change::Noun,
    delegation::{Assignment, Definition, EligibleAuthorization},
    period::OpenPeriod,
    question::{Question, Via},
};

use crate::{
    book::{Answer, Oracle},
    chronicle::grant_line,
    grants::{Held, USER_ACCESS_ADMINISTRATOR},
};

impl Oracle {
    /// The same book, asked at that time. Without a time nothing counts that has a period.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        let mut book = self.clone();
        book.now = Some(now);
        book
    }

    /// An activation whose delegation ended, or no longer says so, is gone for good; and so is one
    /// that somebody ended.
    pub(crate) fn lapse(&mut self) {
        let kept = |fact: &Noun| match fact {
            Noun::Activation(it) => {
                let is_open = matches!(it.state, State::Waiting(_) | State::Granted { .. });
                let is_own = matches!(it.eligibility.basis, Basis::Own(_));
                is_open && (is_own || self.bearing(it).is_some())
            }
            _ => true,
        };
        let kept: Vec<bool> = self.facts.iter().map(kept).collect();
        let mut kept = kept.into_iter();
        self.facts.retain(|_| kept.next().unwrap_or(true));
    }

    /// The delegation and the authorization that an activation is from.
    fn bearing(&self, it: &Activation) -> Option<(&Assignment, &EligibleAuthorization)> {
        let Basis::Delegation(id) = &it.eligibility.basis else { return None };
        let delegation = self.assignment(id)?;
        let (outer, inner) = (delegation.id.scope().key(), it.id.scope().key());
        let is_around = format!("{inner}/").starts_with(&format!("{outer}/"));
        let authorization = eligible_in(self.definition_of(delegation)?, &it.eligibility)?;
        let is_its = delegation.managed_by == it.who.tenant;
        (is_around && is_its).then_some((delegation, authorization))
    }

    fn own(&self, id: &EligibleAssignmentId) -> Option<&EligibleAssignment> {
        self.facts.iter().find_map(|fact| match fact {
            Noun::EligibleAssignment(it) if it.id == *id && it.removed.is_none() => Some(it),
            _ => None,
        })
    }

    /// What a tenant's own person's activation is from, while that stands.
    fn own_bearing(&self, it: &Activation) -> Option<&EligibleAssignment> {
        let Basis::Own(id) = &it.eligibility.basis else { return None };
        let own = self.own(id)?;
        let said = (own.principal.tenant, own.principal.object, own.role);
        (said == (it.who.tenant, it.eligibility.principal, it.eligibility.role)).then_some(own)
    }

    /// What a tenant lets its own people activate there now, and means that one.
    fn entitled(&self, who: Principal, scope: &Scope) -> Vec<&EligibleAssignment> {
        let names = self.counting_names_of(who);
        let is_home = self.home(scope) == Some(who.tenant);
        let all = self.facts.iter().filter_map(|fact| match fact {
            Noun::EligibleAssignment(it) if it.removed.is_none() => Some(it),
            _ => None,
        });
        let counts = |it: &&EligibleAssignment| {
            names.contains(&it.principal)
                && self.contains(it.id.scope(), scope)
                && self.is_now(it.period)
        };
        all.filter(|it| is_home && counts(it)).collect()
    }

    fn assignment(&self, id: &AssignmentId) -> Option<&Assignment> {
        self.assignments().find(|it| it.id == *id)
    }

    fn is_now(&self, period: OpenPeriod) -> bool {
        let ends_later = |now| period.until().is_none_or(|until| now < until);
        self.now.is_some_and(|now| period.from() <= now && ends_later(now))
    }

    /// Whether a delegation counts at all.
    pub(crate) fn counts(&self, it: &Assignment) -> bool {
        it.period.is_none_or(|period| self.is_now(period))
            && !self.is_late(grant_line(&Noun::Assignment(it.clone())))
    }

    fn activations(&self) -> impl Iterator<Item = &Activation> {
        self.facts.iter().filter_map(|fact| match fact {
            Noun::Activation(it) => Some(it),
            _ => None,
        })
    }

    /// What the principal has activated, and holds now.
    pub(crate) fn activated(&self, who: Principal, home: TenantId) -> Vec<Held> {
        let names = self.counting_names_of(who);
        let mine = self.activations().filter(|it| it.who == who);
        let held = mine.filter_map(|it| {
            let State::Granted { period, .. } = it.state else { return None };
            if let Some(own) = self.own_bearing(it) {
                let counts = who.tenant == home
                    && self.home(it.id.scope()) == Some(home)
                    && self.entitled(who, it.id.scope()).contains(&own)
                    && self.is_now(period.open());
                let (scope, id) = (it.id.scope(), it.id.key());
                return counts.then(|| self.direct(scope, id, own.role, home)).flatten();
            }
            let (delegation, _) = self.bearing(it)?;
            self.sound(delegation, home)?;
            let grantee = named(who.tenant, it.eligibility.principal);
            let is_eligible = names.contains(&grantee) && self.counts(delegation);
            let role = it.eligibility.role;
            let is_whole = role.to_string() != USER_ACCESS_ADMINISTRATOR;
            let counts = is_whole && is_eligible && self.is_now(period.open());
            let (scope, id) = (it.id.scope().clone(), it.id.key());
            counts.then(|| self.delegated_role(scope, id, role, Vec::new())).flatten()
        });
        held.collect()
    }

    /// What somebody may do about activations, whatever they hold.
    pub(crate) fn party(&self, who: Principal, question: &Question) -> Answer {
        let is_person = self.facts.iter().any(|fact| match fact {
            Noun::User(it) => it.principal == who,
            _ => false,
        });
        let ids = match question.via {
            _ if !is_person || !self.can_act(who) => Vec::new(),
            Via::Activating(asked) => {
                let own = self.entitled(who, &question.scope).into_iter();
                let own = own
                    .filter(|it| (it.principal.object, it.role) == (asked.principal, asked.role));
                let own: Vec<String> = own.map(|it| it.id.key()).collect();
                let delegated = self.eligible_by(who, question, |it| {
                    (it.principal, it.role) == (asked.principal, asked.role)
                });
                own.into_iter().chain(delegated).collect()
            }
            Via::Approving(side) => self.borne_about(question, |it| {
                let State::Waiting(waiting) = &it.state else { return false };
                let is_open = self.now.is_some_and(|now| now < waiting.until);
                is_open && self.approves(who, side, it)
            }),
            Via::Requesting => self.borne_about(question, |it| {
                let until = match &it.state {
                    State::Waiting(waiting) => waiting.until,
                    State::Granted { period, .. } => period.until(),
                    _ => return false,
                };
                it.who == who && self.now.is_some_and(|now| now < until)
            }),
            _ => Vec::new(),
        };
        if ids.is_empty() { Answer::NoGrant } else { Answer::Allowed(ids) }
    }

    fn borne_about(&self, question: &Question, holds: impl Fn(&Activation) -> bool) -> Vec<String> {
        let is_borne = |it: &Activation| match it.eligibility.basis {
            Basis::Delegation(_) => true,
            Basis::Own(_) => self.own_bearing(it).is_some(),
        };
        let meant = |it: &&Activation| {
            Scope::Resource(it.id.as_resource().clone()) == question.scope
                && is_borne(it)
                && holds(it)
        };
        self.activations().filter(meant).map(|it| it.id.key()).collect()
    }

    fn eligible_by(
        &self,
        who: Principal,
        question: &Question,
        means: impl Fn(&EligibleAuthorization) -> bool,
    ) -> Vec<String> {
        let Some(home) = self.home(&question.scope) else { return Vec::new() };
        let names = self.counting_names_of(who);
        let gives = |it: &&Assignment| {
            let definition = self.sound(it, home).filter(|_| self.counts(it));
            let all = definition.into_iter().flat_map(|it| &it.eligible);
            let mut mine = all.filter(|it| names.contains(&named(who.tenant, it.principal)));
            it.managed_by == who.tenant
                && self.contains(it.id.scope(), &question.scope)
                && mine.any(&means)
        };
        self.assignments().filter(gives).map(|it| it.id.key()).collect()
    }

    fn approves(&self, who: Principal, side: Side, it: &Activation) -> bool {
        let names = self.counting_names_of(who);
        let is_in = |list: Vec<ObjectId>| {
            list.into_iter().any(|object| names.contains(&named(who.tenant, object)))
        };
        let home = self.home(it.id.scope());
        match side {
            Side::Provider => {
                let Some((delegation, authorization)) = self.bearing(it) else { return false };
                let sound = home.and_then(|home| self.sound(delegation, home)).is_some();
                let policy = authorization.policy.iter();
                let approvers = policy.flat_map(|it| &it.approvers).map(|it| it.principal);
                who.tenant == it.who.tenant
                    && sound
                    && self.counts(delegation)
                    && is_in(approvers.collect())
            }
            Side::Customer => {
                let asks = |policy: &&ActivationPolicy| {
                    policy.role == it.eligibility.role
                        && !policy.approvers.is_empty()
                        && (self.contains(policy.id.scope(), it.id.scope())
                            || self.contains(it.id.scope(), policy.id.scope()))
                };
                let policies = self.facts.iter().filter_map(|fact| match fact {
                    Noun::ActivationPolicy(it) => Some(it),
                    _ => None,
                });
                let asking: Vec<&ActivationPolicy> = policies.filter(asks).collect();
                let names_me = |policy: &&ActivationPolicy| {
                    is_in(policy.approvers.iter().map(|it| it.principal).collect())
                };
                home == Some(who.tenant) && !asking.is_empty() && asking.iter().all(names_me)
            }
        }
    }
}

fn named(tenant: TenantId, object: ObjectId) -> Principal {
    Principal { tenant, object }
}

fn eligible_in<'a>(of: &'a Definition, it: &Eligibility) -> Option<&'a EligibleAuthorization> {
    let is_it =
        |other: &&EligibleAuthorization| (other.principal, other.role) == (it.principal, it.role);
    of.eligible.iter().find(is_it)
}
