//! Whether somebody may be told whether somebody may, and then whether they may. Pure: facts in,
//! answer out.

use access::index::{Index, PrincipalFacts, PrincipalKind};
use ids::{guid::Principal, scope::Scope};
use jiff::Timestamp;
use model::{
    action::Action,
    question::{Question, Via},
};

use super::language::Ways;

/// What it takes at a place to ask about others there. Whoever reads all that is there may ask;
/// an enforcement point may have a role that holds nothing else. It is a read, since an answer
/// changes nothing, and a place that is locked is still to be guarded.
pub const DECISIONS_READ: Action = Action::known("Fyr.Access/decisions/read");

/// What asks for something: people and applications. Nobody signs in as a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    User,
    ServicePrincipal,
}

/// Whom a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// None where there can be nobody of that name.
    pub(crate) who: Option<Principal>,
    /// What it is said to be; none where nothing is called so that asks.
    pub(crate) kind: Option<Kind>,
    /// Whether it is of the caller's own tenant.
    pub(crate) is_own: bool,
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// The caller may not ask that.
    NoLeave,
}

/// The facts of a moment, and who asks.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) index: &'a Index,
    pub(crate) caller: Principal,
    pub(crate) now: Timestamp,
}

impl Kind {
    /// The kind of that name, letters without regard to case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::User, Self::ServicePrincipal]
            .into_iter()
            .find(|it| it.as_str().eq_ignore_ascii_case(text))
    }

    /// What it is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::ServicePrincipal => "servicePrincipal",
        }
    }

    fn of(facts: PrincipalFacts) -> Option<Self> {
        match facts.kind {
            PrincipalKind::User | PrincipalKind::Guest { .. } => Some(Self::User),
            PrincipalKind::Application | PrincipalKind::ManagedIdentity => {
                Some(Self::ServicePrincipal)
            }
            PrincipalKind::Group(_) => None,
        }
    }
}

/// The leave to ask about others at a place. Where they are of the caller's own tenant, a
/// delegation gives it, too; about another's people, the customer's among them, no delegate asks.
pub(crate) fn leave(scope: &Scope, is_own: bool) -> Question {
    let via = if is_own { Via::Any } else { Via::Direct };
    Question { action: DECISIONS_READ, scope: scope.clone(), via }
}

impl Facts<'_> {
    /// The answer to a question that is asked at a place. Whether the caller may ask comes first,
    /// and depends on nothing of whom it is about but whose they are.
    pub(crate) fn answer(
        self,
        subject: Subject,
        at: Option<&Scope>,
        ways: Option<&Ways>,
    ) -> Answer {
        // At no place that there can be, everything is refused to everybody.
        let Some(at) = at else { return Answer::No };
        if !self.has_leave(subject, at) {
            return Answer::NoLeave;
        }
        let is_allowed = ways.is_some_and(|ways| self.is_allowed(subject, ways));
        if is_allowed { Answer::Yes } else { Answer::No }
    }

    /// Whether the caller may ask about that one there. About oneself everybody may.
    pub(crate) fn has_leave(self, subject: Subject, at: &Scope) -> bool {
        let about_others = || self.may(self.caller, &leave(at, subject.is_own));
        subject.who == Some(self.caller) || about_others()
    }

    /// Whether the subject is what it is said to be, and may.
    pub(crate) fn is_allowed(self, subject: Subject, ways: &Ways) -> bool {
        let Some(who) = subject.who.filter(|it| self.is_a(*it, subject.kind)) else {
            return false;
        };
        ways.iter().any(|way| way.iter().all(|it| self.may(who, it)))
    }

    /// The question that says most of why: the first that is refused of the first way, or the first
    /// of the way that is open.
    pub(crate) fn telling(self, who: Principal, ways: &Ways) -> Option<&Question> {
        let open = ways.iter().find(|way| way.iter().all(|it| self.may(who, it)));
        let refused = || ways.first()?.iter().find(|it| !self.may(who, it));
        open.map_or_else(refused, |way| way.first())
    }

    /// Whether the principal is of that kind.
    pub(crate) fn is_a(self, who: Principal, kind: Option<Kind>) -> bool {
        let known = self.index.principal(who).and_then(Kind::of);
        kind.is_some() && known == kind
    }

    pub(crate) fn may(self, who: Principal, question: &Question) -> bool {
        self.index.check(who, question, self.now).is_allowed()
    }
}
