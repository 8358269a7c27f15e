//! Grants and denies under conditions: what is known of a question, and whether one counts for it.
//!
//! A grant's condition has to be certainly so, and a deny's must not be certainly otherwise. Of a role
//! assignment that is written or deleted, the role, the principal and its type are known; of other
//! attributes nothing is, so that a grant which depends on one counts for nobody
//! (<https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes>).

use std::sync::Arc;

use condition::{
    attribute::{Attribute, Source},
    condition::Condition,
    facts::{Facts, Known},
    truth::Truth,
    value::Value,
};
use model::{
    action::Action,
    question::{Assigned, Plane, Question, Via},
    role::{Permission, PrincipalType},
};
use serde::{Deserialize, Serialize};

pub(crate) const ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";

/// The condition of a grant or a deny: its text, read once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(crate) struct Terms(Arc<Read>);

#[derive(Debug)]
struct Read {
    text: String,
    /// None where nobody can read it: it holds for no grant then, and for every deny.
    condition: Option<Condition>,
}

impl Terms {
    pub(crate) fn new(text: &str) -> Self {
        text.to_owned().into()
    }

    pub(crate) fn is_readable(&self) -> bool {
        self.0.condition.is_some()
    }

    /// Whether a grant under it counts for the question. Before it is known what is assigned, it
    /// does unless it cannot count for anything: who was let in is asked again.
    pub(crate) fn admit(&self, question: &Question) -> bool {
        match self.truth(&question.action, question.via) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown => self.is_readable() && question.via == Via::AssigningSome,
        }
    }

    /// Whether a deny assignment under it stands against what is asked: unless it is certainly not so.
    /// Before it is known what is assigned, it does only if that changes nothing: who was let in is
    /// asked again.
    pub(crate) fn bar(&self, question: &Question) -> bool {
        match self.truth(&question.action, question.via) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown => !self.is_readable() || question.via != Via::AssigningSome,
        }
    }

    /// Whether it lets a subscription be read.
    pub(crate) fn admit_reading(&self) -> bool {
        self.truth(&Action::SUBSCRIPTIONS_READ, Via::Any) == Truth::True
    }

    fn truth(&self, action: &Action, via: Via) -> Truth {
        let condition = self.0.condition.as_ref();
        condition.map_or(Truth::Unknown, |it| it.truth(&facts(action, via)))
    }
}

impl From<String> for Terms {
    fn from(text: String) -> Self {
        let condition = Condition::parse(&text).ok();
        Self(Arc::new(Read { text, condition }))
    }
}

impl From<Terms> for String {
    fn from(terms: Terms) -> Self {
        terms.0.text.clone()
    }
}

/// Two are one if their texts are.
impl PartialEq for Terms {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for Terms {}

impl PartialOrd for Terms {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Terms {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.text.cmp(&other.0.text)
    }
}

/// What is known of what is asked.
fn facts(action: &Action, via: Via) -> Facts<'_> {
    let facts = Facts::new(action.as_str());
    let facts = match via.plane() {
        // In which way data is reached, nobody has said.
        Plane::Data => facts,
        Plane::Control | Plane::Directory | Plane::Activation(_) => facts.done_by(Known::Absent),
    };
    if let Via::Assigning(assigned) = via { assigning(facts, action, assigned) } else { facts }
}

/// What is written stands in the request, what is deleted is the resource.
fn assigning<'a>(facts: Facts<'a>, action: &Action, assigned: Assigned) -> Facts<'a> {
    let source = if *action == Action::ROLE_ASSIGNMENTS_WRITE {
        Source::Request
    } else if *action == Action::ROLE_ASSIGNMENTS_DELETE {
        Source::Resource
    } else {
        return facts;
    };
    let known = [
        ("RoleDefinitionId", Some(Value::Guid(assigned.role.raw()))),
        ("PrincipalId", assigned.principal.map(|it| Value::Guid(it.raw()))),
        ("PrincipalType", assigned.kind.map(|it| Value::Text(type_name(it).to_owned()))),
    ];
    known.into_iter().fold(facts, |facts, (name, value)| {
        let known = value.map_or(Known::Unknown, |it| Known::Is(vec![it]));
        facts.with(Attribute::new(source, ASSIGNMENTS, name), known)
    })
}

fn type_name(kind: PrincipalType) -> &'static str {
    match kind {
        PrincipalType::User => "User",
        PrincipalType::Group => "Group",
        PrincipalType::ServicePrincipal => "ServicePrincipal",
        PrincipalType::ForeignGroup => "ForeignGroup",
    }
}

/// A permission object of a grant, with all that it depends on; none where that cannot be read.
pub(crate) fn shown_under(
    grant: Option<&Terms>,
    permission: &Permission,
    own: Option<&Terms>,
) -> Option<Permission> {
    if !grant.into_iter().chain(own).all(Terms::is_readable) {
        return None;
    }
    let Some(grant) = grant else { return Some(permission.clone()) };
    let text = match own {
        Some(own) => format!("({}) AND ({})", grant.0.text, own.0.text),
        None => grant.0.text.clone(),
    };
    let condition_version = Some("2.0".to_owned());
    Some(Permission { condition: Some(text), condition_version, ..permission.clone() })
}
