//! Why an answer is what it is.

use ids::{
    guid::{Principal, RoleId, TenantId},
    resource::{DenyAssignmentId, LockId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{question::Question, role::Lock};

use crate::{
    anchor::Deny,
    index::{Index, PrincipalFacts},
    judge::Witness,
    offer::{Offer, Subject},
    verdict::{Through, Verdict},
};

pub use crate::offer::Void;

/// An answer with all that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub who: Principal,
    pub question: Question,
    /// None where there is no such principal.
    pub principal: Option<PrincipalFacts>,
    /// The security groups whose rights the principal shares.
    pub groups: Vec<Principal>,
    /// None where the scope's subscription is not known.
    pub home: Option<TenantId>,
    /// The scopes that were walked, innermost first.
    pub scopes: Vec<Scope>,
    pub grants: Vec<ExplainedGrant>,
    pub denies: Vec<ExplainedDeny>,
    /// The locks that bar the action.
    pub locks: Vec<LockId>,
    pub verdict: Verdict,
}

/// A grant that names the principal or a group of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedGrant {
    pub scope: Scope,
    pub through: Through,
    /// The principal, or the group, that the grant names.
    pub grantee: Principal,
    pub role: RoleId,
    pub outcome: Outcome,
}

/// What a grant did for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It allows what was asked.
    Allows,
    /// It is about something else, or may not count for such a question.
    Other,
    /// It grants nothing to anyone.
    Void(Void),
}

/// A deny assignment at a scope that was walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedDeny {
    pub id: DenyAssignmentId,
    /// Whether it stands against what was asked.
    pub applies: bool,
}

#[derive(Default)]
struct Record {
    scopes: Vec<Scope>,
    grants: Vec<ExplainedGrant>,
    denies: Vec<ExplainedDeny>,
    locks: Vec<LockId>,
}

impl Witness for Record {
    const WANTS_ALL: bool = true;

    fn scope(&mut self, scope: &Scope) {
        self.scopes.push(scope.clone());
    }

    fn offer(&mut self, scope: &Scope, offer: &Offer<'_>, gives: bool) {
        let outcome = match offer.worth {
            Ok(_) if gives => Outcome::Allows,
            Ok(_) => Outcome::Other,
            Err(void) => Outcome::Void(void),
        };
        self.grants.push(ExplainedGrant {
            scope: scope.clone(),
            through: offer.source.through(),
            grantee: offer.grantee,
            role: offer.role,
            outcome,
        });
    }

    fn deny(&mut self, deny: &Deny, applies: bool) {
        self.denies.push(ExplainedDeny { id: deny.assignment.id.clone(), applies });
    }

    fn lock(&mut self, lock: &Lock) {
        self.locks.push(lock.id.clone());
    }
}

impl Index {
    /// The same answer as [`Index::check`], with all that was looked at.
    pub fn explain(&self, who: Principal, question: &Question, now: Timestamp) -> Explanation {
        self.explain_as(who, self.subject(who, now), question)
    }

    /// The same as far as the principal's own tenant knows. Whether a guest's account is let in at
    /// home is another tenant's, and anybody may be invited to learn it.
    pub fn explain_within(
        &self,
        who: Principal,
        question: &Question,
        now: Timestamp,
    ) -> Explanation {
        self.explain_as(who, self.local_subject(who, now), question)
    }

    /// The same with who asks already known; none if nobody who can.
    pub(crate) fn explain_as<'a>(
        &'a self,
        who: Principal,
        subject: Option<Subject<'a>>,
        question: &Question,
    ) -> Explanation {
        let mut record = Record::default();
        let verdict = self.judge_as(who, subject, question, &mut record);
        let Record { scopes, grants, denies, locks } = record;
        Explanation {
            who,
            question: question.clone(),
            principal: self.principal(who),
            groups: self.groups_of(who),
            home: self.home(&question.scope),
            scopes,
            grants,
            denies,
            locks,
            verdict,
        }
    }
}
