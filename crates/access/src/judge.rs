//! The walk that every answer comes from: from the scope outward to its tenant.
//!
//! In this order (<https://learn.microsoft.com/azure/role-based-access-control/overview>,
//! "How Azure RBAC determines if a user has access to a resource"):
//! some grant at the scope or around it allows the action, and its condition holds; no deny assignment
//! there stands against it, whoever granted it, unless its condition certainly does not hold; no lock
//! there bars its verb. Yes is final only at the root, since denies stand above; and whoever holds no
//! grant hears of nothing else.

use ids::{guid::Principal, guid::TenantId, resource::AssignmentId, scope::Scope};
use jiff::Timestamp;
use model::{
    question::{Plane, Question, Via},
    role::{Denied, Lock},
};

use crate::{
    anchor::{Anchor, Deny},
    index::Index,
    lock::bars,
    offer::{Asked, Offer, Source, Subject},
    verdict::{Allowed, NotOwner, Refusal, Verdict},
};

/// Who watches a walk. `check` watches nothing; `explain` writes everything down.
pub(crate) trait Witness {
    /// Whether to look on where the answer no longer depends on it.
    const WANTS_ALL: bool;
    fn scope(&mut self, _: &Scope) {}
    fn offer(&mut self, _: &Scope, _: &Offer<'_>, _gives: bool) {}
    fn deny(&mut self, _: &Deny, _applies: bool) {}
    fn lock(&mut self, _: &Lock) {}
}

impl Witness for () {
    const WANTS_ALL: bool = false;
}

/// What gives something, and when time alone ends that.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) until: Option<Timestamp>,
}

/// What the walk has found so far.
#[derive(Default)]
struct Found<'a> {
    grant: Option<Given<'a>>,
    deny: Option<&'a Deny>,
    locks: Vec<Scope>,
}

impl Index {
    /// Whether the principal may do it, by the facts of this revision.
    pub fn check(&self, who: Principal, question: &Question, now: Timestamp) -> Verdict {
        let at_once = self.at_once(who, question, now);
        at_once.unwrap_or_else(|| self.judge(who, question, now, &mut ()))
    }

    /// Whether [`Self::check`] says yes, for whoever need not know by which grant.
    pub fn allows(&self, who: Principal, question: &Question, now: Timestamp) -> bool {
        let at_once = self.is_allowed_at_once(who, question);
        at_once.unwrap_or_else(|| self.judge(who, question, now, &mut ()).is_allowed())
    }

    pub(crate) fn judge<W: Witness>(
        &self,
        who: Principal,
        question: &Question,
        now: Timestamp,
        witness: &mut W,
    ) -> Verdict {
        self.judge_as(who, self.subject(who, now), question, witness)
    }

    /// The same with who asks already known, and when; none if nobody who can.
    pub(crate) fn judge_as<'a, W: Witness>(
        &'a self,
        who: Principal,
        subject: Option<Subject<'a>>,
        question: &Question,
        witness: &mut W,
    ) -> Verdict {
        let asked = Asked::new(question);
        match self.walk(who, subject, &asked, witness) {
            Ok((given, passed_locks)) => Verdict::Allowed(Allowed {
                valid_until: given.until,
                revision: self.revision,
                through: given.source.through(),
                passed_locks,
            }),
            Err(refusal) => Verdict::Refused(refusal),
        }
    }

    fn walk<'a, W: Witness>(
        &'a self,
        who: Principal,
        subject: Option<Subject<'a>>,
        asked: &Asked<'_>,
        witness: &mut W,
    ) -> Result<(Given<'a>, Vec<Scope>), Refusal> {
        match asked.question.via.plane() {
            Plane::Control | Plane::Data => {}
            Plane::Directory => {
                let source = self.in_directory(who, asked)?;
                return Ok((Given { source, until: None }, Vec::new()));
            }
            Plane::Activation(part) => {
                return Ok((self.in_activation((subject, part), asked)?, Vec::new()));
            }
        }
        let home = self.tree.home(asked.scope());
        self.admits(who, subject, home.map(|it| it.tenant), asked)?;
        let (Some(home), Some(subject)) = (home, subject) else { return Err(no_grant(asked)) };
        let mut found = Found::default();
        let near = self.anchors.near(asked.scope());
        let first = if W::WANTS_ALL { asked.scope().clone() } else { near.first(asked.scope()) };
        for scope in self.tree.lineage(first, home) {
            witness.scope(&scope);
            if let Some(anchor) = near.get(&scope) {
                self.look_for_grant(
                    subject,
                    home.tenant,
                    (&scope, anchor),
                    asked,
                    &mut found,
                    witness,
                );
                self.look_for_deny(subject, (&scope, anchor), asked, &mut found, witness);
                look_for_locks(&scope, anchor, asked, &mut found, witness);
            }
        }
        self.conclude(found, asked)
    }

    /// What is decided by who asks, before any grant is looked at.
    fn admits(
        &self,
        who: Principal,
        subject: Option<Subject<'_>>,
        home: Option<TenantId>,
        asked: &Asked<'_>,
    ) -> Result<(), Refusal> {
        let via = asked.question.via;
        if via == Via::Ownership {
            if home != Some(who.tenant) {
                return Err(Refusal::NotOwner(NotOwner::ForeignTenant));
            }
            let is_guest = subject.is_some_and(|it| it.facts.is_guest());
            if is_guest && !self.settings.guest_delegation {
                return Err(Refusal::NotOwner(NotOwner::Guest));
            }
        }
        if via == Via::DeleteRole && !self.is_own_delegation(who.tenant, asked.scope()) {
            return Err(Refusal::NoGrant);
        }
        Ok(())
    }

    /// A managing tenant gives back only what was delegated to it.
    fn is_own_delegation(&self, tenant: TenantId, scope: &Scope) -> bool {
        let Scope::Resource(id) = scope else { return false };
        let Ok(id) = AssignmentId::try_from(id.clone()) else { return false };
        self.delegation_of(&id).is_some_and(|it| it.managed_by() == tenant)
    }

    fn look_for_grant<'a, W: Witness>(
        &'a self,
        subject: Subject<'a>,
        home: TenantId,
        (scope, anchor): (&Scope, &'a Anchor),
        asked: &Asked<'_>,
        found: &mut Found<'a>,
        witness: &mut W,
    ) {
        if found.grant.is_some() && !W::WANTS_ALL {
            return;
        }
        let mut look = |offer: Offer<'a>| {
            // Conditions are dear: they are for what is named only.
            let is_named = self.gives(&offer, asked);
            let offer = if is_named { offer.on_terms(asked.question) } else { offer };
            let gives = is_named && offer.worth.is_ok();
            witness.offer(scope, &offer, gives);
            if gives && found.grant.is_none() {
                found.grant = Some(Given { source: offer.source, until: offer.until });
            }
            gives && !W::WANTS_ALL
        };
        // Of the other kind there are only offers that give nothing.
        let is_member = subject.who.tenant == home;
        let is_found =
            (is_member || W::WANTS_ALL) && self.direct_offers(subject, home, anchor).any(&mut look);
        let is_found = is_found
            || (!is_member || W::WANTS_ALL)
                && self.delegated_offers(subject, home, anchor).any(&mut look);
        if !is_found {
            self.activated_offers(subject, home, anchor).any(look);
        }
    }

    fn look_for_deny<'a, W: Witness>(
        &self,
        subject: Subject<'_>,
        (scope, anchor): (&Scope, &'a Anchor),
        asked: &Asked<'_>,
        found: &mut Found<'a>,
        witness: &mut W,
    ) {
        for deny in anchor.denies() {
            let reaches = scope == asked.scope() || !deny.assignment.does_not_apply_to_child_scopes;
            let applies = reaches
                && self.is_against(deny, subject)
                && deny.permissions.iter().any(|permissions| permissions.denies(asked));
            witness.deny(deny, applies);
            if applies {
                found.deny.get_or_insert(deny);
            }
        }
    }

    /// Who is new in a group is barred with it at once, and spared with it only as they are let in.
    fn is_against(&self, deny: &Deny, subject: Subject<'_>) -> bool {
        let named = |list: &[Principal]| subject.names().any(|name| list.contains(&name));
        let meant = match &deny.assignment.principals {
            Denied::Everyone => true,
            Denied::These(list) => named(list),
        };
        let spared = &deny.assignment.exclude;
        let mut names = subject.names().filter(|name| spared.contains(name));
        meant && !names.any(|name| self.is_in(subject, name))
    }

    /// What gives it, and the locks that are in nobody's way.
    fn conclude<'a>(
        &self,
        found: Found<'a>,
        asked: &Asked<'_>,
    ) -> Result<(Given<'a>, Vec<Scope>), Refusal> {
        let Some(given) = found.grant else { return Err(no_grant(asked)) };
        if let Some(Deny { assignment, .. }) = found.deny {
            return Err(Refusal::Denied {
                id: assignment.id.clone(),
                name: assignment.name.clone(),
                scope: assignment.id.scope().clone(),
            });
        }
        // Documented: a customer's locks do not stop the users of a managing tenant.
        let is_bound = !(given.source.is_delegated() && self.is_azure());
        if is_bound && !found.locks.is_empty() {
            return Err(Refusal::Locked { locks: found.locks });
        }
        Ok((given, found.locks))
    }
}

fn no_grant(asked: &Asked<'_>) -> Refusal {
    if asked.question.via == Via::Ownership {
        Refusal::NotOwner(NotOwner::NoGrant)
    } else {
        Refusal::NoGrant
    }
}

/// Ownership is about what somebody holds; whether the thing itself is locked is for the
/// question about the thing. Locks are of the control plane; they hold no data.
fn look_for_locks<W: Witness>(
    scope: &Scope,
    anchor: &Anchor,
    asked: &Asked<'_>,
    found: &mut Found<'_>,
    witness: &mut W,
) {
    match asked.question.via.plane() {
        Plane::Control if asked.question.via != Via::Ownership => {}
        Plane::Control | Plane::Data | Plane::Directory | Plane::Activation(_) => return,
    }
    let barring = anchor.locks().iter().filter(|lock| bars(lock.level, &asked.question.action));
    for lock in barring {
        witness.lock(lock);
        if found.locks.last() != Some(scope) {
            found.locks.push(scope.clone());
        }
    }
}
