//! Who could delegate a subscription, and by which grants: the delegation rule, asked of everybody.

use std::collections::BTreeSet;

use ids::{
    guid::{Principal, RoleId, SubscriptionId},
    resource::RoleAssignmentId,
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    change::delegation_rule,
    question::{Question, Via},
};

use crate::{
    explain::Outcome,
    index::{Index, PrincipalFacts},
    offer::Subject,
    verdict::{NotOwner, Refusal, Through, Verdict},
};

/// Somebody who holds all that the delegation rule asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegator {
    pub who: Principal,
    pub facts: PrincipalFacts,
    pub standing: Standing,
    /// What it is held by: each grant once, in the order of the rule's actions.
    pub paths: Vec<Path>,
}

/// Whether somebody who holds what it takes may. Of a guest it says nothing of the account at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    May,
    /// Guests do not delegate, whatever they hold.
    Guest,
}

/// One grant, and how it comes to the one who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub grant: RoleAssignmentId,
    /// Where it stands: the subscription, or around it.
    pub scope: Scope,
    pub role: RoleId,
    /// From the group that the one is in to the group that the grant names; empty where it names
    /// the one itself.
    pub groups: Vec<Principal>,
    /// What of the rule it gives.
    pub actions: Vec<Action>,
}

/// Some of them, in a fixed order, and where to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delegators {
    pub found: Vec<Delegator>,
    /// The last one found, where there may be more behind.
    pub next: Option<Principal>,
}

impl Index {
    /// Those behind `after` for whom the delegation rule holds at the subscription, and the guests
    /// for whom it would, up to `limit` of them. Whoever lacks a part of it is not among them.
    ///
    /// A guest is told by what its own tenant knows: whether the account at home is there and let
    /// in is another tenant's, and anybody may be invited to learn it.
    pub fn who_can_delegate(
        &self,
        id: SubscriptionId,
        after: Option<Principal>,
        limit: usize,
        now: Timestamp,
    ) -> Delegators {
        let whole = Scope::Subscription(id);
        let home = self.home(&whole);
        let around = self.lineage(&whole);
        let anchors = around.iter().filter_map(|scope| self.anchors.get(scope));
        let named: BTreeSet<Principal> =
            anchors.flat_map(|it| it.grants.iter().map(|grant| grant.principal)).collect();
        let all: BTreeSet<Principal> =
            named.into_iter().flat_map(|principal| self.directory.below(principal)).collect();
        let behind = |who: &Principal| Some(who.tenant) == home && after.is_none_or(|it| *who > it);
        let mut rest =
            all.into_iter().filter(behind).filter_map(|who| self.delegator(who, &whole, now));
        let found: Vec<Delegator> = rest.by_ref().take(limit).collect();
        let next = found.last().map(|it| it.who).filter(|_| rest.next().is_some());
        Delegators { found, next }
    }

    fn delegator(&self, who: Principal, whole: &Scope, now: Timestamp) -> Option<Delegator> {
        let subject = self.local_subject(who, now)?;
        let rule = delegation_rule(whole);
        let refusal =
            |question: &Question| match self.judge_as(who, Some(subject), question, &mut ()) {
                Verdict::Allowed(_) => None,
                Verdict::Refused(refusal) => Some(refusal),
            };
        let standing = match rule.iter().find_map(refusal) {
            None => Standing::May,
            Some(Refusal::NotOwner(NotOwner::Guest)) => Standing::Guest,
            Some(_) => return None,
        };
        let mut paths: Vec<Path> = Vec::new();
        for question in rule {
            let path = self.path(subject, question)?;
            match paths.iter_mut().find(|it| it.grant == path.grant) {
                Some(known) => known.actions.extend(path.actions),
                None => paths.push(path),
            }
        }
        Some(Delegator { who, facts: subject.facts, standing, paths })
    }

    /// The grant by which somebody holds what is asked, a guest too; none where nobody grants it
    /// or something is denied. As in the rule, a lock does not take away what somebody holds.
    fn path(&self, subject: Subject<'_>, asked: Question) -> Option<Path> {
        let direct = Question { via: Via::Direct, ..asked.clone() };
        let explained = self.explain_as(subject.who, Some(subject), &direct);
        match explained.verdict {
            Verdict::Allowed(_) | Verdict::Refused(Refusal::Locked { .. }) => {}
            Verdict::Refused(_) => return None,
        }
        let gives = explained.grants.into_iter().find(|it| it.outcome == Outcome::Allows)?;
        let Through::Assignment(grant) = gives.through else { return None };
        Some(Path {
            grant,
            scope: gives.scope,
            role: gives.role,
            groups: self.directory.way_up(subject.who, gives.grantee),
            actions: vec![asked.action],
        })
    }
}
